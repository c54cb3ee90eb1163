from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import is_html_empty

from ..models.inside import INSIDE


class DcrmTicketClose(models.TransientModel):
    """Answer and close what is part of a ticket at once, and the ticket with it."""

    _name = "dcrm.ticket.close"
    _inherit = ["dcrm.ticket.dialog"]
    _description = "Close with Parts"

    ticket_id = fields.Many2one(
        "dcrm.ticket",
        required=True,
        readonly=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    part_ids = fields.Many2many(
        "dcrm.ticket",
        string="Open Parts",
        compute="_compute_part_ids",
        store=True,
        readonly=False,
        domain="[('parent_id', '=', ticket_id), ('closed_at', '=', False)]",
    )
    answer = fields.Html(help="What each of the customers is told")
    closes_parts = fields.Boolean("Close the Parts", default=True)
    closes_ticket = fields.Boolean("Close the Ticket Itself", default=True)

    @api.depends("ticket_id")
    def _compute_part_ids(self):
        for wizard in self:
            wizard.part_ids = wizard.ticket_id.child_ids.filtered(
                lambda part: not part.closed_at
            )

    def action_apply(self):
        """Answer the customers of the parts, and close what is to be closed.

        Parts that are not chosen stay open, also where the ticket itself is closed.
        """
        self.ensure_one()
        if not is_html_empty(self.answer):
            for part in self.part_ids:
                part._answer_customer(Markup(self.answer))
        closing = self.part_ids if self.closes_parts else self.part_ids.browse()
        closing.action_close()
        if self.closes_ticket:
            self.ticket_id.with_context(dcrm_close_before_parts=INSIDE).action_close()
        return {"type": "ir.actions.act_window_close"}
