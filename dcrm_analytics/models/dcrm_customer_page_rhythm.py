from datetime import date

from odoo import models
from odoo.fields import Domain
from odoo.tools import format_date

# How many months of purchases the page shows.
MONTHS = 24


class DcrmCustomerPage(models.Model):
    """In which rhythm the customer buys, and whether it still does."""

    _inherit = "dcrm.customer.page"

    def _page_facts(self):
        facts = super()._page_facts()
        return {**facts, "months": self._bought_by_month(facts["today"])}

    def _bought_by_month(self, today):
        """Return ``{first day: (amount, purchases)}`` of the latest months."""
        if not self._may_read("dcrm.purchase"):
            return {}
        number = today.year * 12 + today.month - MONTHS
        first = date(number // 12, number % 12 + 1, 1)
        groups = self.env["dcrm.purchase"]._read_group(
            self._domain_here()
            & Domain([("date", ">=", first), ("date", "<=", today)]),
            ["date:month"],
            ["amount:sum", "__count"],
        )
        found = {month: (amount, count) for month, amount, count in groups}
        return {month: found.get(month, (0.0, 0)) for month in _months(first)}

    def _section_rhythm(self, facts):
        score = facts["score"]
        if not score:
            return None
        return self._section(
            "rhythm",
            self.env._("Rhythm"),
            "fa-heartbeat",
            [
                self._figures(self._rhythm_figures(facts)),
                self._columns(facts["months"]),
            ],
        )

    def _rhythm_figures(self, facts):
        """Return how often the customer buys and when next, see :meth:`_figure`."""
        return []

    def _columns(self, months):
        """Return the block of what was bought by month.

        Of dicts ``share`` (per cent of the best month), ``negative`` and ``title``.
        """
        most = max((abs(amount) for amount, _count in months.values()), default=0)
        if not most:
            return None
        return {
            "type": "columns",
            "title": self.env._("bought by month"),
            "from": self._month(min(months)),
            "until": self._month(max(months)),
            "items": [
                {
                    "share": round(100 * abs(amount) / most),
                    "negative": amount < 0,
                    "title": self.env._(
                        "%(month)s: %(amount)s",
                        month=self._month(month),
                        amount=self._money(amount),
                    ),
                }
                for month, (amount, _count) in months.items()
            ],
        }

    def _month(self, day):
        return format_date(self.env, day, date_format="MMM y")


def _months(first):
    """Return the first days of the months that are shown, from the first one on."""
    start = first.year * 12 + first.month - 1
    return [
        date(number // 12, number % 12 + 1, 1)
        for number in range(start, start + MONTHS)
    ]
