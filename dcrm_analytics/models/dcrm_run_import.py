from datetime import date

import pandas as pd

from odoo import models

from ..compute import history, history_columns

# How many rows a batch imports; some seconds of work.
BATCH = 100_000


class DcrmRun(models.Model):
    """Import of a file of purchase history, a batch of whole purchases at a time."""

    _inherit = "dcrm.run"

    def _start_import(self, company, content, rows, name, **options):
        """Ask for the import of a table and return the run; see :meth:`_start_file`.

        :param options: ``meanings``, ``order`` and ``mark`` as
            ``compute.history_columns.make_frame`` takes them
        """
        self.env["dcrm.purchase"]._check_import_access(company)
        options["today"] = str(company.sudo()._customer_today())
        return self._start_file("import", company, content, rows, name, **options)

    def _step_import(self):
        """Import the next batch of the file; whoever asked for it must still be let."""
        company = self.company_id
        Purchase = self.env["dcrm.purchase"].with_user(self._asker_of_file())
        Purchase._check_import_access(company)
        table, found = self._read_file(self._read_history)
        cursor = self._file_cursor()
        start = cursor["start"]
        rows, end = history.batch(found.rows, start, BATCH)
        imported = Purchase._import_rows(rows, company)
        refused = imported.errors.to_numpy().tolist()
        cursor = self._move_cursor(cursor, end, imported.accepted, refused)
        remaining = len(found.rows) - end
        if not remaining:
            self._end_import(table, found, cursor)
        # Rows that say nothing are done with the first batch.
        idle = len(table) - len(found.rows) if start == 0 else 0
        return end - start + idle, remaining

    def _read_history(self, table):
        options = self.options
        frame = history_columns.make_frame(
            table, options["meanings"], options["order"], options["mark"]
        )
        today = date.fromisoformat(options["today"])
        return self.env["dcrm.purchase"]._read_history(frame, self.company_id, today)

    def _end_import(self, table, found, cursor):
        """Say what was imported, keep what was rejected, have the customers scored."""
        Purchase = self.env["dcrm.purchase"]
        refused = pd.DataFrame(cursor["refused"], columns=found.errors.columns)
        errors = Purchase._merge_errors(found.errors, refused)
        names = self.env["dcrm.history.import.column"]._meaning_names()
        rejected = self._end_file(table, Purchase._explain_errors(errors), names)
        accepted = found.rows[found.rows["valid"]].index.difference(refused["row"])
        self._say(
            self.env._(
                "%(accepted)s rows imported, %(known)s known already, %(rejected)s "
                "rejected; %(customers)s customers.",
                accepted=cursor["accepted"],
                known=len(table) - rejected - cursor["accepted"],
                rejected=rejected,
                customers=found.rows.loc[accepted, "customer"].nunique(),
            )
        )
        self._start("refresh", self.company_id)
