from odoo import api, fields, models
from odoo.exceptions import UserError

from .dcrm_points_deferral import SEES


class AccountMove(models.Model):
    """From an entry, or an invoice, to the points whose revenue it defers."""

    _inherit = "account.move"

    points_period_ids = fields.One2many(
        "dcrm.points.deferral.period", "entry_id", "Closings of Points", groups=SEES
    )
    points_grant_ids = fields.One2many(
        "dcrm.points.deferral.line", "invoice_id", "Points Granted", groups=SEES
    )
    deferred_points_count = fields.Integer(
        compute="_compute_deferred_points_count", groups=SEES
    )

    @api.depends("points_period_ids", "points_grant_ids")
    def _compute_deferred_points_count(self):
        for move in self:
            move.deferred_points_count = len(move._deferred_points())

    def _deferred_points(self):
        """Return the cohorts of points that an entry or an invoice is about."""
        return self.points_period_ids.deferral_id | self.points_grant_ids.deferral_id

    @api.ondelete(at_uninstall=False)
    def _unlink_except_deferred_points(self):
        for move in self.sudo():
            if move._deferred_points():
                raise UserError(
                    self.env._(
                        "%s is part of a closing of points and stays, so that what "
                        "was posted can be told.",
                        move.display_name,
                    )
                )

    def button_draft(self):
        if closings := self.sudo().filtered("points_period_ids"):
            raise UserError(
                self.env._(
                    "%s closes points: the next closing posts what has changed since, "
                    "and the entry stays.",
                    ", ".join(closings.mapped("display_name")),
                )
            )
        return super().button_draft()

    def action_open_deferred_points(self):
        """Return the action that opens the points of this entry or invoice.

        Of an entry it lists the invoices that it defers, too.
        """
        self.ensure_one()
        cohorts = self._deferred_points()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dcrm_loyalty.dcrm_points_deferral_action"
        )
        action |= {"context": {}, "domain": [("id", "in", cohorts.ids)]}
        if len(cohorts) == 1:
            action |= {"view_mode": "form", "res_id": cohorts.id, "views": None}
            action["views"] = [(False, "form")]
        return action
