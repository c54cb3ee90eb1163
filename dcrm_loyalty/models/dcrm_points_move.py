from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import clean_context

from ..queries import points as queries
from .dcrm_points_account import POINTS

KINDS = [
    ("opening", "Opening"),
    ("earn", "Earned"),
    ("pending", "Pending"),
    ("release", "Released"),
    ("redeem", "Redeemed"),
    ("expire", "Expired"),
    ("reverse", "Reversed"),
    ("adjust", "Adjusted"),
    ("transfer", "Transferred"),
    ("import", "Imported"),
]


class DcrmPointsMove(models.Model):
    """A movement of points on an account. Moves are only ever added.

    Written by ``dcrm.points.account._post`` alone; the database refuses to change or
    to delete one (``queries.points_ledger``).
    """

    _name = "dcrm.points.move"
    _description = "Points Move"
    _order = "id desc"
    _rec_name = "reference"

    account_id = fields.Many2one(
        "dcrm.points.account", required=True, readonly=True, ondelete="restrict"
    )
    card_id = fields.Many2one(
        "loyalty.card", required=True, readonly=True, index=True, ondelete="restrict"
    )
    club_id = fields.Many2one(
        "dcrm.club", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(related="account_id.partner_id", string="Customer")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    date = fields.Datetime(
        required=True, readonly=True, default=lambda self: fields.Datetime.now()
    )
    day = fields.Date(
        required=True, readonly=True, help="The day in the company's time zone"
    )
    points = fields.Float(
        digits=POINTS,
        readonly=True,
        required=True,
        help="By how much the balance moves",
    )
    pending = fields.Float(
        digits=POINTS,
        readonly=True,
        default=0.0,
        required=True,
        help="By how much the pending points move",
    )
    available_on = fields.Date(
        readonly=True, help="The day from which pending points can be used"
    )
    expires_on = fields.Date(
        readonly=True, help="The last day of the points; empty: they do not expire"
    )
    origin_id = fields.Many2one(
        "dcrm.points.move",
        "Of Move",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The move that this one releases, reverses or continues",
    )
    lot_id = fields.Many2one(
        "dcrm.points.lot",
        "Of Lot",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The lot whose points these were before",
    )
    use_ids = fields.One2many("dcrm.points.use", "debit_id", readonly=True)
    res_model = fields.Char("Document Model", readonly=True)
    res_id = fields.Many2oneReference(
        "Document", model_field="res_model", readonly=True
    )
    reference = fields.Char(readonly=True, help="The document, as it was called then")
    reason = fields.Char(readonly=True)
    create_uid = fields.Many2one("res.users", "By", ondelete="restrict")

    _account_idx = models.Index("(account_id, id)")
    _report_idx = models.Index("(company_id, day)")
    _document_idx = models.Index("(res_model, res_id) WHERE res_id IS NOT NULL")
    _sane = models.Constraint(
        "CHECK (abs(points) < 1e10 AND abs(pending) < 1e10"
        " AND points = round(points, 4) AND pending = round(pending, 4))",
        "Points are a number of four digits, below ten thousand million.",
    )
    _moves = models.Constraint(
        "CHECK (points <> 0 OR pending <> 0)", "A move moves some points."
    )

    @api.model_create_multi
    def create(self, vals_list):
        # What a move says comes from who posts it: no default of whoever asks.
        moves = self.with_env(self.env(context=clean_context(self.env.context)))
        return super(DcrmPointsMove, moves).create(vals_list)

    def write(self, vals):
        self._refuse()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        self._refuse()

    def _refuse(self):
        """Raise UserError: the database would do so in English."""
        if self:
            raise UserError(
                self.env._(
                    "Moves of points are never changed or deleted: reverse them by "
                    "another move."
                )
            )

    @api.model
    def _of_documents(self, documents):
        """Return what the ledger holds of documents, account by account.

        :return: ``{(document id, account id): [(move id, issuing, points, pending)]}``,
            the youngest move first; what has been reversed is not in the numbers
        """
        found = {}
        if documents:
            self.env.flush_all()
            for res_id, account_id, *holds in self.env.execute_query(
                queries.moves_of_document(documents._name, documents.ids)
            ):
                found.setdefault((res_id, account_id), []).append(holds)
        return found
