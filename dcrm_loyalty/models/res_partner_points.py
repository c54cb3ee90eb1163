from odoo import api, models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    """Customers have points; those of their contacts are theirs."""

    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint({"parent_id", "is_company"}):
            self.sudo()._bring_points()
        return result

    def _bring_points(self):
        """Bring the points of who is no customer any more to the customer it is of."""
        accounts = self.env["dcrm.points.account"].search(
            [("partner_id", "in", self.ids)]
        )
        for account in accounts:
            partner = account.partner_id
            if partner.commercial_partner_id != partner:
                account._give_to(
                    partner.commercial_partner_id,
                    self.env._("%s became a contact of another customer", partner.name),
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_points(self):
        """What a customer's points were and are is kept as long as the customer."""
        accounts = self.env["dcrm.points.account"].sudo()
        kept = accounts._read_group([("partner_id", "in", self.ids)], ["partner_id"])
        if kept:
            raise UserError(
                self.env._(
                    "Customers who have points of a club can be archived, not deleted: "
                    "%s.",
                    ", ".join(partner.display_name for [partner] in kept),
                )
            )
