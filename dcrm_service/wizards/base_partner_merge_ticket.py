from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Give the tickets of merged contacts to the customer that they are now.

        The host moves ids, no more: whose ticket it is may be a contact afterwards, and
        its deadlines those of somebody else's service level.
        """
        partners = self.env["res.partner"].browse(partner_ids).exists()
        tickets = self.env["dcrm.ticket"].sudo().with_context(active_test=False)
        held = tickets.search(
            [
                "|",
                ("partner_id", "in", partners.ids),
                ("commercial_partner_id", "in", partners.ids),
            ]
        )
        of = {
            ticket.id: {ticket.partner_id.id, ticket.commercial_partner_id.id}
            for ticket in held
        }
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        left = partners.exists()
        gone = set((partners - left).ids)
        if gone and len(left) == 1:
            held.invalidate_recordset()
            moved = held.filtered(lambda ticket: of[ticket.id] & gone)
            moved.commercial_partner_id = left.commercial_partner_id
        return result
