from datetime import timedelta
from typing import NamedTuple

from odoo import fields, models
from odoo.tools import html2plaintext

from ..queries import customer_page as queries

# How many of the last contacts, and of the dates ahead, are shown.
SHOWN = 5
# How far ahead meetings are looked for, and how many of them at most.
DAYS_AHEAD = 60
MOST_MEETINGS = 40


class Contact(NamedTuple):
    """An activity, message or meeting: its instant (UTC, naive), words, and whose it
    is or where.
    """

    id: int
    at: object
    text: str
    name: str

    @property
    def day(self):
        return self.at.date()


class DcrmCustomerPage(models.Model):
    """When we last spoke with each other, and which days are coming.

    Activities and messages on the customer and its people are told to whoever may open
    the page, as the host tells them to whoever opens the contact; meetings only to who
    may see them in the calendar.
    """

    _inherit = "dcrm.customer.page"

    def _page_facts(self):
        met, meetings = self._meetings()
        return {
            **super()._page_facts(),
            **self._contacts(),
            "met": met,
            "meetings": meetings,
        }

    def _contacts(self):
        """Return lists of :class:`Contact`: ``todo``, ``done`` and ``written``."""
        self.env["mail.activity"].flush_model()
        self.env["mail.message"].flush_model()
        found = {"todo": [], "done": [], "written": []}
        rows = self.env.execute_query(
            queries.contacts(self.id, self.env.lang or "en_US", SHOWN)
        )
        for kind, id_, moment, text, name, body in rows:
            text = text or html2plaintext(body or "")[:120]
            found[kind].append(Contact(id_, moment, text, name))
        return found

    def _meetings(self):
        """Return the latest meetings, and the next ones in :data:`DAYS_AHEAD` days."""
        if not self._may_read("calendar.event"):
            return [], []
        now = fields.Datetime.now()
        readable = self.env["calendar.event"]._search(
            [
                ("partner_ids.commercial_partner_id", "=", self.id),
                ("start", "<", now + timedelta(DAYS_AHEAD)),
            ],
            order="start desc",
            limit=MOST_MEETINGS,
        )
        rows = self.env.execute_query(queries.meetings(readable, self.env.uid))
        busy = self.env._("Busy")
        found = [
            Contact(id_, start, name or busy, location)
            for id_, start, name, location in rows
        ]
        met = [each for each in found if each.at < now]
        return met[:SHOWN], [each for each in found if each.at >= now][::-1]

    # -- last contacts ---------------------------------------------------------------

    def _page_contacts(self, facts):
        """Return what passed between us: dicts of a line, and of ``at`` (an instant or
        a day) and ``origin``, the record's model and id.
        """
        done = [
            self._entry(
                ("mail.activity", each.id),
                each.day,
                each.text,
                "fa-check",
                detail=each.name,
            )
            for each in facts["done"]
        ]
        written = [
            self._entry(
                ("mail.message", each.id),
                each.at,
                each.text,
                "fa-envelope-o",
                detail=each.name,
            )
            for each in facts["written"]
        ]
        met = [
            self._entry_of_event(event, "fa-calendar-check-o") for event in facts["met"]
        ]
        return [*done, *written, *met]

    def _entry(self, origin, moment, text, icon, **values):
        """Return an entry of :meth:`_page_contacts` or :meth:`_page_dates`."""
        return {
            "at": moment,
            "origin": origin,
            **self._line(text, icon=icon, **values),
        }

    def _entry_of_event(self, event, icon):
        return self._entry(
            ("calendar.event", event.id),
            event.at,
            event.text,
            icon,
            detail=event.name,
            action=self._open(self.env["calendar.event"].browse(event.id)),
        )

    def _section_contacts(self, facts):
        contacts = self._page_contacts(facts)
        contacts.sort(key=self._instant, reverse=True)
        return self._section(
            "contacts",
            self.env._("Last contacts"),
            "fa-comments-o",
            [self._lines(self._dated(contacts, facts["today"]))],
            empty=None
            if contacts
            else self.env._("Nobody has been in contact so far."),
        )

    # -- dates ahead -----------------------------------------------------------------

    def _page_dates(self, facts):
        """Return what is coming, or overdue: as :meth:`_page_contacts`."""
        action = self._open(facts["partner"])
        to_do = [
            {
                **self._entry(
                    ("mail.activity", each.id),
                    each.day,
                    each.text,
                    "fa-clock-o",
                    detail=each.name,
                    action=action,
                ),
                "tone": "danger" if each.day < facts["today"] else None,
            }
            for each in facts["todo"]
        ]
        meetings = [
            self._entry_of_event(event, "fa-calendar") for event in facts["meetings"]
        ]
        return [*to_do, *meetings]

    def _section_dates(self, facts):
        dates = self._page_dates(facts)
        dates.sort(key=self._instant)
        return self._section(
            "dates",
            self.env._("Dates ahead"),
            "fa-calendar",
            [self._lines(self._dated(dates, facts["today"]))],
            empty=None if dates else self.env._("Nothing is planned."),
        )

    def _dated(self, entries, today):
        """Return the lines of the first entries, each with its day at its end.

        What the host keeps twice, as the activity of a meeting, is said once.
        """
        once = {(entry["text"], self._day(entry["at"])): entry for entry in entries}
        return [
            {
                **{key: entry[key] for key in entry.keys() - {"at", "origin"}},
                "aside": self._when(entry["at"], today),
            }
            for entry in list(once.values())[:SHOWN]
        ]

    def _instant(self, entry):
        """Return when an entry is, a day as its beginning, to be sorted by."""
        return fields.Datetime.to_datetime(entry["at"])
