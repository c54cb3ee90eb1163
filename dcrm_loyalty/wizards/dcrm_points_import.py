import re

import pandas as pd
from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.dcrm_analytics.compute import history_columns
from odoo.addons.dcrm_analytics.wizards.dcrm_history_import import _html_table, _shown

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
        by_column = {column: meaning for meaning, column in meanings.items()}
        self.column_ids.unlink()
        self.column_ids = self.column_ids.create(
            [
                {
                    "import_id": self.id,
                    "name": column,
                    "meaning": by_column.get(column),
                    "example": ", ".join(table[column].dropna().unique()[:3]),
                }
                for column in table.columns
            ]
        )
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
        names = self.column_ids._meaning_names()
        rows, errors = accounts._read_balances(frame, self.club_id)
        problems = {}
        for row, column, reason in accounts._explain_errors(errors):
            problems.setdefault(row, []).append(f"{names[column]}: {reason}")
        shown = [name for name in COLUMNS if name in frame]
        # What was not understood is shown as it is.
        frame = frame[shown].set_axis(range(1, len(frame) + 1)).astype(object)
        cells = rows[shown].astype(object).reindex(frame.index)
        cells = cells.where(cells.notna(), frame.where(frame.notna(), ""))
        head = [names[name] for name in shown] + [self.env._("Rejected")]
        body = [
            [*line, " ".join(problems.get(number, []))]
            for number, line in enumerate(cells.map(_shown).to_numpy().tolist(), 1)
        ]
        return _html_table(head, body)

    def action_start(self):
        """Have the file imported, and show how far that is."""
        self.ensure_one()
        self._check_ready()
        run = self.env["dcrm.run"]._start_points_import(
            self.club_id,
            self.table,
            self.row_count,
            self.filename or self.env._("balances"),
            meanings=self._meanings(),
            order=self.date_order,
            mark=self.decimal_mark or ".",
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import of Balances"),
            "res_model": "dcrm.run",
            "res_id": run.id,
            "views": [(False, "form")],
        }

    def _check_ready(self):
        """Raise what is to be said before anything is written."""
        if not self.sample:
            raise UserError(self.env._("Read a file first."))
        chosen = [column.meaning for column in self.column_ids if column.meaning]
        names = self.column_ids._meaning_names()
        if twice := {meaning for meaning in chosen if chosen.count(meaning) > 1}:
            raise UserError(
                self.env._(
                    "More than one column is: %s.",
                    ", ".join(sorted(names[meaning] for meaning in twice)),
                )
            )
        if missing := [name for name in REQUIRED if name not in chosen]:
            raise UserError(self._missing_sentence(missing))
        if not self.date_order:
            raise UserError(
                self.env._("Say whether the day or the month comes first in the dates.")
            )

    def _reopen(self):
        return {**super()._reopen(), "name": self.env._("Import Balances")}
