from odoo import fields, models


class DcrmTicketSplitLine(models.TransientModel):
    """A message of the ticket that is split."""

    _name = "dcrm.ticket.split.line"
    _description = "Message of a Ticket to Split"
    _order = "id"

    split_id = fields.Many2one("dcrm.ticket.split", required=True, ondelete="cascade")
    message_id = fields.Many2one("mail.message", required=True, ondelete="cascade")
    is_chosen = fields.Boolean("Take Along")
    date = fields.Datetime(related="message_id.date", related_sudo=False)
    author_id = fields.Many2one(related="message_id.author_id", related_sudo=False)
    preview = fields.Char(related="message_id.preview", related_sudo=False)
