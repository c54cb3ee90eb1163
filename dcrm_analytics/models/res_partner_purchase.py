from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..queries import purchase_customer


class ResPartner(models.Model):
    """Whose purchases they are: the commercial partner at the document's time."""

    _inherit = "res.partner"

    def action_reassign_purchases(self):
        """Move the contacts' purchases to the commercial partner they have now.

        A purchase stays with the company that its contact belonged to at the time; this
        is how to say that it belongs to the present one. Told in both their chatters.

        :raise AccessError: only analysts may
        """
        if not (
            self.env.su or self.env.user.has_group("dcrm_analytics.group_dcrm_analyst")
        ):
            raise AccessError(self.env._("Only analysts may reassign purchases."))
        self.check_access("write")
        self.env.flush_all()
        moves = self.env.execute_query(
            purchase_customer.reassign(self.ids, self.env.companies.ids)
        )
        self.env["dcrm.purchase"].invalidate_model()
        for contact_id, before_id, after_id, count in moves:
            contact, before, after = self.browse([contact_id, before_id, after_id])
            (before | after)._log_purchases(
                self.env._(
                    "%(count)s purchases of %(contact)s moved from %(before)s to "
                    "%(after)s.",
                    count=count,
                    contact=contact.display_name,
                    before=before.sudo().display_name,
                    after=after.sudo().display_name,
                )
            )

    def _give_purchases(self, purchase_ids, names):
        """Take over the purchases of partners that were merged into this contact."""
        self.ensure_one()
        self.env.flush_all()
        customer = self.commercial_partner_id
        self.env.cr.execute(purchase_customer.give(purchase_ids, customer.id))
        self.env["dcrm.purchase"].invalidate_model()
        customer._log_purchases(
            self.env._(
                "%(count)s purchases taken over from %(names)s by a merge.",
                count=len(purchase_ids),
                names=names,
            )
        )

    def _log_purchases(self, sentence):
        for partner in self.sudo():
            partner.message_post(body=sentence)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_imported_purchases(self):
        """Imported history is nowhere else: it is not deleted along with a customer."""
        kept = (
            self.env["dcrm.purchase"]
            .sudo()
            ._read_group(
                [("partner_id", "in", self.ids), ("source", "=", "import")],
                ["partner_id"],
            )
        )
        if kept:
            raise UserError(
                self.env._(
                    "Customers with imported purchases can be archived, not deleted: "
                    "%s.",
                    ", ".join(partner.display_name for [partner] in kept),
                )
            )
