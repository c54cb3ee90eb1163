from odoo import fields, models

from ..queries import points_disagreement
from .dcrm_points_account import POINTS


class DcrmPointsDisagreement(models.Model):
    """Points that do not add up. Of what is here, find who wrote it past the ledger.

    Read from moves, lots, accounts and cards whenever it is opened; nothing is stored.
    """

    _name = "dcrm.points.disagreement"
    _description = "Points That Disagree"
    _auto = False
    _order = "since, id"
    _rec_name = "account_id"
    _depends = {
        "dcrm.points.account": ["balance", "pending", "debt", "card_id", "company_id"],
        "dcrm.points.move": ["points", "pending", "account_id"],
        "dcrm.points.lot": ["remaining", "account_id"],
        "dcrm.points.use": ["points", "debit_id"],
        "loyalty.card": ["points", "partner_id", "program_id"],
    }

    account_id = fields.Many2one("dcrm.points.account", readonly=True)
    club_id = fields.Many2one("dcrm.club", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    card_id = fields.Many2one("loyalty.card", readonly=True)
    what = fields.Selection(
        [
            ("balance", "Balance of the account"),
            ("pending", "Pending points"),
            ("debt", "Owed points"),
            ("lots", "Points left to be used"),
            ("card", "Points on the card"),
        ],
        "What Disagrees",
        readonly=True,
    )
    expected = fields.Float(
        "By the Moves", digits=POINTS, readonly=True, help="What the moves add up to"
    )
    found = fields.Float(digits=POINTS, readonly=True, help="What stands there")
    difference = fields.Float(
        digits=POINTS, readonly=True, help="What stands there less what the moves say"
    )
    since = fields.Date(
        readonly=True,
        help="The day of the first move not counted in; of what was never right "
        "that of the last move before it was written",
    )

    @property
    def _table_query(self):
        return points_disagreement.table(tuple(self.env.companies.ids))

    def action_open_account(self):
        """Return the action that shows the account with its moves, or the card."""
        self.ensure_one()
        record = self.account_id or self.card_id
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
