from datetime import timedelta
from typing import NamedTuple

from odoo import models
from odoo.fields import Domain

from odoo.addons.dcrm_analytics.models.dcrm_customer_page_next import OFFERED

from ..queries import customer_page as queries
from .dcrm_membership import ENDED

# From so many days before the end of a membership on it is time to renew it.
RENEW_BEFORE = 30


class Membership(NamedTuple):
    """A membership that has not ended: its dates, or None, and names."""

    id: int
    state: str
    start: object
    end: object
    club: str
    tier: str


class DcrmCustomerPage(models.Model):
    """The clubs that the customer is in, its tier there, and until when."""

    _inherit = "dcrm.customer.page"

    def _page_facts(self):
        return {**super()._page_facts(), "memberships": self._open_memberships()}

    def _open_memberships(self):
        """Return a list of :class:`Membership`, the active ones first."""
        if not self._may_read("dcrm.membership"):
            return []
        readable = self.env["dcrm.membership"]._search(
            self._domain_here() & Domain("state", "not in", ENDED)
        )
        rows = self.env.execute_query(
            queries.memberships(readable, self.env.lang or "en_US")
        )
        return [Membership(*row) for row in rows]

    def _open_membership(self, membership):
        return self._open(self.env["dcrm.membership"].browse(membership.id))

    def _page_badges(self, facts):
        return super()._page_badges(facts) + [
            self._badge(membership.tier, title=membership.club)
            for membership in facts["memberships"]
            if membership.state == "active"
        ]

    def _page_sections(self, facts):
        sections = super()._page_sections(facts)
        return self._insert_after(sections, "segment", self._section_club(facts))

    def _section_club(self, facts):
        lines = [
            self._line(
                self.env._(
                    "%(club)s: %(tier)s", club=membership.club, tier=membership.tier
                ),
                icon="fa-id-card-o",
                detail=self._term_in_words(membership),
                action=self._open_membership(membership),
            )
            for membership in facts["memberships"]
        ]
        if not lines:
            return None
        return self._section(
            "club", self.env._("Club"), "fa-id-card-o", [self._lines(lines)]
        )

    def _term_in_words(self, membership):
        if membership.state == "applied":
            return self.env._("Has applied")
        start = self._date(membership.start)
        if not membership.end:
            return self.env._("Member since %s", start)
        return self.env._(
            "Member since %(start)s, until %(end)s",
            start=start,
            end=self._date(membership.end),
        )

    def _page_dates(self, facts):
        return super()._page_dates(facts) + [
            self._entry(
                ("dcrm.membership", membership.id),
                membership.end,
                self.env._("Membership ends: %s", membership.club),
                "fa-id-card-o",
                detail=membership.tier,
                action=self._open_membership(membership),
            )
            for membership in facts["memberships"]
            if membership.state == "active" and membership.end
        ]

    def _page_steps(self, facts):
        return super()._page_steps(facts) + [
            step
            for membership in facts["memberships"]
            if (step := self._step_of_membership(membership, facts["today"]))
        ]

    def _step_of_membership(self, membership, today):
        """Return what is to be done about a membership, None where nothing is."""
        values = {
            "icon": "fa-id-card-o",
            "action": self._open_membership(membership),
        }
        if membership.state == "applied":
            return self._step(
                f"applied_{membership.id}",
                OFFERED,
                self.env._("Decide on the application for %s", membership.club),
                **values,
            )
        if not membership.end or membership.end > today + timedelta(RENEW_BEFORE):
            return None
        return self._step(
            f"renew_{membership.id}",
            OFFERED,
            self.env._("Offer to renew %s", membership.club),
            self.env._("The membership ends %s", self._when(membership.end, today)),
            **values,
        )
