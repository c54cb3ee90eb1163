from datetime import date, datetime, timedelta
from decimal import Decimal

import pandas as pd
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_score import ScoreCase

DAY = date(2024, 6, 30)
CUSTOMERS = 8
cents = st.integers(-300_00, 900_00)
purchases = st.lists(
    st.tuples(
        st.integers(0, CUSTOMERS - 1),
        # Some days are still to come.
        st.integers(-20, 900),
        cents,
        st.one_of(st.none(), cents),
        st.booleans(),  # whether it is company B's
    ),
    max_size=60,
)
examples = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def expected(facts, step, day, cohorts=(date.min, date.max)):
    """Return ``{cohort: (size, repeaters, [cell, …])}`` of a frame of purchases.

    :param facts: ``partner, date, amount, margin`` (Decimal or None)
    """
    facts = facts[facts["date"] <= day].copy()
    born = facts[facts["amount"] > 0].groupby("partner")["date"].min()
    facts = facts[facts["partner"].isin(born.index)]
    table = {}
    if facts.empty:
        return table
    period = {"month": "M", "quarter": "Q"}[step]
    facts["cohort"] = pd.PeriodIndex(facts["partner"].map(born), freq=period)
    now = pd.PeriodIndex(facts["date"], freq=period)
    facts["age"] = [
        max((a - b).n, 0) for a, b in zip(now, facts["cohort"], strict=True)
    ]
    bought = facts[facts["amount"] > 0]
    times = bought.groupby("partner").size()
    for cohort, own in facts.groupby("cohort"):
        members = [
            partner
            for partner in own["partner"].unique()
            if cohorts[0] <= born[partner] <= cohorts[1]
        ]
        own = own[own["partner"].isin(members)]
        if not members:
            continue
        cells = []
        for age in range((pd.Period(day, period) - cohort).n + 1):
            at = own[own["age"] == age]
            cells.append(
                {
                    "customers": at[at["amount"] > 0]["partner"].nunique(),
                    "revenue": sum(at["amount"], Decimal(0)),
                    "margin": sum(at["margin"].dropna(), Decimal(0)),
                    "unknown": int(at["margin"].isna().sum()),
                }
            )
        table[cohort.start_time.date().isoformat()] = (
            len(members),
            int((times[members] > 1).sum()),
            cells,
        )
    return table


@tagged("post_install", "-at_install")
class TestCohort(ScoreCase):
    """Who bought first together, and what became of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies.customer_scoring_today = DAY
        cls.partners = cls.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(CUSTOMERS)]
        )
        cls.cohorts = cls.env["dcrm.cohort"]

    def fill(self, rows):
        for company in self.companies:
            unit = 1 if company == self.company_b else 100
            self.book(
                [
                    (
                        self.partners[who],
                        DAY - timedelta(ago),
                        Decimal(amount) / unit,
                        None if margin is None else Decimal(margin) / unit,
                    )
                    for who, ago, amount, margin, is_far in rows
                    if is_far == (company == self.company_b)
                ],
                company,
            )

    def frame(self, company=None):
        facts = self.facts(company)
        return facts.rename(columns={"partner_id": "partner"})

    def found(self, step="month", **filters):
        table = self.cohorts.table({"company_id": self.company_a.id, **filters}, step)
        return {
            cohort["start"]: (
                cohort["size"],
                cohort["repeaters"],
                [
                    {
                        "customers": cell["customers"],
                        "revenue": Decimal(f"{cell['revenue']:.2f}"),
                        "margin": Decimal(f"{cell['margin']:.2f}"),
                        "unknown": cell["margin_unknown"],
                    }
                    for cell in cohort["cells"]
                ],
            )
            for cohort in table["cohorts"]
        }

    @examples
    @given(purchases)
    def test_random(self, rows):
        with self.env.cr.savepoint() as savepoint:
            self.fill(rows)
            for step in ("month", "quarter"):
                for company in self.companies:
                    self.assertEqual(
                        self.found(step, company_id=company.id),
                        expected(self.frame(company), step, DAY),
                    )
            since, until = DAY - timedelta(500), DAY - timedelta(90)
            self.assertEqual(
                self.found(date_from=since, date_to=until),
                expected(self.frame(), "month", until, (since, until)),
            )
            savepoint.rollback()

    @examples
    @given(purchases)
    def test_every_figure_leads_to_what_it_counts(self, rows):
        with self.env.cr.savepoint() as savepoint:
            self.fill(rows)
            table = self.cohorts.table({"company_id": self.company_a.id})
            for cohort in table["cohorts"]:
                born = self.cohorts.search([*cohort["domain"], ("bought", "=", True)])
                self.assertEqual(len(born.partner_id), cohort["size"])
                for cell in cohort["cells"]:
                    behind = self.cohorts.search(cell["domain"])
                    active = behind.filtered("bought").partner_id
                    self.assertEqual(len(active), cell["customers"])
                    self.assertAlmostEqual(
                        sum(behind.mapped("amount")), cell["revenue"]
                    )
            savepoint.rollback()

    def test_rates(self):
        one, two, three, four = self.partners[:4]
        self.book(
            [
                (one, date(2024, 3, 31), 10),
                (one, date(2024, 4, 1), 10),
                (two, date(2024, 3, 1), 10),
                (two, date(2024, 5, 1), -4),
                (three, date(2024, 3, 15), 10),
                (three, date(2024, 3, 15), 10),
                (four, date(2024, 3, 15), -10),
            ]
        )
        table = self.cohorts.table({"company_id": self.company_a.id})
        [march] = table["cohorts"]
        self.assertEqual((march["start"], march["size"]), ("2024-03-01", 3))
        self.assertEqual((march["repeaters"], march["repeat_rate"]), (2, 2 / 3))
        self.assertEqual(
            [cell["retention"] for cell in march["cells"]], [1, 1 / 3, 0, 0]
        )
        self.assertEqual([cell["revenue"] for cell in march["cells"]], [40, 10, -4, 0])
        self.assertEqual(
            [cell["is_open"] for cell in march["cells"]], [False, False, False, True]
        )
        self.assertEqual(
            [each["retention"] for each in table["average"]], [1, 1 / 3, 0]
        )
        self.assertEqual(table["repeat_rate"], 2 / 3)

    def test_filters_and_dimensions(self):
        industry = self.env["res.partner.industry"].create({"name": "Bakeries"})
        one, two, three = self.partners[:3]
        one.industry_id = industry
        two.user_id = self.users["seller"]
        self.book([(each, DAY, 10) for each in (one, two, three)])
        self.purchase(three, 5, DAY, channel="web")
        self.refresh()
        for filters, names in (
            ({"industry_id": industry.id}, {one}),
            ({"user_id": self.users["seller"].id}, {two}),
            ({}, {one, two, three}),
        ):
            [[size, _repeaters, _cells]] = self.found(**filters).values()
            self.assertEqual(size, len(names))
        [cohort] = self.cohorts.table(domain=[("channel", "=", "web")])["cohorts"]
        self.assertEqual(cohort["size"], 1)
        for group in (
            "segment_id",
            "industry_id",
            "user_id",
            "country_id",
            "state_id",
            "channel",
            "first_channel",
            "source",
            "first_source",
            "cohort_month:month",
            "age_months",
        ):
            rows = self.cohorts._read_group(
                [("company_id", "=", self.company_a.id)],
                [group],
                ["partner_id:count_distinct", "amount:sum"],
            )
            self.assertEqual(sum(row[-1] for row in rows), 35, group)

    def test_day_and_currency_are_those_of_the_company(self):
        """In the evening in UTC the next month has begun, in Auckland since noon."""
        partner = self.partners[0]
        evening, noon = datetime(2023, 1, 31, 23, 30), datetime(2023, 1, 31, 11, 30)
        self.order(partner, 100, evening, currency=self.usd)
        self.order(partner, 100, datetime(2024, 2, 29, 22), currency=self.usd)
        self.order(partner, 7, noon, company=self.company_b)
        self.order(partner, 8, noon - timedelta(hours=1), company=self.company_b)
        self.refresh(*self.companies)
        [(start, (_size, repeaters, cells))] = self.found().items()
        self.assertEqual((start, repeaters), ("2023-02-01", 1))
        bought = {age: cell["revenue"] for age, cell in enumerate(cells)}
        self.assertEqual(
            {age: revenue for age, revenue in bought.items() if revenue},
            {0: 80, 12: 50},
        )
        [(start, (_size, repeaters, cells))] = self.found(
            company_id=self.company_b.id
        ).items()
        self.assertEqual((start, repeaters), ("2023-01-01", 1))
        self.assertEqual([cell["revenue"] for cell in cells[:3]], [8, 7, 0])

    def test_nothing_bought(self):
        self.book([(self.partners[0], DAY, -10), (self.partners[1], DAY, 0)])
        table = self.cohorts.table({"company_id": self.company_a.id})
        self.assertEqual(
            (table["cohorts"], table["customers"], table["repeat_rate"]), ([], 0, 0)
        )

    def test_the_same_number_of_queries_for_more(self):
        counts = []
        for ago in (10, 100, 300):
            self.book([(each, DAY - timedelta(ago), 10) for each in self.partners])
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.cohorts.table({"company_id": self.company_a.id})
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[1], counts[2])
        self.assertLess(counts[2], 12)

    def test_own_customers_and_companies(self):
        for number, (seller, company) in enumerate(
            [("seller", "a"), ("other_seller", "a"), ("seller_b", "b")]
        ):
            self.partners[number].user_id = self.users[seller]
            company = getattr(self, f"company_{company}")
            self.book([(self.partners[number], DAY, 10)], company)
        for role, size in (("seller", 1), ("seller_all", 2), ("seller_b", 1)):
            table = self.env_as(role)["dcrm.cohort"].table()
            self.assertEqual(table["customers"], size, role)
        with self.assertRaises(AccessError):
            self.env_as("seller")["dcrm.cohort"].table(
                {"company_id": self.company_b.id}
            )
        with self.assertRaises(AccessError):
            self.env_as("nobody")["dcrm.cohort"].table()
