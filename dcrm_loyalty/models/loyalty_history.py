from odoo import api, models
from odoo.exceptions import UserError

from .points_context import HELD


class LoyaltyHistory(models.Model):
    """The host's history, which for the cards of clubs the moves of points replace.

    What the host writes of a document or a wizard is passed over there; rows of before
    stay as they are.
    """

    _inherit = "loyalty.history"

    @api.model_create_multi
    def create(self, vals_list):
        kept = self.env["loyalty.card"].browse(
            {vals["card_id"] for vals in vals_list if vals.get("card_id")}
        )
        kept = kept.sudo().filtered("points_account_ids")
        if not kept:
            return super().create(vals_list)
        self._refuse(kept)
        return super().create(
            [vals for vals in vals_list if vals.get("card_id") not in kept.ids]
        )

    def write(self, vals):
        if kept := self._kept():
            self._refuse(kept.card_id)
        if rest := self - kept:
            super(LoyaltyHistory, rest).write(vals)
        return True

    def unlink(self):
        if kept := self._kept():
            self._refuse(kept.card_id)
        return super(LoyaltyHistory, self - kept).unlink()

    def _kept(self):
        """Return the rows of cards whose points a ledger keeps."""
        return self.filtered(lambda row: row.sudo().card_id.points_account_ids)

    def _refuse(self, cards):
        """Raise UserError unless the host writes what the ledger tells better."""
        context = self.env.context
        if context.get("dcrm_points") is HELD or context.get("dcrm_points_reason"):
            return
        raise UserError(
            self.env._(
                "The history of card %s is the moves of its points, which nobody "
                "writes by hand.",
                cards[:1].code,
            )
        )
