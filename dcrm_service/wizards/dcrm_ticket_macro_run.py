from odoo import api, fields, models
from odoo.fields import Command


class DcrmTicketMacroRun(models.TransientModel):
    """Which macro is run on the tickets of a list."""

    _name = "dcrm.ticket.macro.run"
    _inherit = ["dcrm.ticket.dialog"]
    _description = "Run Macro"

    ticket_ids = fields.Many2many("dcrm.ticket", string="Tickets", required=True)
    suitable_ids = fields.Many2many(
        "dcrm.ticket.macro", compute="_compute_suitable_ids"
    )
    macro_id = fields.Many2one(
        "dcrm.ticket.macro", required=True, domain="[('id', 'in', suitable_ids)]"
    )
    description = fields.Char(related="macro_id.description")

    @api.model
    def default_get(self, names):
        values = super().default_get(names)
        context = self.env.context
        if "ticket_ids" in names and context.get("active_model") == "dcrm.ticket":
            values["ticket_ids"] = [Command.set(context.get("active_ids", []))]
        return values

    @api.depends("ticket_ids")
    def _compute_suitable_ids(self):
        macros = self.env["dcrm.ticket.macro"]
        for wizard in self:
            found = macros.of_tickets(wizard.ticket_ids.ids)
            wizard.suitable_ids = macros.browse(each["id"] for each in found)

    def action_run(self):
        """Run the macro on all of the tickets."""
        self.ensure_one()
        self.macro_id.run(self.ticket_ids.ids)
        return {"type": "ir.actions.act_window_close"}
