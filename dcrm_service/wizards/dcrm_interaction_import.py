import pandas as pd
from markupsafe import Markup

from odoo import fields, models

from odoo.addons.dcrm_analytics.compute import history_columns

from ..compute import interaction_rows
from ..models.channels import CHANNELS


class DcrmInteractionImport(models.TransientModel):
    """Import the records of a call centre from a CSV or XLSX file.

    As the import of purchase history: the file is read and its columns are guessed,
    a person sees the first rows as they will be understood, and a run does it.
    """

    _name = "dcrm.interaction.import"
    _inherit = "dcrm.history.import"
    _description = "Import of Interactions"

    source = fields.Char(
        required=True,
        default=lambda self: self.env._("Call centre"),
        help="The system that the file comes from: references are unique in it, and a "
        "record that was logged before is passed over",
    )
    channel = fields.Selection(
        CHANNELS,
        required=True,
        default="call_centre",
        help="Of rows that do not say theirs",
    )
    column_ids = fields.One2many("dcrm.interaction.import.column", "import_id")

    def action_read(self):
        """Read the file and guess what its columns mean."""
        self.env["dcrm.interaction"]._check_import_access(self.company_id)
        return super().action_read()

    def _guess(self, table):
        """Guess what the columns mean and how days are written."""
        meanings = interaction_rows.guess(table.columns)
        self._set_columns(table, meanings)
        self.date_order = "ymd"
        if "date" in meanings:
            self.date_order = history_columns.date_order(table[meanings["date"]])

    def _frame(self, table):
        return self.env["dcrm.run"]._records_frame(
            table, self._meanings(), self.date_order or "ymd"
        )

    def _preview(self):
        """Return the first rows as they will be understood, as a table."""
        table = pd.DataFrame(
            self.sample["rows"], columns=self.sample["columns"], dtype="str"
        )
        if missing := self._missing_columns():
            return Markup("<p>%s</p>") % self._missing_sentence(missing)
        frame = self._frame(table)
        rows, errors = self.env["dcrm.interaction"]._understood(frame, self.company_id)
        return self._preview_table(frame, rows, errors, interaction_rows.COLUMNS)

    def _start(self, **options):
        return self.env["dcrm.run"]._start_interaction_import(
            self.company_id,
            self.table,
            self.row_count,
            self.filename or self.env._("interactions"),
            source=self.source,
            channel=self.channel,
            meanings=options["meanings"],
            order=options["order"],
        )

    def _missing_columns(self):
        meanings = self._meanings()
        return [name for name in interaction_rows.REQUIRED if name not in meanings]

    def _reopen(self):
        return {**super()._reopen(), "name": self.env._("Import Interactions")}
