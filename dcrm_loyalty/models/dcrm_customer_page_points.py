from datetime import timedelta
from typing import NamedTuple

from odoo import models

from odoo.addons.dcrm_analytics.models.dcrm_customer_page_next import OFFERED

from ..queries import customer_page as queries

# Points that expire within so many days are to be used.
USE_BEFORE = 30
ICON = "fa-star-o"


class Points(NamedTuple):
    """What the customer has of a club's points; ``expires_on`` is a date, or None."""

    id: int
    club: str
    name: str
    balance: float
    pending: float
    debt: float
    expires_on: object
    expiring: float


class DcrmCustomerPage(models.Model):
    """The points that the customer has, and until when."""

    _inherit = "dcrm.customer.page"

    def _page_facts(self):
        return {**super()._page_facts(), "points": self._points_of_clubs()}

    def _points_of_clubs(self):
        """Return a list of :class:`Points`, those of the first club first."""
        accounts = self.env["dcrm.points.account"]
        if not self._may_read(accounts._name):
            return []
        readable = accounts._search(self._domain_here())
        rows = self.env.execute_query(
            queries.points(readable, self.env.lang or "en_US")
        )
        return [Points(*row) for row in rows]

    def _open_points(self, points):
        return self._open(self.env["dcrm.points.account"].browse(points.id))

    def _in_points(self, number):
        return self.env["dcrm.points.account"]._points_text(number)

    def _page_sections(self, facts):
        sections = super()._page_sections(facts)
        after = "club" if any(s and s["key"] == "club" for s in sections) else "segment"
        return self._insert_after(sections, after, self._section_points(facts))

    def _section_points(self, facts):
        lines = [
            self._line(
                self.env._(
                    "%(points)s %(name)s",
                    points=self._in_points(points.balance),
                    name=points.name or self.env._("points"),
                ),
                icon=ICON,
                detail=self._points_in_words(points, facts["today"]),
                aside=points.club,
                tone="danger" if points.debt else None,
                action=self._open_points(points),
            )
            for points in facts["points"]
        ]
        if not lines:
            return None
        return self._section("points", self.env._("Points"), ICON, [self._lines(lines)])

    def _points_in_words(self, points, today):
        """Return what else there is to know of points: pending, owed, expiring."""
        words = []
        if points.pending:
            words.append(self.env._("%s pending", self._in_points(points.pending)))
        if points.debt:
            words.append(self.env._("%s owed", self._in_points(points.debt)))
        if points.expires_on:
            words.append(
                self.env._(
                    "%(points)s expire %(when)s",
                    points=self._in_points(points.expiring),
                    when=self._when(points.expires_on, today),
                )
            )
        return ", ".join(words)

    def _page_dates(self, facts):
        return super()._page_dates(facts) + [
            self._entry(
                ("dcrm.points.account", points.id),
                points.expires_on,
                self.env._("Points expire: %s", points.club),
                ICON,
                detail=self._in_points(points.expiring),
                action=self._open_points(points),
            )
            for points in facts["points"]
            if points.expires_on
        ]

    def _page_steps(self, facts):
        soon = facts["today"] + timedelta(USE_BEFORE)
        return super()._page_steps(facts) + [
            self._step(
                f"points_{points.id}",
                OFFERED,
                self.env._(
                    "Tell of %(points)s points of %(club)s to use",
                    points=self._in_points(points.expiring),
                    club=points.club,
                ),
                self.env._(
                    "They expire %s", self._when(points.expires_on, facts["today"])
                ),
                icon=ICON,
                action=self._open_points(points),
            )
            for points in facts["points"]
            if points.expires_on and points.expires_on <= soon
        ]
