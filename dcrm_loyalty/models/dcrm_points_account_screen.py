from odoo import api, fields, models
from odoo.fields import Domain

from ..queries import points_report
from .dcrm_points_account import POINTS


class DcrmPointsAccount(models.Model):
    """What the screens of an account show, and what their buttons do."""

    _inherit = "dcrm.points.account"

    tier_id = fields.Many2one(
        "dcrm.club.tier",
        compute="_compute_tier_id",
        search="_search_tier_id",
        compute_sudo=True,
        help="The tier in the club on which the customer stands now",
    )
    next_expiry = fields.Date(
        compute="_compute_next_expiry",
        compute_sudo=True,
        help="The last day of those points that expire first",
    )
    next_expiring = fields.Float(
        "Points to Expire Next",
        digits=POINTS,
        compute="_compute_next_expiry",
        compute_sudo=True,
    )
    open_lot_ids = fields.One2many(
        "dcrm.points.lot",
        "account_id",
        "Points Left",
        domain=[("remaining", ">", 0)],
        readonly=True,
    )

    @api.depends("partner_id", "club_id")
    def _compute_tier_id(self):
        found = {
            (partner, club): tier
            for partner, club, tier in self.env["dcrm.membership"]._read_group(
                [
                    ("partner_id", "in", self.partner_id.ids),
                    ("club_id", "in", self.club_id.ids),
                    ("state", "=", "active"),
                ],
                ["partner_id", "club_id", "tier_id"],
            )
        }
        none = self.env["dcrm.club.tier"]
        for account in self:
            account.tier_id = found.get((account.partner_id, account.club_id), none)

    def _search_tier_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.custom(
            to_sql=lambda model, alias, query: points_report.is_one_of(
                model._field_to_sql(alias, "tier_id", query), value
            )
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr != "tier_id":
            return super()._field_to_sql(alias, field_expr, query)
        if query is None:
            return points_report.tier_of(alias)
        membership = query.make_alias(alias, "membership")
        query.add_join(
            "LEFT JOIN",
            membership,
            "dcrm_membership",
            points_report.is_member(membership, alias),
        )
        return points_report.tier_in(membership)

    @api.depends("lot_ids.remaining")
    def _compute_next_expiry(self):
        days = {}
        for account, day, points in self.env["dcrm.points.lot"]._read_group(
            [
                ("account_id", "in", self.ids),
                ("remaining", ">", 0),
                ("expires_on", "!=", False),
            ],
            ["account_id", "expires_on:day"],
            ["remaining:sum"],
            order="expires_on:day",
        ):
            days.setdefault(account.id, (day, points))
        for account in self:
            day, points = days.get(account.id, (False, 0.0))
            account.next_expiry, account.next_expiring = day, points

    def action_open_moves(self):
        """Return the action that lists the moves of these accounts."""
        return self._action_of("dcrm_points_move_action")

    def action_open_card(self):
        """Return the action that shows the host's card of the account."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "loyalty.card",
            "res_id": self.card_id.id,
            "views": [(False, "form")],
        }

    def _action_of(self, xml_id):
        action = self.env["ir.actions.act_window"]._for_xml_id(f"dcrm_loyalty.{xml_id}")
        return {
            **action,
            "domain": [("account_id", "in", self.ids)],
            "context": {"create": False},
        }
