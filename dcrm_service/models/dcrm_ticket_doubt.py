from odoo import fields, models

from .mail_message import DOUBTS


class DcrmTicket(models.Model):
    """Whether it is doubtful who opened a ticket by an e-mail."""

    _inherit = "dcrm.ticket"

    sender_doubt = fields.Selection(
        DOUBTS,
        "Doubt About the Sender",
        readonly=True,
        copy=False,
        help="It came by e-mail, and what is known of the e-mail speaks against who it "
        "says it is from. Nobody was taken for the sender.",
    )
