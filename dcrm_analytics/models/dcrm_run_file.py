import base64

from odoo import fields, models
from odoo.exceptions import UserError

from ..compute import history_file
from .dcrm_run import ANALYST

CACHE = "dcrm_run_file"


class DcrmRun(models.Model):
    """Runs that import a file, a batch of rows at a time.

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

    def _start_file(self, kind, company, content, rows, name, **options):
        """Ask for the import of a table and return the run.

        :param content: the table, packed and in base 64
        :param rows: how many rows it has
        :param name: of the file, for people
        """
        run = self._start(kind, company, **options)
        run.sudo().write(
            {
                "name": f"{run.sudo().name}: {name}",
                "file": content,
                "total": rows,
            }
        )
        return run

    def _asker_of_file(self):
        """Return who asked for this import; say that it goes on.

        :raises UserError: where nobody answers for it any more
        """
        if not self.user_id:
            raise UserError(self.env._("Whoever asked for this import is gone."))
        self.phase = self.env._("Importing rows")
        return self.user_id

    def _read_file(self, read):
        """Return the table that is imported, and what it tells.

        The file of a run never changes, so that batches in a row read it once.

        :param read: makes of the table what it tells
        """
        cache = self.env.cr.cache.setdefault(CACHE, {})
        if self.id not in cache:
            cache.clear()
            table = history_file.unpack(base64.b64decode(self.file))
            cache[self.id] = table, read(table)
        return cache[self.id]

    def _file_cursor(self):
        """Return how far the import is: ``start``, ``accepted`` and ``refused``."""
        return {"start": 0, "accepted": 0, "refused": [], **(self.cursor or {})}

    def _move_cursor(self, cursor, end, accepted, refused):
        """Note what a batch did, and return the cursor after it.

        :param int end: the first row of the next batch
        :param int accepted: how many rows were imported
        :param list refused: [row, column, reason] of what is in no file
        """
        self.cursor = moved = {
            "start": end,
            "accepted": cursor["accepted"] + accepted,
            "refused": cursor["refused"] + refused,
        }
        return moved

    def _end_file(self, table, errors, names):
        """Forget the file, keep the rows that were rejected; return how many are.

        :param errors: (row, column, reason in words)
        :param dict names: ``{column: its name for people}``
        """
        self.env.cr.cache.pop(CACHE, None)
        self.file = False
        reasons = {}
        for row, column, reason in errors:
            reasons.setdefault(row, []).append(f"{names.get(column, column)}: {reason}")
        if reasons:
            content = self._rejected_rows(table, reasons)
            self.rejected_file = base64.b64encode(content.encode("utf-8-sig"))
            self.rejected_name = self.env._("rejected-rows.csv")
        return len(reasons)

    def _rejected_rows(self, table, reasons):
        """Return the rejected rows as CSV: number, the cells as they were, reasons."""
        rows = table.loc[list(reasons)]
        said = [" ".join(each) for each in reasons.values()]
        rows.insert(0, self.env._("Row"), rows.index, allow_duplicates=True)
        rows.insert(
            len(rows.columns), self.env._("Reason"), said, allow_duplicates=True
        )
        return history_file.write_table(rows)

    def _say_imported(self, table, accepted, rejected):
        """Say what became of the rows of a table."""
        self._say(
            self.env._(
                "%(accepted)s rows imported, %(known)s known already, %(rejected)s "
                "rejected.",
                accepted=accepted,
                known=len(table) - rejected - accepted,
                rejected=rejected,
            )
        )
