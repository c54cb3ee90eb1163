from odoo import api, models

from ..queries import purchase_customer, segment_stay, service_level


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Give what the merged contacts bought to the customer that they are now.

        The host moves the ids of the merged contacts, no more: a purchase of a contact
        of one company would stay there though the contact is now another company's.
        """
        partners = self.env["res.partner"].browse(partner_ids).exists()
        names = {partner.id: partner.display_name for partner in partners}
        self.env.flush_all()
        held = self.env.execute_query(purchase_customer.held_by(partners.ids))
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        left = partners.exists()
        gone = partners - left
        if len(left) == 1 and gone:
            taken = [
                purchase_id
                for purchase_id, partner_id, contact_id in held
                if partner_id in gone.ids or contact_id in gone.ids
            ]
            if taken:
                names = ", ".join(names[partner.id] for partner in gone)
                left._give_purchases(taken, names)
        return result

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Leave one level of an origin and company, and one open stay in a segment: the
        host would lose all of the former and keep all of the latter.

        Whoever has another level by what was merged is told so; scores are refreshed
        afterwards and tell by themselves.
        """
        Override = self.env["dcrm.service.level.override"].sudo()
        merged = [("partner_id", "in", src_partners.ids)]
        companies = Override.search(merged).company_id
        companies |= self.env["dcrm.customer.score"].sudo().search(merged).company_id
        before = {
            company: Override._levels(company, dst_partner.ids) for company in companies
        }
        self.env.flush_all()
        self.env.cr.execute(service_level.merge(src_partners.ids, dst_partner.id))
        Override.invalidate_model()
        result = super()._update_foreign_keys(src_partners, dst_partner)
        for company, levels in before.items():
            Override._announce_since(company, levels)
            today = company._customer_scoring_today()
            self.env.cr.execute(segment_stay.merge(dst_partner.id, company.id, today))
        self.env["dcrm.segment.stay"].invalidate_model()
        return result
