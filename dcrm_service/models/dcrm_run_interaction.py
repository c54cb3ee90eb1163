import pandas as pd

from odoo import api, fields, models

from ..compute import interaction_rows

# How many rows a batch logs; some seconds of work.
BATCH = 500


class DcrmRun(models.Model):
    """Import of a file of calls and visits, a batch of rows at a time."""

    _inherit = "dcrm.run"

    kind = fields.Selection(
        selection_add=[("interaction_import", "Import of interactions")],
        ondelete={"interaction_import": "cascade"},
    )

    def _start_interaction_import(self, company, content, rows, name, **options):
        """Ask for the import of a table and return the run; see :meth:`_start_file`.

        :param options: ``source``, ``channel``, and ``meanings`` and ``order`` of
            :meth:`_records_frame`
        """
        self.env["dcrm.interaction"]._check_import_access(company)
        return self._start_file(
            "interaction_import", company, content, rows, name, **options
        )

    @api.model
    def _records_frame(self, table, meanings, order):
        """Return the frame of records that a table of text means.

        :param dict meanings: ``{meaning: column}``
        :param str order: of day, month and year
        """
        frame = pd.DataFrame(
            {meaning: table[column] for meaning, column in meanings.items()},
            index=table.index,
        )
        for name in ("date", *interaction_rows.DAYS):
            if name in frame:
                frame[name] = frame[name].map(
                    lambda text: interaction_rows.iso(text.strip(), order),
                    na_action="ignore",
                )
        return frame

    def _step_interaction_import(self):
        """Log the next rows of the file; who asked for it must still be let."""
        interactions = self.env["dcrm.interaction"].with_user(self._asker_of_file())
        interactions._check_import_access(self.company_id)
        table, (found, keys) = self._read_file(self._read_interactions)
        cursor = self._file_cursor()
        start = cursor["start"]
        end = min(start + BATCH, len(found))
        results = interactions._log_rows(
            found[start:end],
            keys[start:end],
            self.company_id,
            channel=self.options["channel"],
        )
        refused = [
            [row, column, code]
            for row, result in enumerate(results, start + 1)
            for column, code in result.get("errors", ())
        ]
        accepted = sum(1 for result in results if result.get("new"))
        cursor = self._move_cursor(cursor, end, accepted, refused)
        if end == len(found):
            self._end_interaction_import(table, cursor)
        return end - start, len(found) - end

    def _read_interactions(self, table):
        options = self.options
        frame = self._records_frame(table, options["meanings"], options["order"])
        interactions = self.env["dcrm.interaction"].with_user(self.user_id)
        return interactions._read_frame(frame, options["source"], self.company_id)

    def _end_interaction_import(self, table, cursor):
        """Say what was logged, and keep what was rejected."""
        explain = self.env["dcrm.interaction"]._explain_row
        errors = [
            (row, *explain([(column, code)])[0])
            for row, column, code in cursor["refused"]
        ]
        names = self.env["dcrm.interaction.import.column"]._meaning_names()
        rejected = self._end_file(table, errors, names)
        self._say_imported(table, cursor["accepted"], rejected)
