from odoo import api, fields, models

from .dcrm_points_account import POINTS


class DcrmClub(models.Model):
    """What the screens of a club show of its points."""

    _inherit = "dcrm.club"

    keeps_points = fields.Boolean(
        compute="_compute_keeps_points",
        compute_sudo=True,
        help="Whether the ledger keeps the points of the club's program",
    )
    mails_statement = fields.Boolean(
        "Mail Statements Monthly",
        tracking=True,
        help="Members whose points moved get their statement in the first days of the "
        "next month",
    )
    points_account_count = fields.Integer(
        "Accounts of Points", compute="_compute_points_outstanding"
    )
    points_outstanding = fields.Float(
        digits=POINTS,
        compute="_compute_points_outstanding",
        help="What all members have together",
    )

    @api.depends("program_id")
    def _compute_keeps_points(self):
        for club in self:
            club.keeps_points = bool(club.program_id)

    @api.depends("account_ids.balance")
    @api.depends_context("uid")
    def _compute_points_outstanding(self):
        found = {
            club: (count, points)
            for club, count, points in self.env["dcrm.points.account"]._read_group(
                [("club_id", "in", self.ids), ("partner_id", "!=", False)],
                ["club_id"],
                ["__count", "balance:sum"],
            )
        }
        for club in self:
            count, points = found.get(club._origin, (0, 0.0))
            club.points_account_count, club.points_outstanding = count, points

    def action_open_points(self):
        """Return the action that lists who has points of these clubs."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dcrm_loyalty.dcrm_points_account_action"
        )
        return {**action, "domain": [("club_id", "in", self.ids)]}
