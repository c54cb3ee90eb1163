import pandas as pd

from odoo import api, fields, models

from odoo.addons.dcrm_analytics.compute import history_columns

# How many rows a batch imports; some seconds of work.
BATCH = 20_000

# By which of the kinds of cells that files of purchases have a meaning is read.
READ_AS = {"points": "amount", "expires_on": "date"}


class DcrmRun(models.Model):
    """Import of a file of balances, a batch of rows at a time."""

    _inherit = "dcrm.run"

    kind = fields.Selection(
        selection_add=[("points_import", "Import of balances")],
        ondelete={"points_import": "cascade"},
    )

    def _start_points_import(self, club, content, rows, name, **options):
        """Ask for the import of a table and return the run; see :meth:`_start_file`.

        :param options: ``meanings``, ``order`` and ``mark`` of :meth:`_balances_frame`
        """
        self.env["dcrm.points.account"]._check_import_access(club)
        company = club.sudo().company_id
        options["club_id"] = club.id
        return self._start_file(
            "points_import", company, content, rows, name, **options
        )

    @api.model
    def _balances_frame(self, table, meanings, order, mark):
        """Return the frame of balances that a table of text means.

        :param meanings: ``{meaning: column}``
        :param order: of day, month and year
        :param mark: the decimal mark of numbers
        """
        read = {READ_AS.get(name, name): column for name, column in meanings.items()}
        frame = history_columns.make_frame(table, read, order, mark)
        return frame.rename(columns={kind: name for name, kind in READ_AS.items()})

    def _step_points_import(self):
        """Import the next rows of the file; who asked for it must still be let."""
        user = self._asker_of_file()
        club = self.env["dcrm.club"].browse(self.options["club_id"])
        accounts = self.env["dcrm.points.account"].with_user(user)
        accounts._check_import_access(club.with_user(user))
        table, (rows, wrong) = self._read_file(self._read_balances)
        cursor = self._file_cursor()
        part = rows.iloc[cursor["start"] : cursor["start"] + BATCH]
        imported = accounts.sudo()._import_rows(part, club)
        done = cursor["start"] + len(part)
        refused = imported.errors.to_numpy().tolist()
        cursor = self._move_cursor(cursor, done, imported.accepted, refused)
        if done == len(rows):
            self._end_points_import(table, wrong, cursor)
        # Rows that say nothing are done with the first batch.
        idle = len(table) - len(rows) if done == len(part) else 0
        return len(part) + idle, len(rows) - done

    def _read_balances(self, table):
        options = self.options
        frame = self._balances_frame(
            table, options["meanings"], options["order"], options["mark"]
        )
        club = self.env["dcrm.club"].browse(options["club_id"])
        return self.env["dcrm.points.account"]._read_balances(frame, club)

    def _end_points_import(self, table, wrong, cursor):
        """Say what was imported, and keep what was rejected."""
        accounts = self.env["dcrm.points.account"]
        refused = pd.DataFrame(cursor["refused"], columns=wrong.columns)
        errors = self.env["dcrm.purchase"]._merge_errors(wrong, refused)
        names = self.env["dcrm.points.import.column"]._meaning_names()
        rejected = self._end_file(table, accounts._explain_errors(errors), names)
        self._say_imported(table, cursor["accepted"], rejected)
