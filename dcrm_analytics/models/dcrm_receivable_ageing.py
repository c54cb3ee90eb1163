from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..queries import collection
from .dcrm_receivable import BUCKETS

# How many of the customers who owe most are named, and what "late" looks back on.
TOP = 10
DAYS_LATE_WINDOW = 365
# Sums of amounts, which are rounded to their currency, in full.
DIGITS = 6
# What a figure is made of: one reading of the items serves them all.
GROUPS = ["partner_id", "bucket", "due_today", "due_week", "unallocated"]
SUMS = ["residual:sum", "money_days:sum", "__count"]


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
        rows = self._read_group(domain, GROUPS, SUMS)
        parts = {
            "total": (self.env._("Receivables"), Domain.TRUE, rows),
            "overdue": (
                self.env._("Overdue"),
                Domain("days_overdue", ">", 0),
                [row for row in rows if row[1] != "not_due"],
            ),
            "due_today": (
                self.env._("Due today"),
                Domain("due_today", "=", True),
                [row for row in rows if row[2]],
            ),
            "due_week": (
                self.env._("Due this week"),
                Domain("due_week", "=", True),
                [row for row in rows if row[3]],
            ),
            "unallocated": (
                self.env._("Not allocated"),
                Domain("unallocated", "=", True),
                [row for row in rows if row[4]],
            ),
            "over_limit": self._over_limit(domain),
        }
        return {
            "as_of": day,
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "buckets": self._buckets(domain, rows),
            **{
                key: self._figure(key, name, domain & part, found)
                for key, (name, part, found) in parts.items()
            },
            "concentration": self._concentration(domain, rows),
            "days_late": self._mean_days_late(company, domain, day, rows),
        }

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
        """
        self.browse().check_access("read")
        company, domain = self._filtered({"company_id": company_id})
        day = fields.Date.to_date(as_of)
        domain &= Domain("partner_id", "in", partner_ids)
        own = Domain.custom(
            to_sql=lambda _model, alias, _query: collection.settles(alias, partner_ids)
        )
        return self._on(day)._days_late_by_customer(company, domain, day, own)

    # -- what is asked -----------------------------------------------------------------

    @api.model
    def _filtered(self, filters):
        """Return the company and the domain of filters."""
        filters = filters or {}
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
        if as_of:
            return fields.Date.to_date(as_of)
        day = fields.Date.to_date((filters or {}).get("date_to"))
        return day if day and day < company._customer_scoring_today() else None

    @api.model
    def _on(self, day):
        """Return the model as of a day, or as of now."""
        return self.with_context(as_of=fields.Date.to_string(day) if day else False)

    # -- figures -----------------------------------------------------------------------

    def _buckets(self, domain, rows):
        labels = dict(self._fields["bucket"]._description_selection(self.env))
        return [
            self._figure(
                key,
                labels[key],
                domain & Domain("bucket", "=", key),
                [row for row in rows if row[1] == key],
            )
            for key, _label in BUCKETS
        ]

    def _over_limit(self, domain):
        """Return the label, domain and rows of who is over the limit, if any is set."""
        over = Domain("over_limit", "=", True)
        rows = self._read_group(domain & over, GROUPS, SUMS) if self._limits() else []
        return self.env._("Over the credit limit"), over, rows

    def _figure(self, key, label, domain, rows):
        """Return a figure of rows of :data:`GROUPS` and :data:`SUMS`."""
        return {
            "key": key,
            "label": label,
            "amount": round(sum(row[5] for row in rows), DIGITS),
            "customers": len({row[0] for row in rows if row[0]}),
            "items": sum(row[7] for row in rows),
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

    def _concentration(self, domain, rows):
        """Return the customers who owe most, and their share of what is owed."""
        by_customer = defaultdict(list)
        for row in rows:
            if row[0]:
                by_customer[row[0]].append(row)
        owed = {
            partner: amount
            for partner, own in by_customer.items()
            if (amount := sum(row[5] for row in own)) > 0
        }
        total = sum(owed.values())
        top = [
            {
                **self._figure(
                    "customer",
                    partner.sudo().display_name,
                    domain & Domain("partner_id", "=", partner.id),
                    by_customer[partner],
                ),
                "partner_id": partner.id,
                "share": owed[partner] / total,
            }
            for partner in sorted(owed, key=owed.get, reverse=True)[:TOP]
        ]
        return {
            "customers": top,
            "top_share": sum(each["share"] for each in top) if top else None,
        }

    # -- how late they pay -------------------------------------------------------------

    def _mean_days_late(self, company, domain, day, rows):
        """Return the average of days late of all items of a domain, or ``None``."""
        [[money_days, amount]] = self._paid(company, domain, day, [])
        money_days = (money_days or 0.0) + sum(row[6] for row in rows)
        amount = (amount or 0.0) + sum(
            row[5] for row in rows if row[1] != "not_due" and not row[4]
        )
        return money_days / amount if amount else None

    def _days_late_by_customer(self, company, domain, day, own):
        sums = {}
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
