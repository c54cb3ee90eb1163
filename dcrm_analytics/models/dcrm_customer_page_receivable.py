from collections import defaultdict

from odoo import models
from odoo.fields import Domain

from .dcrm_customer_page_next import OWED
from .dcrm_receivable import BUCKETS

# From so many days after the due date on it is serious.
SERIOUS = 30


class DcrmCustomerPage(models.Model):
    """What the customer owes, by age, and how late it pays."""

    _inherit = "dcrm.customer.page"

    def _page_facts(self):
        return {**super()._page_facts(), **self._owed()}

    def _owed(self):
        """Return ``owed``: ``{bucket: amount}``, ``days_overdue`` of the oldest open
        item, ``over_limit`` and ``days_late``, the average (None: nothing to tell).
        """
        items = self.env["dcrm.receivable"].with_context(as_of=False)
        if not self._may_read(items._name):
            return {
                "owed": {},
                "days_overdue": 0,
                "over_limit": False,
                "days_late": None,
            }
        groups = items._read_group(
            self._domain_here(),
            ["bucket", "unallocated"],
            ["residual:sum", "days_overdue:max", "money_days:sum"],
        )
        owed = defaultdict(float)
        for bucket, _unallocated, amount, *_days in groups:
            owed[bucket] = self._rounded(owed[bucket] + amount)
        return {
            "owed": dict(owed),
            "days_overdue": max((row[3] for row in groups), default=0),
            "over_limit": bool(groups) and self._is_over_limit(items),
            "days_late": self._days_late(items, groups),
        }

    def _days_late(self, items, groups):
        """Return how late the customer pays, from what is open as it was read."""
        late = [
            (amount, money_days)
            for bucket, unallocated, amount, _days, money_days in groups
            if bucket != "not_due" and not unallocated
        ]
        return items._mean_days_late(
            self.env.company,
            self._domain_here() & items._domain_settled([self.id]),
            None,
            sum(amount for amount, _money_days in late),
            sum(money_days for _amount, money_days in late),
        )

    def _rounded(self, amount):
        return self.env.company.currency_id.round(amount)

    def _is_over_limit(self, items):
        if not self.env.company.account_use_credit_limit:
            return False
        over = Domain("over_limit", "=", True)
        return bool(items.search_count(self._domain_here() & over, limit=1))

    def _overdue(self, facts):
        """Return what is overdue, in the company's currency."""
        return self._rounded(
            sum(
                amount
                for bucket, amount in facts["owed"].items()
                if bucket != "not_due"
            )
        )

    def _action_owed(self, domain=Domain.TRUE):
        return self._list(
            self.env._("Receivables"), "dcrm.receivable", self._domain_here() & domain
        )

    # -- in words --------------------------------------------------------------------

    def _worth_figures(self, facts):
        figures = super()._worth_figures(facts)
        if not facts["owed"]:
            return figures
        owed, overdue = self._rounded(sum(facts["owed"].values())), self._overdue(facts)
        return [
            *figures,
            self._figure(
                self.env._("We owe") if owed < 0 else self.env._("Owes us"),
                self._money(abs(owed)),
                note=self.env._("%s overdue", self._money(overdue))
                if overdue > 0
                else self.env._("nothing overdue"),
                tone="danger" if overdue > 0 else None,
                action=self._action_owed(),
            ),
        ]

    def _page_sections(self, facts):
        sections = super()._page_sections(facts)
        return self._insert_after(sections, "rhythm", self._section_receivables(facts))

    def _section_receivables(self, facts):
        owed, late = facts["owed"], facts["days_late"]
        if not owed and late is None:
            return None
        return self._section(
            "receivables",
            self.env._("Receivables"),
            "fa-money",
            [self._ages(owed) if owed else None],
            tone="danger" if facts["over_limit"] else None,
            note=self._punctuality(late),
            empty=None if owed else self.env._("Everything is paid."),
        )

    def _punctuality(self, days):
        """Return how late the customer pays on average, in words."""
        if days is None:
            return None
        days = round(days)
        if days > 0:
            return self.env._("pays %s late", self._days(days))
        if days < 0:
            return self.env._("pays %s early", self._days(-days))
        return self.env._("pays on time")

    def _ages(self, owed):
        """Return the block of bars of what is owed by age; empty ages are left out."""
        names = self.env["dcrm.receivable"]._fields["bucket"]
        labels = dict(names._description_selection(self.env))
        return self._bars(
            [
                (
                    labels[bucket],
                    owed[bucket],
                    self._tone_of_age(bucket),
                    self._action_owed(Domain("bucket", "=", bucket)),
                )
                for bucket, _label in BUCKETS
                if owed.get(bucket)
            ]
        )

    def _tone_of_age(self, bucket):
        tones = {"not_due": None, "d30": "warning"}
        return tones.get(bucket, "danger")

    def _page_badges(self, facts):
        badges = super()._page_badges(facts)
        if facts["over_limit"]:
            text = self.env._("Over the credit limit")
            badges.append(self._badge(text, tone="danger"))
        return badges

    def _page_steps(self, facts):
        steps, overdue = super()._page_steps(facts), self._overdue(facts)
        if overdue <= 0:
            return steps
        days = facts["days_overdue"]
        step = self._step(
            "receivables",
            OWED,
            self.env._("Ask when %s will be paid", self._money(overdue)),
            self.env._("Overdue for up to %s", self._days(days)),
            icon="fa-money",
            tone="danger" if days > SERIOUS else "warning",
            action=self._action_owed(Domain("days_overdue", ">", 0)),
        )
        return [*steps, step]
