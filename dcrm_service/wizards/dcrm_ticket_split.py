from odoo import api, fields, models

from ..models.dcrm_ticket_merge_into import NOTED


class DcrmTicketSplit(models.TransientModel):
    """Which messages of a ticket are another matter, and what that is."""

    _name = "dcrm.ticket.split"
    _inherit = ["dcrm.ticket.dialog"]
    _description = "Split Ticket"

    ticket_id = fields.Many2one(
        "dcrm.ticket",
        required=True,
        readonly=True,
        default=lambda self: self._ticket(),
    )
    line_ids = fields.One2many(
        "dcrm.ticket.split.line",
        "split_id",
        "Messages",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        precompute=True,
    )
    name = fields.Char(
        "Subject", required=True, default=lambda self: self._ticket().name
    )
    team_id = fields.Many2one(
        "dcrm.ticket.team",
        default=lambda self: self._ticket().team_id,
        domain="[('company_id', '=', company_id)]",
    )
    kind_id = fields.Many2one(
        "dcrm.ticket.kind", default=lambda self: self._ticket().kind_id
    )
    user_id = fields.Many2one(
        "res.users",
        "Assigned To",
        default=lambda self: self._ticket().user_id,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    company_id = fields.Many2one(related="ticket_id.company_id")

    @api.model
    def _ticket(self):
        return self.env["dcrm.ticket"].browse(self.env.context.get("active_id"))

    @api.depends("ticket_id")
    def _compute_line_ids(self):
        for wizard in self:
            # Only what the user may read in the ticket is there to be chosen.
            messages = wizard.ticket_id.message_ids.filtered(
                lambda message: message.message_type not in NOTED
            )
            wizard.line_ids = [
                fields.Command.clear(),
                *(
                    fields.Command.create({"message_id": message.id})
                    for message in messages.sorted("id")
                ),
            ]

    def action_split(self):
        """Make the new ticket, and return the action that shows it.

        :raises UserError: where no messages are chosen, or all of them
        """
        self.ensure_one()
        split = self.ticket_id._split_off(
            self.line_ids.filtered("is_chosen").message_id,
            {
                "name": self.name,
                "team_id": self.team_id.id,
                "kind_id": self.kind_id.id,
                "user_id": self.user_id.id,
            },
        )
        return split._action_open()
