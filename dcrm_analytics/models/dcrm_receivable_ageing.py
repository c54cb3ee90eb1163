from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..queries import collection, receivable
from .dcrm_receivable import BUCKETS

# How many of the customers who owe most are named, and what "late" looks back on.
TOP = 10
DAYS_LATE_WINDOW = 365
# Sums of amounts, which are rounded to their currency, in full.
DIGITS = 6
# What the figures are made of: one reading of the items serves them all.
READ = [
    "partner_id",
    "bucket",
    "due_today",
    "due_week",
    "unallocated",
    "residual",
    "money_days",
]


class DcrmReceivable(models.Model):
    """What customers owe by age, how concentrated it is, and how late they pay."""

    _inherit = "dcrm.receivable"

    @api.model
    @api.readonly
    def ageing(self, filters=None, as_of=None):
        """Return what is owed by age, of the customers that the user may see.

        :param dict filters: ``company_id``, ``user_id`` (the customers' salesperson),
            ``industry_id``, ``date_to``; each may be missing
        :param as_of: the day that is looked at; default: ``date_to`` where it is past,
            else what is open now
        :return: dict ``as_of`` (a day, or ``None``: now), ``company_id``,
            ``currency_id``, ``days_late`` (see :meth:`days_late`; ``None``: nothing to
            tell it from), ``buckets``: a list of figures, not due first, further the
            figures ``total``, ``overdue``, ``unallocated``, ``due_today``,
            ``due_week``, ``over_limit``, and ``concentration``: the customers who owe
            most, as figures with a ``partner_id`` and a ``share`` of all that
            customers owe (credits of others not deducted), and ``top_share``, theirs
            together. A figure is a dict ``key, label, amount, customers, items`` and,
            to open exactly these items, ``model, domain, name, context``
        :raises AccessError: for who may not read receivables, or not of that company
        """
        self.browse().check_access("read")
        company, domain = self._filtered(filters)
        day = self._day_of(filters, as_of, company)
        return self._on(day)._ageing(company, domain, day)

    def _ageing(self, company, domain, day):
        rows, top = self._figures(domain)
        _partner, overdue, _customers, _items, money_days = rows["late"]
        found = {
            key: self._figure(key, label, domain & part, rows[key])
            for key, (label, part) in self._parts().items()
        }
        return {
            "as_of": day,
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "buckets": [found.pop(key) for key, _label in BUCKETS],
            **found,
            "concentration": self._concentration(domain, top),
            "days_late": self._mean_days_late(
                company, domain, day, overdue, money_days
            ),
        }

    def _parts(self):
        """Return ``{key: (label, domain)}`` of the figures, buckets first."""
        labels = dict(self._fields["bucket"]._description_selection(self.env))
        return {
            **{key: (labels[key], Domain("bucket", "=", key)) for key, _ in BUCKETS},
            "total": (self.env._("Receivables"), Domain.TRUE),
            "overdue": (self.env._("Overdue"), Domain("days_overdue", ">", 0)),
            "due_today": (self.env._("Due today"), Domain("due_today", "=", True)),
            "due_week": (self.env._("Due this week"), Domain("due_week", "=", True)),
            "unallocated": (
                self.env._("Not allocated"),
                Domain("unallocated", "=", True),
            ),
            "over_limit": (
                self.env._("Over the credit limit"),
                Domain("over_limit", "=", True),
            ),
        }

    def _figures(self, domain):
        """Return what the database makes of the items: a row a part, rows of the top.

        A row is ``(partner_id, amount, customers, items, more)``.
        """
        query = self._search(domain)
        columns = [
            SQL(
                "%s AS %s",
                self._field_to_sql(self._table, name, query),
                SQL.identifier(name),
            )
            for name in READ
        ]
        over = SQL("FALSE")
        if limits := self._limits():
            over = receivable.over_limit(self._table_sql, limits)
            over = receivable.is_over_limit(self._table, over)
        items = query.select(*columns, SQL("%s AS over_limit", over))
        rows, top = {}, []
        for key, *row in self.env.execute_query(receivable.figures(items, TOP)):
            if key == "customer":
                top.append(row)
            else:
                rows[key] = row
        return rows, top

    @api.model
    @api.readonly
    def days_late(self, partner_ids, as_of=None, company_id=None):
        """Return by how many days customers pay late, on average, ``{id: days}``.

        Averaged by amount: the days from the due date to the payment of what was paid
        in the 365 days before, and to ``as_of`` of what is overdue and not paid yet.
        Negative: they pay before it is due. Credit notes don't count. Customers of whom
        there is nothing to tell are missing.

        :param partner_ids: commercial partners
        :raises AccessError: for who may not read receivables, or not of that company
        :raises UserError: for what are no partners, or no day
        """
        self.browse().check_access("read")
        partner_ids = self.env["dcrm.customer.score"]._ids_asked(partner_ids)
        company, domain = self._filtered({"company_id": company_id})
        day = self.env["dcrm.customer.score"]._day_asked(as_of)
        domain &= Domain("partner_id", "in", partner_ids)
        return self._on(day)._days_late_by_customer(company, domain, day, partner_ids)

    # -- what is asked -----------------------------------------------------------------

    @api.model
    def _filtered(self, filters):
        """Return the company and the domain of filters."""
        filters = self.env["dcrm.customer.score"]._checked_filters(filters)
        scores = self.env["dcrm.customer.score"]
        company = scores._company_of_grid(filters.get("company_id"))
        domain = Domain("company_id", "=", company.id)
        if user_id := filters.get("user_id"):
            domain &= Domain("partner_id.user_id", "=", user_id)
        if industry_id := filters.get("industry_id"):
            domain &= Domain("industry_id", "=", industry_id)
        return company, domain

    @api.model
    def _day_of(self, filters, as_of, company):
        day_asked = self.env["dcrm.customer.score"]._day_asked
        if as_of:
            return day_asked(as_of)
        day = day_asked((filters or {}).get("date_to"))
        return day if day and day < company._customer_scoring_today() else None

    @api.model
    def _on(self, day):
        """Return the model as of a day, or as of now."""
        return self.with_context(as_of=fields.Date.to_string(day) if day else False)

    # -- figures -----------------------------------------------------------------------

    def _figure(self, key, label, domain, row):
        """Return a figure of a row of :meth:`_figures`."""
        _partner_id, amount, customers, items, _more = row
        return {
            "key": key,
            "label": label,
            "amount": round(amount or 0.0, DIGITS),
            "customers": customers,
            "items": items,
            "model": self._name,
            "domain": list(domain),
            "name": self._dated(label),
            "context": {"as_of": self.env.context.get("as_of")},
        }

    def _dated(self, label):
        """Return what a list of items is called: of which day, unless of now."""
        day = self._as_of()
        if not day:
            return label
        return self.env._(
            "%(what)s as of %(day)s", what=label, day=format_date(self.env, day)
        )

    def _concentration(self, domain, top):
        """Return the customers who owe most, and their share of what is owed."""
        partners = self.env["res.partner"].sudo().browse(row[0] for row in top)
        customers = [
            {
                **self._figure(
                    "customer",
                    partner.display_name,
                    domain & Domain("partner_id", "=", partner.id),
                    row,
                ),
                "partner_id": partner.id,
                "share": row[1] / row[4],
            }
            for partner, row in zip(partners, top, strict=True)
        ]
        return {
            "customers": customers,
            "top_share": sum(each["share"] for each in customers) if top else None,
        }

    # -- how late they pay -------------------------------------------------------------

    def _mean_days_late(self, company, domain, day, overdue, money_days):
        """Return the average of days late of all items of a domain, or ``None``.

        :param overdue: what is overdue and owed, credits not deducted
        :param money_days: that times how many days
        """
        [[paid_days, paid]] = self._paid(company, domain, day, [])
        money_days = (money_days or 0.0) + (paid_days or 0.0)
        amount = (overdue or 0.0) + (paid or 0.0)
        return money_days / amount if amount else None

    @api.model
    def _domain_settled(self, partner_ids):
        """Return the domain that finds what customers settled by their own lines."""
        return Domain.custom(
            to_sql=lambda _model, alias, _query: collection.settles(alias, partner_ids)
        )

    def _days_late_by_customer(self, company, domain, day, partner_ids):
        sums = {}
        own = self._domain_settled(partner_ids)
        overdue = domain & Domain("money_days", ">", 0)
        for partner, money_days, amount in (
            *self._paid(company, domain & own, day, ["partner_id"]),
            *self._read_group(
                overdue, ["partner_id"], ["money_days:sum", "residual:sum"]
            ),
        ):
            before = sums.get(partner.id, (0.0, 0.0))
            sums[partner.id] = (before[0] + money_days, before[1] + amount)
        return {
            partner_id: money_days / amount
            for partner_id, (money_days, amount) in sums.items()
            if amount
        }

    def _paid(self, company, domain, day, groups):
        """Return rows ``(*groups, amount × days, amount)`` of what was paid lately."""
        end = day or company._customer_scoring_today()
        paid = Domain(
            [
                ("kind", "=", "payment"),
                ("date_maturity", "!=", False),
                ("settled_on", ">", end - timedelta(DAYS_LATE_WINDOW)),
            ]
        )
        if day:
            paid &= Domain("settled_on", "<=", day)
        return self.env["dcrm.collection"]._read_group(
            domain & paid, groups, ["money_days:sum", "amount:sum"]
        )
