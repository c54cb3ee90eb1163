import base64
from datetime import date

import pandas as pd

from odoo import fields, models
from odoo.exceptions import UserError

from ..compute import history, history_columns, history_file
from .dcrm_run import ANALYST

# How many rows a batch imports; some seconds of work.
BATCH = 100_000


class DcrmRun(models.Model):
    """Import of a file of purchase history, a batch of whole purchases at a time.

    ``options`` hold what the columns mean, ``cursor`` how far the import is. A batch
    that a kill undid is done again; what was imported already is passed over.
    """

    _inherit = "dcrm.run"

    # Not in attachments, of which the host would index every word.
    file = fields.Binary(
        "Imported File",
        attachment=False,
        readonly=True,
        groups=ANALYST,
        help="The table that is being imported, packed; kept until the run is done",
    )
    rejected_file = fields.Binary(
        "Rejected Rows",
        attachment=False,
        readonly=True,
        groups=ANALYST,
        help="The rows that were rejected, each with the reason: to be mended and "
        "imported again",
    )
    rejected_name = fields.Char(readonly=True, groups=ANALYST)

    def _start_import(self, company, content, rows, name, **options):
        """Ask for the import of a table and return the run.

        :param content: the table, packed and in base 64
        :param rows: how many rows it has
        :param name: of the file, for people
        :param options: ``meanings``, ``order`` and ``mark`` as
            ``compute.history_columns.make_frame`` takes them
        """
        self.env["dcrm.purchase"]._check_import_access(company)
        run = self._start(
            "import", company, today=str(company.sudo()._customer_today()), **options
        )
        run.sudo().write(
            {
                "name": f"{run.sudo().name}: {name}",
                "file": content,
                "total": rows,
            }
        )
        return run

    def _step_import(self):
        """Import the next batch of the file; whoever asked for it must still be let."""
        company = self.company_id
        if not self.user_id:
            raise UserError(self.env._("Whoever asked for this import is gone."))
        Purchase = self.env["dcrm.purchase"].with_user(self.user_id)
        Purchase._check_import_access(company)
        self.phase = self.env._("Importing rows")
        table, found = self._imported_history()
        cursor = {"start": 0, "accepted": 0, "refused": [], **(self.cursor or {})}
        start = cursor["start"]
        rows, end = history.batch(found.rows, start, BATCH)
        imported = Purchase._import_rows(rows, company)
        self.cursor = cursor = {
            "start": end,
            "accepted": cursor["accepted"] + imported.accepted,
            "refused": cursor["refused"] + imported.errors.to_numpy().tolist(),
        }
        remaining = len(found.rows) - end
        if not remaining:
            self._end_import(table, found, cursor)
        # Rows that say nothing are done with the first batch.
        idle = len(table) - len(found.rows) if start == 0 else 0
        return end - start + idle, remaining

    def _imported_history(self):
        """Return the table that is imported, and what it tells.

        The file of a run never changes, so that batches in a row read it once.
        """
        cache = self.env.cr.cache.setdefault("dcrm_history", {})
        if self.id not in cache:
            cache.clear()
            cache[self.id] = self._read_imported()
        return cache[self.id]

    def _read_imported(self):
        options = self.options
        table = history_file.unpack(base64.b64decode(self.file))
        frame = history_columns.make_frame(
            table, options["meanings"], options["order"], options["mark"]
        )
        today = date.fromisoformat(options["today"])
        return table, self.env["dcrm.purchase"]._read_history(
            frame, self.company_id, today
        )

    def _end_import(self, table, found, cursor):
        """Say what was imported, keep what was rejected, have the customers scored."""
        self.env.cr.cache.pop("dcrm_history", None)
        Purchase = self.env["dcrm.purchase"]
        refused = pd.DataFrame(cursor["refused"], columns=found.errors.columns)
        errors = Purchase._merge_errors(found.errors, refused)
        rejected = errors["row"].nunique()
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
        self.file = False
        if rejected:
            content = self._rejected_rows(table, errors)
            self.rejected_file = base64.b64encode(content.encode("utf-8-sig"))
            self.rejected_name = self.env._("rejected-rows.csv")
        self._start("refresh", self.company_id)

    def _rejected_rows(self, table, errors):
        """Return the rejected rows as CSV: number, the cells as they were, reasons."""
        words = self.env["dcrm.purchase"]._import_reasons()
        names = self.env["dcrm.history.import.column"]._meaning_names()
        reasons = errors["column"].map(names) + ": " + errors["reason"].map(words)
        reasons = reasons.groupby(errors["row"]).agg(" ".join)
        rows = table.loc[reasons.index]
        rows.insert(0, self.env._("Row"), rows.index, allow_duplicates=True)
        rows.insert(
            len(rows.columns), self.env._("Reason"), reasons, allow_duplicates=True
        )
        return history_file.write_table(rows)
