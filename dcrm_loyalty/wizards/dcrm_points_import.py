import re

import pandas as pd
from markupsafe import Markup

from odoo import fields, models

from odoo.addons.dcrm_analytics.compute import history_columns

from ..models.dcrm_points_account_import import COLUMNS, REQUIRED

# What a file is likely to call its columns, beside what one of purchases does.
NAMES = {
    "points": "points balance pointsbalance score amount punkte saldo punten saldi",
    "expires_on": "expireson expirydate expires expiry validuntil lastday ablauf",
}


class DcrmPointsImport(models.TransientModel):
    """Import balances of points from a CSV or XLSX file.

    As the import of purchase history: the file is read and its columns are guessed,
    a person sees the first rows as they will be understood, and a run does it.
    """

    _name = "dcrm.points.import"
    _inherit = "dcrm.history.import"
    _description = "Import of Balances"

    club_id = fields.Many2one(
        "dcrm.club",
        required=True,
        domain="[('program_id', '!=', False)]",
        default=lambda self: self._default_club(),
    )
    company_id = fields.Many2one(
        related="club_id.company_id", required=False, default=None
    )
    column_ids = fields.One2many("dcrm.points.import.column", "import_id")

    def _default_club(self):
        clubs = self.env["dcrm.club"]
        clubs = clubs.search([("company_id", "in", self.env.companies.ids)])
        clubs = clubs.filtered("keeps_points")
        return clubs if len(clubs) == 1 else clubs.browse()

    def action_read(self):
        """Read the file and guess what its columns mean."""
        self.env["dcrm.points.account"]._check_import_access(self.club_id)
        return super().action_read()

    def _guess(self, table):
        """Guess what the columns mean and how days and numbers are written."""
        plain = {}
        for column in table.columns:
            plain.setdefault(re.sub(r"[\W_]+", "", column).lower(), column)
        known = history_columns.guess(table)
        meanings = {
            name: known[name] for name in ("customer", "reference") if name in known
        }
        for name, words in NAMES.items():
            if word := next((word for word in words.split() if word in plain), None):
                meanings[name] = plain[word]
        self._set_columns(table, meanings)
        days, numbers = meanings.get("expires_on"), meanings.get("points")
        self.date_order = history_columns.date_order(table[days]) if days else "ymd"
        self.decimal_mark = (
            history_columns.decimal_mark(table[numbers]) if numbers else "."
        )

    def _frame(self, table):
        return self.env["dcrm.run"]._balances_frame(
            table, self._meanings(), self.date_order or "ymd", self.decimal_mark or "."
        )

    def _preview(self):
        """Return the first rows as they will be understood, as a table."""
        table = pd.DataFrame(
            self.sample["rows"], columns=self.sample["columns"], dtype="str"
        )
        frame = self._frame(table)
        if missing := [name for name in REQUIRED if name not in frame]:
            return Markup("<p>%s</p>") % self._missing_sentence(missing)
        accounts = self.env["dcrm.points.account"]
        rows, errors = accounts._read_balances(frame, self.club_id)
        return self._preview_table(
            frame, rows, accounts._explain_errors(errors), COLUMNS
        )

    def _start(self, **options):
        return self.env["dcrm.run"]._start_points_import(
            self.club_id,
            self.table,
            self.row_count,
            self.filename or self.env._("balances"),
            **options,
        )

    def _missing_columns(self):
        meanings = self._meanings()
        return [name for name in REQUIRED if name not in meanings]

    def _reopen(self):
        return {**super()._reopen(), "name": self.env._("Import Balances")}
