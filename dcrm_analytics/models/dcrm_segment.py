from odoo import api, fields, models
from odoo.exceptions import UserError


class DcrmSegment(models.Model):
    """A named part of the RFM cube: who these customers are, what to do with them."""

    _name = "dcrm.segment"
    _description = "Customer Segment"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(copy=False, help="Stable name for data files and integrations")
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    company_id = fields.Many2one(
        "res.company", ondelete="cascade", help="Empty: shared by all companies"
    )
    meaning = fields.Text(translate=True, help="Who is in this segment")
    treatment = fields.Text(translate=True, help="What is recommended to do")
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        "Activity on Entry",
        ondelete="set null",
        domain="[('res_model', 'in', (False, 'res.partner'))]",
        help="Each customer that enters the segment from now on gets one activity of "
        "this type for their salesperson, with the treatment as its note. Empty: none.",
    )
    activity_user_id = fields.Many2one(
        "res.users",
        "Activity For",
        ondelete="set null",
        help="Who does the activity where the customer has no salesperson",
    )
    cell_ids = fields.One2many("dcrm.segment.cell", "segment_id")
    customer_count = fields.Integer(compute="_compute_customer_count")

    _unique_code = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))",
        "There is a segment of this code already.",
    )

    def write(self, vals):
        if not vals.get("active", True):
            self._refuse_used()
        return super().write(vals)

    @api.constrains("company_id")
    def _check_company_of_cells(self):
        self.sudo().cell_ids._check_segment_company()

    @api.depends_context("company", "uid")
    def _compute_customer_count(self):
        counts = dict(
            self.env["dcrm.customer.score"]._read_group(
                [
                    ("segment_id", "in", self.ids),
                    ("company_id", "=", self.env.company.id),
                ],
                ["segment_id"],
                ["__count"],
            )
        )
        for segment in self:
            segment.customer_count = counts.get(segment, 0)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._refuse_used()

    def _refuse_used(self):
        """Raise UserError if a scheme, of whatever company, uses the segments."""
        cells = self.env["dcrm.segment.cell"].sudo()
        for segment, schemes in cells._read_group(
            [("segment_id", "in", self.ids)], ["segment_id"], ["scheme_id:recordset"]
        ):
            raise UserError(
                self.env._(
                    "Segment %(segment)s has cells in the grid of %(schemes)s: give "
                    "them to another segment first.",
                    segment=segment.name,
                    schemes=", ".join(schemes.mapped("name")),
                )
            )
