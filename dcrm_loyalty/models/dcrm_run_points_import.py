import base64

import pandas as pd

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.dcrm_analytics.compute import history_columns, history_file

# How many rows a batch imports; some seconds of work.
BATCH = 20_000

# By which of the kinds of cells that files of purchases have a meaning is read.
READ_AS = {"points": "amount", "expires_on": "date"}


class DcrmRun(models.Model):
    """Import of a file of balances, a batch of rows at a time.

    A batch that a kill undid is done again; what was imported already is passed over.
    """

    _inherit = "dcrm.run"

    kind = fields.Selection(
        selection_add=[("points_import", "Import of balances")],
        ondelete={"points_import": "cascade"},
    )

    def _start_points_import(self, club, content, rows, name, **options):
        """Ask for the import of a table of balances and return the run.

        :param content: the table, packed and in base 64
        :param rows: how many rows it has
        :param name: of the file, for people
        :param options: ``meanings``, ``order`` and ``mark`` of :meth:`_balances_frame`
        """
        self.env["dcrm.points.account"]._check_import_access(club)
        run = self._start(
            "points_import", club.sudo().company_id, club_id=club.id, **options
        )
        name = f"{run.sudo().name}: {name}"
        run.sudo().write({"name": name, "file": content, "total": rows})
        return run

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
        if not self.user_id:
            raise UserError(self.env._("Whoever asked for this import is gone."))
        options = self.options
        club = self.env["dcrm.club"].browse(options["club_id"])
        accounts = self.env["dcrm.points.account"]
        accounts.with_user(self.user_id)._check_import_access(
            club.with_user(self.user_id)
        )
        self.phase = self.env._("Importing rows")
        table = history_file.unpack(base64.b64decode(self.file))
        frame = self._balances_frame(
            table, options["meanings"], options["order"], options["mark"]
        )
        rows, wrong = accounts._read_balances(frame, club)
        cursor = {"start": 0, "accepted": 0, "refused": [], **(self.cursor or {})}
        part = rows.iloc[cursor["start"] : cursor["start"] + BATCH]
        imported = accounts.with_user(self.user_id).sudo()._import_rows(part, club)
        done = cursor["start"] + len(part)
        self.cursor = cursor = {
            "start": done,
            "accepted": cursor["accepted"] + imported.accepted,
            "refused": cursor["refused"] + imported.errors.to_numpy().tolist(),
        }
        if done == len(rows):
            self._end_points_import(table, len(rows), wrong, cursor)
        # Rows that say nothing are done with the first batch.
        idle = len(table) - len(rows) if done == len(part) else 0
        return len(part) + idle, len(rows) - done

    def _end_points_import(self, table, read, wrong, cursor):
        """Say what was imported, and keep what was rejected."""
        refused = pd.DataFrame(cursor["refused"], columns=wrong.columns)
        errors = pd.concat([wrong, refused], ignore_index=True)
        errors = errors.sort_values("row", kind="stable", ignore_index=True)
        rejected = errors["row"].nunique()
        self._say(
            self.env._(
                "%(accepted)s rows imported, %(known)s known already, %(rejected)s "
                "rejected.",
                accepted=cursor["accepted"],
                known=len(table) - rejected - cursor["accepted"],
                rejected=rejected,
            )
        )
        self.file = False
        if rejected:
            content = self._rejected_balances(table, errors)
            self.rejected_file = base64.b64encode(content.encode("utf-8-sig"))
            self.rejected_name = self.env._("rejected-rows.csv")

    def _rejected_balances(self, table, errors):
        """Return the rejected rows as CSV: number, the cells as they were, reasons."""
        explained = self.env["dcrm.points.account"]._explain_errors(errors)
        names = self.env["dcrm.points.import.column"]._meaning_names()
        reasons = {}
        for row, column, reason in explained:
            reasons.setdefault(row, []).append(f"{names[column]}: {reason}")
        rows = table.loc[list(reasons)]
        said = [" ".join(each) for each in reasons.values()]
        rows.insert(0, self.env._("Row"), rows.index, allow_duplicates=True)
        rows.insert(len(rows.columns), self.env._("Reason"), said, True)
        return history_file.write_table(rows)
