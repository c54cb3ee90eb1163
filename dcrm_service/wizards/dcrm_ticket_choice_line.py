from odoo import fields, models
from odoo.exceptions import UserError


class DcrmTicketChoiceLine(models.TransientModel):
    """One of the things to choose from."""

    _name = "dcrm.ticket.choice.line"
    _description = "Choice for a Ticket"

    choice_id = fields.Many2one("dcrm.ticket.choice", required=True, ondelete="cascade")
    name = fields.Char(readonly=True)
    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)

    def action_choose(self):
        """Begin the document with this; return what shows it.

        :raises UserError: where it is none of the things to choose from any more
        """
        self.ensure_one()
        ticket, kind = self.choice_id.ticket_id, self.choice_id.kind
        ticket.check_access("write")
        source = ticket._sources(kind).filtered(
            lambda each: (each._name, each.id) == (self.res_model, self.res_id)
        )
        if not source:
            raise UserError(self.env._("This can't be chosen any more."))
        return ticket._begin_with(kind, source)
