from odoo import fields, models

from .dcrm_points_account import POINTS

SELLER = "dcrm_analytics.group_dcrm_seller"
TEMPLATE = "dcrm_loyalty.mail_template_points_statement"


class LoyaltyCard(models.Model):
    """What the screens of a card show of the ledger behind it."""

    _inherit = "loyalty.card"

    points_kept = fields.Boolean(
        compute="_compute_points_kept",
        compute_sudo=True,
        help="Whether a club's ledger keeps the points of the card",
    )
    points_pending = fields.Float(
        "Pending",
        digits=POINTS,
        compute="_compute_points_state",
        compute_sudo=True,
        help="Earned, and not to be used before the goods can no longer come back",
    )
    points_debt = fields.Float(
        "Owed",
        digits=POINTS,
        compute="_compute_points_state",
        compute_sudo=True,
        help="Points that were spent and then taken back: later earnings work them off",
    )
    points_move_ids = fields.One2many(
        "dcrm.points.move", "card_id", "Moves", readonly=True, groups=SELLER
    )
    points_lot_ids = fields.One2many(
        "dcrm.points.lot",
        compute="_compute_points_lot_ids",
        string="Points Left",
        groups=SELLER,
    )

    def _compute_points_kept(self):
        for card in self:
            card.points_kept = bool(card.points_account_ids)

    def _compute_points_state(self):
        for card in self:
            account = card.points_account_ids
            card.points_pending = account.pending
            card.points_debt = account.debt

    def _compute_points_lot_ids(self):
        for card in self:
            card.points_lot_ids = card.points_account_id.open_lot_ids

    def _get_default_template(self):
        """Send the statement of a card whose points are kept, and not the host's."""
        if self.points_kept:
            template = self.env.ref(TEMPLATE, raise_if_not_found=False)
            if template:
                return template
        return super()._get_default_template()

    def action_open_points_account(self):
        """Return the action that shows the account behind the card."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "dcrm.points.account",
            "res_id": self.points_account_id.id,
            "views": [(False, "form")],
        }

    # -- what the mail says ----------------------------------------------------------

    def _points_account(self):
        """Return the account behind the card, in the language that is written in."""
        self.ensure_one()
        return self.sudo().points_account_ids

    def _points_recipients(self):
        """Return the ids of who gets the statement, as text: the customer by its own
        address, else those of its contacts who have one."""
        customer = self._points_account().partner_id or self.partner_id
        if not customer.email:
            customer = customer.child_ids.filtered(
                lambda each: each.email and each.type == "contact"
            )
        return ",".join(map(str, customer.ids))
