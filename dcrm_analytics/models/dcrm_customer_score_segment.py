from odoo import api, fields, models
from odoo.fields import Domain

from ..queries import score_figure, segment_rule

CLASSES = ("recency_class", "frequency_class", "monetary_class")
ANALYST = "dcrm_analytics.group_dcrm_analyst"


class DcrmCustomerScore(models.Model):
    """Which segment a score is in: a rule's, else that of its cell in the grid.

    Where a company has rules, scoring leaves the segments as they are; they are decided
    once all that a rule may ask for is known, so that nobody passes through another.
    """

    _inherit = "dcrm.customer.score"

    segment_rule_id = fields.Many2one(
        "dcrm.segment.rule",
        "By Rule",
        readonly=True,
        ondelete="set null",
        groups=ANALYST,
        help="The rule that put the customer in this segment; empty: the grid did",
    )
    grid_segment_id = fields.Many2one(
        "dcrm.segment",
        "Segment by the Grid",
        compute="_compute_grid_segment_id",
        search="_search_grid_segment_id",
        help="The segment of the score's cell, whatever rules say",
    )

    @api.depends("scheme_id", *CLASSES)
    def _compute_grid_segment_id(self):
        cells = self.env["dcrm.segment.cell"].sudo()
        found = cells.search([("scheme_id", "in", self.scheme_id.ids)])
        segments = {
            (cell.scheme_id, *cell._coordinates().values()): cell.segment_id
            for cell in found
        }
        for score in self:
            key = (score.scheme_id, *(score[name] for name in CLASSES))
            score.grid_segment_id = segments.get(key)

    def _search_grid_segment_id(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        if operator in ("any", "any!"):
            domain = value if isinstance(value, Domain) else Domain("id", "in", value)
        elif operator == "in":
            domain = Domain("id", "in", [each for each in value if each])
        else:
            domain = Domain("name", operator, value)
        segments = self.env["dcrm.segment"].sudo().with_context(active_test=False)
        subselect = segments._search(domain).subselect()
        return Domain.custom(
            to_sql=lambda model, alias, query: segment_rule.in_grid_segment(
                alias, subselect
            )
        )

    @api.model
    def _settle(self, company):
        """Put a company's customers in the segments that its rules give them.

        :return: dict of counts ``ruled`` (customers in a segment by a rule) and
            ``entered`` (a segment); empty where no rule decides
        """
        rules = self.env["dcrm.segment.rule"]
        if not rules._is_due(company):
            return {}
        cuts = self.env["dcrm.rfm.cut"].search(
            [("company_id", "=", company.id), ("current", "=", True)]
        )
        if not cuts:
            return {}
        self.env.flush_all()
        self.env["dcrm.purchase.source"]._claim(company)
        # Also after midnight, it is of the day of the scores.
        day = max(cuts.mapped("renewed_on"))
        rules = rules._of_company(company)
        errors = rules._match(company, rules._clauses())
        self.env.cr.execute(score_figure.begin())
        [[ruled]] = self.env.execute_query(segment_rule.settle(company.id, day))
        entered = self.env["dcrm.segment.stay"]._move(company, day)
        cuts.segments_due = False
        self.env.invalidate_all()
        rules._note_errors(errors)
        return {"ruled": ruled, "entered": entered}
