import pandas as pd
import pytz

from odoo import api, models
from odoo.exceptions import AccessError

from ..compute import interaction_rows

MANAGER = "dcrm_analytics.group_dcrm_manager"


class DcrmInteraction(models.Model):
    """Import of the records of a call centre from a file, row by row."""

    _inherit = "dcrm.interaction"

    @api.model
    @api.private
    def import_records(self, frame, source, company=None, channel="call_centre"):
        """Log the rows of a frame that can be understood, each once.

        :param frame: pandas frame with the columns of :meth:`log_records`; a row
            without ``reference`` is known again by all that it says
        :param str source: the system that they come from
        :param company: whose they are (record); default: the current company
        :param str channel: of rows that say none
        :return: ``accepted`` and ``rejected`` count rows; ``errors`` lists (row from 1,
            column, reason). Rows that were logged before are neither.
        :raises AccessError: the user is no manager, or not of that company
        """
        company = company or self.env.company
        self._check_import_access(company)
        found, keys = self._read_frame(frame, source, company)
        results = self._log_rows(found, keys, company, channel=channel)
        errors = [
            (row, column, reason)
            for row, result in enumerate(results, 1)
            for column, reason in self._explain_row(result.get("errors", ()))
        ]
        return {
            "accepted": sum(1 for result in results if result.get("new")),
            "rejected": len({row for row, _column, _reason in errors}),
            "errors": errors,
        }

    @api.model
    def _check_import_access(self, company):
        """Raise AccessError unless the user may log for whomever a file names."""
        if not self.env.su and not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only managers import interactions."))
        if not self.env.su and company not in self.env.user.company_ids:
            raise AccessError(self.env._("You do not work in this company."))

    @api.model
    def _read_frame(self, frame, source, company):
        """Return (values, errors) of each row of a frame, and its key."""
        names = [name for name in interaction_rows.COLUMNS if name in frame]
        cells = frame[names].astype(object)
        cells = cells.where(cells.notna(), None)
        found = self._read_records(cells.to_dict("records"), company)
        source = interaction_rows.clean(source)
        return found, interaction_rows.keys(source, [values for values, _e in found])

    @api.model
    def _understood(self, frame, company):
        """Return the rows of a frame as they are understood, and what is wrong.

        :return: frame indexed from 1; list of (row, column, reason in words)
        """
        found, _keys = self._read_frame(frame, "", company)
        named = self._log_named(found, company)
        rows, errors = {}, []
        for row, (values, wrong) in enumerate(found, 1):
            here = {name: named[name][values[name]] for name in named if name in values}
            wrong = [*wrong, *self._errors_of_named(here)]
            if not wrong:
                rows[row] = self._in_words(values, company)
            errors += [(row, *each) for each in self._explain_row(wrong)]
        rows = pd.DataFrame.from_dict(rows, orient="index")
        return rows.reindex(columns=list(interaction_rows.COLUMNS)), errors

    @api.model
    def _in_words(self, values, company):
        """Return values as people read them; instants as the company's clocks show."""
        moment = pytz.utc.localize(values["date"]).astimezone(company._customer_zone())
        words = {**values, "date": moment.strftime("%Y-%m-%d %H:%M")}
        for name in ("channel", "direction", "mood"):
            if name in values:
                labels = dict(self._fields[name]._description_selection(self.env))
                words[name] = labels[values[name]]
        return words
