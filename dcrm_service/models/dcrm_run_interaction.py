import base64

import pandas as pd

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.dcrm_analytics.compute import history_file

from ..compute import interaction_rows

# How many rows a batch logs; some seconds of work.
BATCH = 500


class DcrmRun(models.Model):
    """Import of a file of calls and visits, a batch of rows at a time.

    A batch that a kill undid is done again; what was logged already is passed over.
    """

    _inherit = "dcrm.run"

    kind = fields.Selection(
        selection_add=[("interaction_import", "Import of interactions")],
        ondelete={"interaction_import": "cascade"},
    )

    def _start_interaction_import(self, company, content, rows, name, **options):
        """Ask for the import of a table of records and return the run.

        :param content: the table, packed and in base 64
        :param rows: how many rows it has
        :param name: of the file, for people
        :param options: ``source``, ``channel``, and ``meanings`` and ``order`` of
            :meth:`_records_frame`
        """
        self.env["dcrm.interaction"]._check_import_access(company)
        run = self._start("interaction_import", company, **options)
        name = f"{run.sudo().name}: {name}"
        run.sudo().write({"name": name, "file": content, "total": rows})
        return run

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
        if not self.user_id:
            raise UserError(self.env._("Whoever asked for this import is gone."))
        interactions = self.env["dcrm.interaction"].with_user(self.user_id)
        interactions._check_import_access(self.company_id)
        self.phase = self.env._("Importing rows")
        found, keys = self._read_imported_interactions(interactions)
        cursor = {"start": 0, "accepted": 0, "refused": [], **(self.cursor or {})}
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
        self.cursor = cursor = {
            "start": end,
            "accepted": cursor["accepted"]
            + sum(1 for result in results if result.get("new")),
            "refused": cursor["refused"] + refused,
        }
        if end == len(found):
            self._end_interaction_import(cursor)
        return end - start, len(found) - end

    def _read_imported_interactions(self, interactions):
        """Return what the file tells; batches in a row read it once."""
        cache = self.env.cr.cache.setdefault("dcrm_interactions", {})
        if self.id not in cache:
            cache.clear()
            options = self.options
            table = history_file.unpack(base64.b64decode(self.file))
            frame = self._records_frame(table, options["meanings"], options["order"])
            cache[self.id] = interactions._read_frame(
                frame, options["source"], self.company_id
            )
        return cache[self.id]

    def _end_interaction_import(self, cursor):
        """Say what was logged, and keep what was rejected."""
        self.env.cr.cache.pop("dcrm_interactions", None)
        table = history_file.unpack(base64.b64decode(self.file))
        rejected = {row for row, _column, _code in cursor["refused"]}
        self._say(
            self.env._(
                "%(accepted)s rows imported, %(known)s known already, %(rejected)s "
                "rejected.",
                accepted=cursor["accepted"],
                known=len(table) - len(rejected) - cursor["accepted"],
                rejected=len(rejected),
            )
        )
        self.file = False
        if rejected:
            content = self._rejected_interactions(table, cursor["refused"])
            self.rejected_file = base64.b64encode(content.encode("utf-8-sig"))
            self.rejected_name = self.env._("rejected-rows.csv")

    def _rejected_interactions(self, table, refused):
        """Return the rejected rows as CSV: number, the cells as they were, reasons."""
        explain = self.env["dcrm.interaction"]._explain_row
        names = self.env["dcrm.interaction.import.column"]._meaning_names()
        reasons = {}
        for row, column, code in refused:
            [(_column, reason)] = explain([(column, code)])
            reasons.setdefault(row, []).append(f"{names.get(column, column)}: {reason}")
        rows = table.set_axis(range(1, len(table) + 1)).loc[list(reasons)]
        said = [" ".join(each) for each in reasons.values()]
        rows.insert(0, self.env._("Row"), rows.index, allow_duplicates=True)
        rows.insert(len(rows.columns), self.env._("Reason"), said, True)
        return history_file.write_table(rows)
