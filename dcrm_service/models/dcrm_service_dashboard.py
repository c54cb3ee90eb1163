from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain

AGENT = "dcrm_service.group_service_agent"
TICKET = "dcrm.ticket"
KEPT = "dcrm.sla.report"

# What the dashboard is filtered by: fields of tickets and of promises alike.
BY_ID = ("team_id", "kind_id", "user_id")
CLASSES = ("a", "b", "c")


class DcrmServiceDashboard(models.AbstractModel):
    """The dashboard of service: what came in, how fast it was answered, what is left.

    Built as the manager's dashboard is, of whose sections it has none. Every figure
    counts, or is a mean of, tickets or promises, and opens exactly those. A promise
    counts in the period in which it was due, by what was reached first, as in the
    report of promises.

    Of its filters, ``user_id`` is whom tickets are assigned to; it has ``team_id``,
    ``kind_id`` and ``value_class``, too, and options for them. Its state is ``empty``
    where there is no ticket yet.
    """

    _name = "dcrm.service.dashboard"
    _inherit = "dcrm.dashboard"
    _description = "Dashboard of Service"

    @api.model
    def _sections(self):
        both = [TICKET, KEPT]
        words = (
            (
                "service_volume",
                self.env._("What came in"),
                self.env._("Tickets that were opened and closed in the period."),
                [TICKET],
                6,
            ),
            (
                "service_promises",
                self.env._("How it was answered"),
                self.env._("Promises that were due in the period, and waiting times."),
                both,
                6,
            ),
            (
                "service_now",
                self.env._("Open now"),
                self.env._("What waits today, by stage and age, whatever the period."),
                [TICKET],
                12,
            ),
            (
                "service_months",
                self.env._("By month"),
                self.env._("What came in and was closed, and which share was kept."),
                both,
                12,
            ),
            (
                "service_teams",
                self.env._("By team"),
                self.env._("Who answers what, and how."),
                both,
                12,
            ),
            (
                "service_kinds",
                self.env._("By kind"),
                self.env._("What customers ask, and how it is answered."),
                both,
                12,
            ),
            (
                "service_values",
                self.env._("By value class"),
                self.env._("Whether customers who are worth more are served better."),
                both,
                12,
            ),
        )
        return self._in_order(words)

    def _state(self, company):
        some = self.env[TICKET].search_count([("company_id", "=", company.id)], 1)
        return "ready" if some else "empty"

    def _may_use(self):
        return super()._may_use() or self.env.user.has_group(AGENT)

    def _run_under_way(self, company):
        """Return no run: nothing here waits for scores."""
        return self.env["dcrm.run"]

    def _filters(self, filters):
        complete = super()._filters(filters)
        asked = self.env["dcrm.customer.score"]._id_asked
        filters = filters or {}
        value_class = filters.get("value_class")
        return {
            **complete,
            "team_id": asked(filters.get("team_id")),
            "kind_id": asked(filters.get("kind_id")),
            "value_class": value_class if value_class in CLASSES else None,
        }

    def _options(self, company):
        """Return whose tickets, of which teams, kinds and classes, there are."""
        tickets = self.env[TICKET]
        own = [("company_id", "=", company.id)]
        return {
            "users": self._chosen(tickets, own, "user_id"),
            "industries": [],
            "teams": self._chosen(tickets, own, "team_id"),
            "kinds": self._chosen(tickets, own, "kind_id"),
            "classes": [
                {"id": key, "name": name} for key, name in self._classes().items()
            ],
        }

    def _classes(self):
        field = self.env[TICKET]._fields["value_class"]
        return dict(field._description_selection(self.env))

    # -- what is asked of tickets and promises ----------------------------------------

    def _asked(self, filters):
        """Return the domain of the promises that filters are about."""
        domain = Domain("company_id", "=", filters["company_id"])
        for name in (*BY_ID, "value_class"):
            if filters[name]:
                domain &= Domain(name, "=", filters[name])
        return domain

    def _tickets(self, filters):
        """Return the domain of the tickets that filters are about.

        What was merged into another is no ticket of its own any more.
        """
        return self._asked(filters) & Domain("merged_into_id", "=", False)

    def _within(self, filters, field, first=None, last=None):
        """Return the domain of instants in the days of a period, the company's days."""
        zone = self._zone(filters)
        first = first or fields.Date.to_date(filters["date_from"])
        last = last or fields.Date.to_date(filters["date_to"])
        begin, end = (
            zone.localize(datetime.combine(day, time.min)).astimezone(pytz.utc)
            for day in (first, last + timedelta(1))
        )
        return Domain(field, ">=", fields.Datetime.to_string(begin)) & Domain(
            field, "<", fields.Datetime.to_string(end)
        )

    def _zone(self, filters):
        return self.env["res.company"].browse(filters["company_id"])._customer_zone()

    def _opened(self, filters):
        return self._tickets(filters) & self._within(filters, "opened_at")

    def _closed(self, filters):
        return self._tickets(filters) & self._within(filters, "first_closed_at")

    def _due(self, filters):
        """Return the domain of promises of the period that are kept or broken."""
        decided = Domain("is_decided", "=", True)
        return self._asked(filters) & self._within(filters, "due_at") & decided

    def _count(self, domain, model=TICKET):
        return self.env[model].search_count(domain)

    def _mean(self, domain, field, model=TICKET):
        """Return a mean, None where there is nothing to take it of."""
        [[value]] = self.env[model]._read_group(domain, [], [f"{field}:avg"])
        return value

    # -- figures ---------------------------------------------------------------------

    def _tickets_figure(self, label, domain, value=None, **more):
        value = self._count(domain) if value is None else value
        return self._figure(label, value, "number", TICKET, domain, **more)

    def _hours_figure(self, label, field, domain, value, **more):
        """Return a figure of a mean of hours; nothing is the mean of no tickets."""
        model = None if value is None else TICKET
        more = {"measure": f"{field}:avg", **more}
        return self._figure(label, value, "hours", model, domain, **more)

    def _kept_figure(self, label, domain, value, **more):
        """Return the share of promises that was kept; no share of none."""
        model = None if value is None else KEPT
        more = {"measure": "kept:avg", **more}
        return self._figure(label, value, "percent", model, domain, **more)

    @staticmethod
    def _change(value, before):
        """Return by which share of it something changed, None where none is known."""
        return (value - before) / before if before and value is not None else None
