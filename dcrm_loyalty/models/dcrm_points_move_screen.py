from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..queries import points_report

FLOW_OF = {kind: flow for flow, kinds in points_report.FLOWS.items() for kind in kinds}


class DcrmPointsMove(models.Model):
    """What the screens of a move show: to what it belongs, and why it was."""

    _inherit = "dcrm.points.move"

    flow = fields.Selection(
        [
            ("issued", "Issued"),
            ("used", "Used"),
            ("expired", "Expired"),
            ("reversed", "Reversed"),
            ("adjusted", "Adjusted"),
            ("pending", "Pending"),
        ],
        compute="_compute_flow",
        search="_search_flow",
        help="What the move does to the points of members; the sum of all is what is "
        "outstanding",
    )
    why = fields.Char(
        compute="_compute_why",
        help="The document that the points come from or went to, and the reason",
    )
    tier_id = fields.Many2one(
        related="account_id.tier_id",
        string="Tier Now",
        help="The tier on which the customer stands now",
    )
    user_id = fields.Many2one(related="account_id.user_id", string="Salesperson")
    credit_use_ids = fields.One2many(
        "dcrm.points.use",
        compute="_compute_credit_use_ids",
        string="Used By",
        help="Which debits took the points that this move brought",
    )
    has_document = fields.Boolean(compute="_compute_has_document")

    @api.depends("kind")
    def _compute_flow(self):
        for move in self:
            move.flow = FLOW_OF.get(move.kind)

    def _search_flow(self, operator, value):
        if operator != "in":
            return NotImplemented
        flows = points_report.FLOWS
        kinds = [kind for each in value for kind in flows.get(each, ())]
        return Domain("kind", "in", kinds)

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "flow":
            return points_report.flow(self._field_to_sql(alias, "kind", query))
        return super()._field_to_sql(alias, field_expr, query)

    @api.depends("kind", "reference", "reason", "origin_id.reference")
    def _compute_why(self):
        for move in self:
            document = move.reference or move.origin_id.reference
            # That points have expired, the kind says.
            reason = move.kind != "expire" and move.reason
            move.why = " · ".join(filter(None, (document, reason)))

    @api.depends("kind", "why", "day")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for move in self:
            what = move.why or format_date(self.env, move.day)
            move.display_name = f"{kinds.get(move.kind)}: {what}"

    def _compute_credit_use_ids(self):
        uses = self.env["dcrm.points.use"].search([("credit_id", "in", self.ids)])
        for move in self:
            move.credit_use_ids = uses.filtered(
                lambda use, credit=move: use.credit_id == credit
            )

    @api.depends("res_model", "res_id")
    @api.depends_context("uid")
    def _compute_has_document(self):
        documents = self._documents()
        for move in self:
            move.has_document = move in documents

    def _documents(self):
        """Return ``{move: document}`` of these moves, as far as the user may read it.

        Of a move that continues another it is the document of that one. Read in a
        number of queries that does not grow with the moves.
        """
        named = {}
        for move in self:
            root = move if move.res_id else move.origin_id
            if root.res_id and root.res_model in self.env:
                named[move] = (root.res_model, root.res_id)
        ids = defaultdict(set)
        for model, id_ in named.values():
            ids[model].add(id_)
        readable = {
            (model, record.id): record
            for model, these in ids.items()
            for record in self.env[model]
            .sudo(False)
            .browse(these)
            .exists()
            ._filtered_access("read")
        }
        return {
            move: readable[name] for move, name in named.items() if name in readable
        }

    def action_open_document(self):
        """Return the action that shows the document of a move.

        :raises UserError: where there is none that the user may read
        """
        self.ensure_one()
        document = self._documents().get(self)
        if not document:
            raise UserError(
                self.env._("There is no document of this move that you may open.")
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "views": [(False, "form")],
        }

    def _in_words(self):
        """Return what a move was, as a member reads it."""
        self.ensure_one()
        back = self.env._("Given back") if self.points > 0 else self.env._("Taken back")
        return {
            "opening": self.env._("Carried over"),
            "earn": self.env._("Earned"),
            "pending": self.env._("Earned, pending"),
            "release": self.env._("Available now"),
            "redeem": self.env._("Used"),
            "expire": self.env._("Expired"),
            "reverse": back,
            "adjust": self.env._("Adjusted"),
            "transfer": self.env._("Transferred"),
            "import": self.env._("Carried over"),
        }[self.kind]
