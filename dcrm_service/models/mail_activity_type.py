from odoo import api, fields, models

from .channels import CHANNELS

BY_CATEGORY = {"phonecall": "phone", "meeting": "visit"}


class MailActivityType(models.Model):
    """What activities of a type are with a customer, once they are done."""

    _inherit = "mail.activity.type"

    interaction_channel = fields.Selection(
        CHANNELS,
        compute="_compute_interaction_channel",
        store=True,
        readonly=False,
        help="On which channel such activities take place: done, they are interactions "
        "with the customer in the companies whose settings say so. Empty: on none.",
    )

    @api.depends("category")
    def _compute_interaction_channel(self):
        for kind in self:
            kind.interaction_channel = (
                BY_CATEGORY.get(kind.category) or kind.interaction_channel
            )
