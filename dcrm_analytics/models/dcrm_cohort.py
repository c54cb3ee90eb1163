from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..queries import cohort

MONTHS = {"month": 1, "quarter": 3}


class DcrmCohort(models.Model):
    """Purchases by cohort: those who bought first in the same period, by their age.

    Read from the purchases, nothing is stored. A customer's cohort is the month or the
    quarter of its first purchase of a positive amount, in a company; its age at a
    purchase is the number of months or quarters since, by the calendar. Customers who
    never bought anything, only returned, are in no cohort.
    """

    _name = "dcrm.cohort"
    _description = "Cohort"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _depends = {
        "dcrm.purchase": ["partner_id", "company_id", "date", "amount", "margin"],
        "dcrm.customer.score": ["segment_id"],
    }

    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, aggregator="count_distinct"
    )
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    industry_id = fields.Many2one(related="partner_id.industry_id", string="Industry")
    country_id = fields.Many2one(related="partner_id.country_id", string="Country")
    state_id = fields.Many2one(related="partner_id.state_id", string="Region")
    segment_id = fields.Many2one("dcrm.segment", readonly=True)
    date = fields.Date("Purchased On", readonly=True)
    amount = fields.Monetary("Revenue", readonly=True)
    margin = fields.Monetary(readonly=True)
    bought = fields.Boolean(
        readonly=True, help="The purchase has a positive amount: it is no credit note"
    )
    source = fields.Selection(selection="_selection_source", readonly=True)
    channel = fields.Char(readonly=True)
    first_source = fields.Selection(
        selection="_selection_source",
        readonly=True,
        help="Where the customer's first purchase comes from",
    )
    first_channel = fields.Char(
        readonly=True, help="The channel of the customer's first purchase"
    )
    first_purchase_date = fields.Date("First Purchase", readonly=True)
    cohort_month = fields.Date(
        readonly=True, help="The first day of the month of the first purchase"
    )
    cohort_quarter = fields.Date(
        readonly=True, help="The first day of the quarter of the first purchase"
    )
    age_months = fields.Integer(
        "Age in Months",
        readonly=True,
        aggregator=None,
        help="Months, by the calendar, between the first purchase and this one",
    )
    age_quarters = fields.Integer("Age in Quarters", readonly=True, aggregator=None)

    @property
    def _table_query(self):
        # Of all companies, as if it were a table: its rules say who sees which.
        return cohort.facts(self.env["dcrm.customer.score"]._today_of_companies())

    @api.model
    def _selection_source(self):
        return (
            self.env["dcrm.purchase"]._fields["source"]._description_selection(self.env)
        )

    def action_open_purchase(self):
        """Return the action that opens the purchase.

        :raises AccessError: for who may not read the row
        """
        self.ensure_one()
        self.check_access("read")
        return self.env["dcrm.purchase"].browse(self.id).get_formview_action()

    @api.model
    @api.readonly
    def table(self, filters=None, step="month", domain=()):
        """Return the cohorts of a company, each with what it did at every age.

        A cell counts the distinct customers with a purchase of a positive amount at
        that age; revenue and margin are the net sums, credit notes subtracted, of all
        that they bought and returned. Retention is the cell's customers by the
        cohort's; the repeat rate is the share of customers with two purchases or more.

        :param dict filters: ``company_id`` (default: the current company),
            ``date_from`` and ``date_to``, between which the first purchases lie and
            up to the last of which purchases count, ``user_id`` (the customer's
            salesperson) and ``industry_id``
        :param step: ``month`` or ``quarter``
        :param domain: of this model: only the purchases in it
        :return: dict ``model``, ``company_id``, ``currency_id``, ``step``, ``as_of``,
            ``customers``, ``repeat_rate``, ``average`` (the retention by age of all
            cohorts whose period at that age is over) and ``cohorts``: dicts ``start``
            (its first day), ``size``, ``repeaters``, ``repeat_rate``, ``domain`` and
            ``cells``, one for each age up to now: dicts ``age, customers, retention,
            revenue, margin, margin_unknown`` (purchases without a known margin),
            ``is_open`` (the period is not over) and ``domain`` (of the purchases)
        :raises AccessError: for who may not read scores, or not of that company
        :raises UserError: for filters that say nothing
        :raises ValueError: for any other step
        """
        self.browse().check_access("read")
        if step not in tuple(MONTHS):
            raise ValueError(f"cohorts are by 'month' or 'quarter', not {step!r}")
        filters = self.env["dcrm.customer.score"]._checked_filters(filters)
        company = self.env["dcrm.customer.score"]._company_of_grid(
            filters.get("company_id")
        )
        as_of = self._as_of(company, filters)
        asked = self.env["dcrm.customer.score"]._domain_asked
        domain = asked(domain, self._name)
        domain &= self._domain_of_filters(company, filters)
        query = self._search(domain)
        names = ("partner_id", f"cohort_{step}", f"age_{step}s", "amount", "margin")
        columns = [self._field_to_sql(query.table, name, query=query) for name in names]
        rows = self.env.execute_query(
            cohort.table(query.select(*cohort.named(columns)))
        )
        cohorts = self._cohorts(rows, step, as_of, company.currency_id, list(domain))
        customers = sum(each["size"] for each in cohorts)
        repeaters = sum(each["repeaters"] for each in cohorts)
        return {
            "model": self._name,
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "step": step,
            "as_of": as_of,
            "customers": customers,
            "repeat_rate": _share(repeaters, customers),
            "average": _average(cohorts),
            "cohorts": cohorts,
        }

    @api.model
    def _as_of(self, company, filters):
        today = company._customer_scoring_today()
        return min(fields.Date.to_date(filters.get("date_to")) or today, today)

    @api.model
    def _domain_of_filters(self, company, filters):
        domain = Domain("company_id", "=", company.id)
        if date_from := filters.get("date_from"):
            domain &= Domain("first_purchase_date", ">=", date_from)
        if date_to := filters.get("date_to"):
            domain &= Domain("date", "<=", date_to)
            # What was credited before the first purchase does not bring it forward.
            domain &= Domain("first_purchase_date", "<=", date_to)
        for name in ("user_id", "industry_id"):
            if filters.get(name):
                domain &= Domain(name, "=", filters[name])
        return domain

    @api.model
    def _cohorts(self, rows, step, as_of, currency, domain):
        """Return cohorts from the rows of ``queries.cohort.table``."""
        born, cells = {}, {}
        for start, age, *figures in rows:
            if age is None:
                born[start] = figures[:2]
            else:
                cells[start, age] = figures
        cohorts = []
        for start in sorted(born):
            size, repeaters = map(int, born[start])
            own = [*domain, (f"cohort_{step}", "=", fields.Date.to_string(start))]
            cohort = {
                "start": fields.Date.to_string(start),
                "size": size,
                "repeaters": repeaters,
                "repeat_rate": _share(repeaters, size),
                "domain": own,
                "cells": [],
            }
            last = _periods(start, as_of, step)
            for age in range(last + 1):
                customers, revenue, margin, unknown = cells.get((start, age), [0] * 4)
                cohort["cells"].append(
                    {
                        "age": age,
                        "customers": customers,
                        "retention": _share(customers, size),
                        "revenue": currency.round(float(revenue)),
                        "margin": currency.round(float(margin)),
                        "margin_unknown": int(unknown),
                        "is_open": age == last,
                        "domain": [*own, (f"age_{step}s", "=", age)],
                    }
                )
            cohorts.append(cohort)
        return cohorts


def _periods(start, day, step):
    """Return how many periods later a day is than the period that begins at ``start``.

    >>> from datetime import date
    >>> _periods(date(2024, 10, 1), date(2025, 1, 31), "month")
    3
    >>> _periods(date(2024, 10, 1), date(2025, 1, 31), "quarter")
    1
    """
    passed = relativedelta(day, start)
    return (12 * passed.years + passed.months) // MONTHS[step]


def _share(part, whole):
    return part / whole if whole else 0.0


def _average(cohorts):
    """Return ``{age, retention, customers}`` by age, of periods that are over."""
    ages = []
    for age in range(max((len(each["cells"]) for each in cohorts), default=0)):
        over = [
            each
            for each in cohorts
            if len(each["cells"]) > age and not each["cells"][age]["is_open"]
        ]
        size = sum(each["size"] for each in over)
        kept = sum(each["cells"][age]["customers"] for each in over)
        if size:
            ages.append(
                {"age": age, "customers": size, "retention": _share(kept, size)}
            )
    return ages
