from odoo import fields, models

from .dcrm_points_account import POINTS


class DcrmPointsLot(models.Model):
    """What is left of the points that one credit brought.

    Made by the database with the credit (``queries.points_ledger``). Debits use the lot
    that expires first.
    """

    _name = "dcrm.points.lot"
    _description = "Points Lot"
    _order = "expires_on, id"
    _rec_name = "move_id"

    move_id = fields.Many2one(
        "dcrm.points.move",
        "Credit",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    account_id = fields.Many2one(
        "dcrm.points.account", required=True, readonly=True, ondelete="restrict"
    )
    card_id = fields.Many2one(related="move_id.card_id")
    club_id = fields.Many2one(related="move_id.club_id")
    company_id = fields.Many2one(related="move_id.company_id")
    partner_id = fields.Many2one(related="account_id.partner_id", string="Customer")
    points = fields.Float(digits=POINTS, readonly=True, default=0.0)
    remaining = fields.Float(digits=POINTS, readonly=True, default=0.0)
    expires_on = fields.Date(
        readonly=True, help="The last day of the points; empty: they do not expire"
    )
    use_ids = fields.One2many("dcrm.points.use", "lot_id", readonly=True)

    _unique_move = models.Constraint("UNIQUE(move_id)", "A credit has its lot already.")
    _used_once = models.Constraint(
        "CHECK (remaining BETWEEN 0 AND points)",
        "Points of a lot are used once.",
    )
    _open_idx = models.Index("(account_id, expires_on) WHERE remaining > 0")
    _expiry_idx = models.Index("(expires_on, account_id) WHERE remaining > 0")
