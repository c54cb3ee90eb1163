import base64
import io
import zlib
from datetime import date, datetime
from zipfile import BadZipFile

import openpyxl
import pandas as pd
from markupsafe import Markup
from openpyxl.utils.exceptions import InvalidFileException

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..compute import history, history_columns, history_file
from ..compute.history_file import FileError

# How many rows the preview shows.
SAMPLE = 10
# What reading a workbook raises that is none, or damaged: errors of XML are of syntax.
BROKEN = (
    BadZipFile,
    InvalidFileException,
    LookupError,
    ValueError,
    OSError,
    EOFError,
    SyntaxError,
    zlib.error,
)


class DcrmHistoryImport(models.TransientModel):
    """Import purchase history from a CSV or XLSX file.

    First the file is read and what its columns mean is guessed; then a person sees the
    first rows as they will be understood, mends the guesses and has the run started.
    """

    _name = "dcrm.history.import"
    _description = "Import of Purchase History"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    state = fields.Selection(
        [("file", "File"), ("columns", "Columns")], default="file", required=True
    )
    # Not in attachments, of which the host would index every word.
    file = fields.Binary(attachment=False, help="A CSV, text or XLSX file")
    filename = fields.Char()
    encoding = fields.Selection(
        [
            ("utf-8", "UTF-8"),
            ("utf-16", "UTF-16"),
            ("cp1252", "Western European (Windows-1252, Latin-1)"),
        ],
        help="Empty: UTF-16 where the file is marked so, otherwise UTF-8",
    )
    delimiter = fields.Selection(
        [
            (",", "Comma"),
            (";", "Semicolon"),
            ("tab", "Tab"),  # a tab itself would make an external id that none can read
            ("|", "Vertical bar"),
            (" ", "Spaces"),
            ("other", "Another character"),
        ],
        help="Empty: the one that cuts the lines into equally many columns",
    )
    other_delimiter = fields.Char("Character", size=1)
    header = fields.Selection(
        [("yes", "The names of the columns"), ("no", "The first row")],
        "First Line",
        help="Empty: names, unless there are numbers in it",
    )
    row_count = fields.Integer("Rows", readonly=True)
    column_ids = fields.One2many("dcrm.history.import.column", "import_id", "Columns")
    date_order = fields.Selection(
        [
            ("ymd", "Year, month, day"),
            ("dmy", "Day, month, year"),
            ("mdy", "Month, day, year"),
        ],
        "Dates",
        help="How days are written. Empty: they could be read in two ways; choose.",
    )
    decimal_mark = fields.Selection(
        [(".", "1,234.50"), (",", "1.234,50")], "Numbers", default="."
    )
    sample = fields.Json(readonly=True)
    table = fields.Binary(
        attachment=False, readonly=True, help="The file as it was read, packed"
    )
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    # -- reading the file ------------------------------------------------------------

    def action_read(self):
        """Read the file and guess what its columns mean."""
        self.ensure_one()
        self.env["dcrm.purchase"]._check_import_access(self.company_id)
        try:
            table = self._read_table()
        except FileError as error:
            raise UserError(self._explain(error)) from None
        self._guess(table)
        self.write(
            {
                "state": "columns",
                "row_count": len(table),
                "table": base64.b64encode(history_file.pack(table)),
                "sample": {
                    "columns": list(table.columns),
                    "rows": _cells(table.head(SAMPLE)),
                },
            }
        )
        return self._reopen()

    def action_back(self):
        """Choose another file, or say more of how it is to be read."""
        self.state = "file"
        return self._reopen()

    def _read_table(self):
        data = base64.b64decode(self.file or b"")
        if not data:
            raise FileError("empty" if self.filename else "no_file")
        if data.startswith(b"PK\x03\x04"):
            cells = read_workbook(data)
        else:
            text, encoding = history_file.decode(data, self.encoding or None)
            self.encoding = encoding
            cells = history_file.read_cells(text, self._delimiter(text))
        if not self.header and len(cells):
            first = cells.dropna(how="all").head(1).to_numpy().ravel()
            self.header = "yes" if history_file.is_header(first) else "no"
        return history_file.titled(cells, self.header == "yes")

    def _delimiter(self, text):
        """Return the character that separates cells; keep what was found to be it."""
        if self.delimiter == "other":
            return self.other_delimiter or ","
        if not self.delimiter:
            found = history_file.sniff(text)
            self.delimiter = "tab" if found == "\t" else found
        return "\t" if self.delimiter == "tab" else self.delimiter

    def _explain(self, error):
        """Return why a file can not be read, in a sentence."""
        sentences = {
            "no_file": self.env._("Choose a file first."),
            "empty": self.env._("The file is empty."),
            "no_rows": self.env._("The file has no rows."),
            "encoding": self.env._(
                "The file is not in this encoding. Choose another one."
            ),
            "one_column": self.env._(
                "The file has one column only. Choose another delimiter."
            ),
            "ragged": self.env._(
                "Line %s has more cells than the lines before. Is this the delimiter, "
                "and are texts that contain it quoted?",
                error.line or "?",
            ),
            "delimiter": self.env._(
                "No line break and no quotation mark separates cells. Choose another "
                "delimiter."
            ),
            "workbook": self.env._("The workbook cannot be read."),
        }
        return " ".join([sentences[error.code], self.env._("Nothing was imported.")])

    def _guess(self, table):
        """Guess what the columns mean and how days and numbers are written."""
        meanings = history_columns.guess(table)
        self._set_columns(table, meanings)
        self.date_order = self.decimal_mark = None
        if "date" in meanings:
            self.date_order = history_columns.date_order(table[meanings["date"]])
        money = meanings.get("amount") or meanings.get("unit_price")
        self.decimal_mark = history_columns.decimal_mark(table[money]) if money else "."

    def _set_columns(self, table, meanings):
        """Show the columns of a table, with ``{meaning: column}`` where it is known."""
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

    # -- what the columns mean -------------------------------------------------------

    def _meanings(self):
        """Return {meaning: column} as chosen."""
        return {
            column.meaning: column.name for column in self.column_ids if column.meaning
        }

    @api.depends(
        "column_ids.meaning", "date_order", "decimal_mark", "sample", "company_id"
    )
    def _compute_preview(self):
        for wizard in self:
            wizard.preview = wizard.sample and wizard._preview()

    def _preview(self):
        """Return the first rows as they will be understood, as a table."""
        sample = self.sample
        table = pd.DataFrame(sample["rows"], columns=sample["columns"], dtype="str")
        frame = self._frame(table)
        if missing := history.missing_columns(frame.columns):
            return Markup("<p>%s</p>") % self._missing_sentence(missing)
        Purchase = self.env["dcrm.purchase"]
        found = Purchase._read_history(frame, self.company_id)
        errors = Purchase._explain_errors(found.errors)
        return self._preview_table(frame, found.rows, errors, history.COLUMNS)

    def _preview_table(self, frame, rows, errors, columns):
        """Return a table of the rows as understood, with why some are rejected.

        :param frame: the rows as they are in the file
        :param rows: those that were understood
        :param errors: (row, column, reason) in words
        :param columns: names of the columns that are shown where they are
        """
        names = self.column_ids._meaning_names()
        problems = {}
        for row, column, reason in errors:
            problems.setdefault(row, []).append(f"{names[column]}: {reason}")
        shown = [name for name in columns if name in frame]
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

    def _frame(self, table):
        return history_columns.make_frame(
            table,
            self._meanings(),
            self.date_order or "ymd",
            self.decimal_mark or ".",
        )

    def _missing_sentence(self, missing):
        names = self.column_ids._meaning_names()
        return self.env._(
            "Say which column is: %s.", ", ".join(names[name] for name in missing)
        )

    # -- importing -------------------------------------------------------------------

    def action_start(self):
        """Have the file imported, and show how far that is."""
        self.ensure_one()
        self._check_ready()
        run = self._start(
            meanings=self._meanings(),
            order=self.date_order,
            mark=self.decimal_mark or ".",
        )
        return {
            "type": "ir.actions.act_window",
            "name": run.name,
            "res_model": "dcrm.run",
            "res_id": run.id,
            "views": [(False, "form")],
        }

    def _start(self, **options):
        """Return the run that imports the file."""
        return self.env["dcrm.run"]._start_import(
            self.company_id,
            self.table,
            self.row_count,
            self.filename or self.env._("history"),
            **options,
        )

    def _check_ready(self):
        """Raise what is to be said before anything is written."""
        chosen = [column.meaning for column in self.column_ids if column.meaning]
        twice = {meaning for meaning in chosen if chosen.count(meaning) > 1}
        if twice:
            names = self.column_ids._meaning_names()
            raise UserError(
                self.env._(
                    "More than one column is: %s.",
                    ", ".join(sorted(names[meaning] for meaning in twice)),
                )
            )
        if not self.sample:
            raise UserError(self.env._("Read a file first."))
        if missing := self._missing_columns():
            raise UserError(self._missing_sentence(missing))
        if not self.date_order:
            raise UserError(
                self.env._("Say whether the day or the month comes first in the dates.")
            )

    def _missing_columns(self):
        """Return what no column means, and has to be there."""
        columns = self.sample["columns"]
        frame = self._frame(pd.DataFrame(columns=columns, dtype="str"))
        return history.missing_columns(frame.columns)

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import History"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }


def read_workbook(data):
    """Return the cells of a workbook's first sheet with any, as text.

    :raises FileError: ``workbook`` or ``no_rows``
    """
    try:
        return _first_sheet(data)
    except BROKEN:
        raise FileError("workbook") from None


def _first_sheet(data):
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    for sheet in book.worksheets:
        # The size that a file states of itself may be wrong.
        sheet.reset_dimensions()
        rows = [[_text(cell) for cell in row] for row in sheet.values]
        if any(any(row) for row in rows):
            width = max(map(len, rows))
            even = [row + [None] * (width - len(row)) for row in rows]
            return pd.DataFrame(even, dtype="str")
    raise FileError("no_rows")


def _text(cell):
    if cell is None or cell == "":
        return None
    if isinstance(cell, datetime | date):
        return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell)


def _cells(table):
    """Return the cells of a table for JSON."""
    return table.astype(object).where(table.notna(), None).to_numpy().tolist()


def _shown(cell):
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return f"{cell:.10g}" if isinstance(cell, float) else cell


def _html_table(head, body):
    def row(tag, cells):
        cell = Markup("<{0}>%s</{0}>").format(Markup(tag))
        return Markup("<tr>%s</tr>") % Markup().join(cell % text for text in cells)

    return Markup(
        '<div class="table-responsive"><table class="table table-sm"><thead>%s</thead>'
        "<tbody>%s</tbody></table></div>"
    ) % (row("th", head), Markup().join(row("td", cells) for cells in body))
