from odoo import api, fields, models
from odoo.tools.sql import column_exists, create_column

from ..queries import activity_type as queries
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

    def _auto_init(self):
        """Fill the new column by itself: the host's types are not written for it."""
        is_new = not column_exists(self.env.cr, self._table, "interaction_channel")
        if is_new:
            create_column(self.env.cr, self._table, "interaction_channel", "varchar")
        result = super()._auto_init()
        if is_new:
            self.env.cr.execute(queries.fill_channels(BY_CATEGORY))
        return result

    @api.depends("category")
    def _compute_interaction_channel(self):
        for kind in self:
            kind.interaction_channel = (
                BY_CATEGORY.get(kind.category) or kind.interaction_channel
            )
