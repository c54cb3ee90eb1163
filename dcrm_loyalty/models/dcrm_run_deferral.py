from datetime import date
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.dcrm_analytics.models.dcrm_run import OPEN, Busy


class DcrmRun(models.Model):
    """Closing of a company's points: a month of a club's invoices at a time.

    ``cursor`` says which are left. Each is an entry of its own in a transaction of its
    own; one that a kill undid is done again, one that was posted is passed over.
    """

    _inherit = "dcrm.run"

    kind = fields.Selection(
        selection_add=[("points_close", "Closing of points")],
        ondelete={"points_close": "cascade"},
    )

    @api.model
    def _start_points_close(self):
        """Ask for a run in each company that has points of a month that is over."""
        clubs = self.env["dcrm.club"].with_context(active_test=False)
        for company, of_company in (
            clubs.search([("deferral", "=", True)]).grouped("company_id").items()
        ):
            under_way = self.search_count(
                [
                    ("kind", "=", "points_close"),
                    ("company_id", "=", company.id),
                    ("state", "in", OPEN),
                ]
            )
            if not under_way and any(club._days_to_close() for club in of_company):
                self._start("points_close", company)

    def _step_points_close(self):
        """Close a month of a club's invoices; begin by saying which there are."""
        if self.cursor is False or self.cursor is None:
            self.cursor = self._points_to_close()
            return 0, len(self.cursor)
        if not self.cursor:
            return 0, 0
        [club_id, *days], *left = self.cursor
        day, month = map(date.fromisoformat, days)
        club = self.env["dcrm.club"].browse(club_id)
        if not club.try_lock_for_update(allow_referencing=True):
            raise Busy
        self.phase = self.env._(
            "Closing the points of %(club)s up to %(day)s",
            club=club.name,
            day=format_date(self.env, day),
        )
        if club.deferral and (
            not club.deferral_closed_on or day > club.deferral_closed_on
        ):
            expectation = club._expectation(day, self._curve_of_points(club, day))
            club._close_month(month, day, expectation)
            if [club_id, days[0]] not in [each[:2] for each in left]:
                club._closed(day, expectation)
        self.cursor = left
        return 1, len(left)

    def _curve_of_points(self, club, day):
        """Return what the club expects by, read from its ledger once a day it closes.

        The run remembers the last one.
        """
        options = self.options or {}
        asked = [club.id, day.isoformat(), club.redemption_by]
        if options.get("curve_of") != asked:
            curve = [str(part) for part in club._expected_curve(day)]
            self.options = options | {"curve_of": asked, "curve": curve}
        return [Decimal(part) for part in self.options["curve"]]

    def _points_to_close(self):
        """Return ``[[club id, last day, first day of the month of invoices]]``.

        Clubs whose accounts can not be posted on come last: the run ends there, and
        says why.
        """
        clubs = self.env["dcrm.club"].with_context(active_test=False)
        return [
            [club.id, day.isoformat(), month.isoformat()]
            for club in clubs.search(
                [("deferral", "=", True), ("company_id", "=", self.company_id.id)],
                order="id",
            ).sorted(lambda club: bool(club._wrong_books()))
            for day in club._days_to_close()
            for month in club._months_to_close(day)
        ]
