from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import plaintext2html


class DcrmSegmentStay(models.Model):
    """A customer's stay in a segment: when it entered, when it left."""

    _name = "dcrm.segment.stay"
    _inherit = "dcrm.treatment.mixin"
    _description = "Stay in a Segment"
    _order = "entered_on desc, id desc"
    _rec_name = "segment_id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    segment_id = fields.Many2one(
        "dcrm.segment", required=True, readonly=True, index=True, ondelete="cascade"
    )
    segment_color = fields.Integer(
        related="segment_id.color", string="Segment Color", aggregator=None
    )
    entered_on = fields.Date(required=True, readonly=True)
    left_on = fields.Date(readonly=True, help="Empty: the customer is still there")

    _customer_idx = models.Index("(partner_id, company_id)")
    # As the host asks for it: of a mere "treatment_due" the planner could not tell.
    _due_idx = models.Index(
        "(company_id) WHERE treatment_due IS TRUE AND left_on IS NULL"
    )

    def action_open_partner(self):
        """Return the action that opens the customer."""
        self.ensure_one()
        return self.partner_id.get_formview_action()

    @api.model
    def _domain_called(self, company):
        return Domain("segment_id.activity_type_id.active", "=", True)

    @api.model
    def _domain_doable(self, colleague):
        stand_in = Domain("segment_id.activity_user_id", "any", colleague)
        return super()._domain_doable(colleague) | stand_in

    def _activity_type(self):
        return self.segment_id.activity_type_id

    def _activity_stand_in(self):
        return self.segment_id.activity_user_id

    def _activity_words(self):
        segment = self.segment_id
        return segment.name, plaintext2html(segment.treatment or "")

    @api.model
    def _untreated_words(self, count):
        return self.env._(
            "%s customers have no salesperson to do what their segment asks for.", count
        )
