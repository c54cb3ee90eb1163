from odoo import api, models

from ..queries import profit


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Have the documents read again of who was merged, and of all below them."""
        partners = self.env["res.partner"].browse(partner_ids)
        family = partners.exists().sudo()._profit_family()
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        left = family.exists()
        if left:
            left._queue_profit(left)
        return result

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Add up what several of the merged have of one entry: the host would lose it.

        A row a document and customer stays, also for who is merged into a contact.
        """
        Profit = self.env["dcrm.customer.profit"]
        self.env.flush_all()
        self.env.cr.execute(
            profit.fold(
                src_partners.ids,
                dst_partner.id,
                Profit._profit_columns(),
                Profit._profit_documents(),
            )
        )
        Profit.invalidate_model()
        return super()._update_foreign_keys(src_partners, dst_partner)
