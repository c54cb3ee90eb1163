from odoo import fields, models


class DcrmInteractionImportColumn(models.TransientModel):
    """A column of a file of calls and visits and what it means."""

    _name = "dcrm.interaction.import.column"
    _inherit = ["dcrm.import.column.mixin"]
    _description = "Column of a File of Interactions"

    import_id = fields.Many2one(
        "dcrm.interaction.import", required=True, readonly=True, ondelete="cascade"
    )
    meaning = fields.Selection(
        [
            ("customer", "Customer"),
            ("date", "Date and Time"),
            ("reference", "Reference"),
            ("subject", "Subject"),
            ("channel", "Channel"),
            ("direction", "Direction"),
            ("duration", "Minutes"),
            ("user", "Held By"),
            ("said", "Said"),
            ("learned", "Learned"),
            ("mood", "Mood"),
            ("next_step", "Next Step"),
            ("next_step_date", "Next Step By"),
            ("promise", "Promise"),
            ("promise_date", "Promised Until"),
            ("ticket", "Ticket"),
            ("order", "Order"),
        ],
        help="The reference is the record's own in its system.",
    )
