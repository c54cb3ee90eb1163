from odoo import api, fields, models


class DcrmInteractionImportColumn(models.TransientModel):
    """A column of a file of calls and visits and what it means."""

    _name = "dcrm.interaction.import.column"
    _description = "Column of a File of Interactions"

    import_id = fields.Many2one(
        "dcrm.interaction.import", required=True, readonly=True, ondelete="cascade"
    )
    name = fields.Char("Column", required=True, readonly=True)
    example = fields.Char(readonly=True)
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

    @api.model
    def _meaning_names(self):
        """Return {meaning: its name for people}."""
        return dict(self._fields["meaning"]._description_selection(self.env))
