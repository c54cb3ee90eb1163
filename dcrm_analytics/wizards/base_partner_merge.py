from odoo import models

from ..queries import purchase_customer


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
