from odoo import fields, models

DOUBTS = [
    ("failed", "The mail server found the sender to be forged"),
    ("ours", "Says that it is from us, and nothing proves it"),
    ("unproven", "Says that it is from us, and nothing speaks for or against it"),
    ("envelope", "Handed in by another sender than it says"),
    ("form", "Wrote in a form with an address that we know"),
]


class MailMessage(models.Model):
    """What is doubtful of who wrote an e-mail to a ticket."""

    _inherit = "mail.message"

    sender_doubt = fields.Selection(DOUBTS, readonly=True, groups="base.group_user")

    def _to_store_defaults(self, target):
        shown = ["sender_doubt"] if target.is_internal(self.env) else []
        return super()._to_store_defaults(target) + shown
