from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_customer_kind import KindCase

DAY = date(2024, 6, 30)
CUSTOMERS = 12
examples = settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
purchases = st.lists(
    st.tuples(
        st.integers(0, CUSTOMERS - 1),
        st.integers(0, 800),  # days ago
        st.integers(0, 3),  # product
        st.integers(-100_00, 900_00),
    ),
    max_size=40,
)
spends = st.lists(
    st.tuples(
        st.integers(0, CUSTOMERS - 1),
        st.integers(0, 3),  # category; the last holds the first two
        st.integers(1, 5000),
        st.integers(0, 900),
    ),
    max_size=20,
)


@tagged("post_install", "-at_install")
class TestCustomerShare(KindCase):
    """Our part of what a customer spends; of unknown spend, what its peers suggest."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies.customer_scoring_today = DAY
        cls.industry = cls.env["res.partner.industry"].create({"name": "Bakeries"})
        cls.whole = cls.env["product.category"].create({"name": "Kitchen"})
        cls.categories[:2].parent_id = cls.whole
        cls.spend_of = cls.env["dcrm.customer.spend"]

    def customer(self, size="small", **values):
        return self.partner(industry_id=self.industry.id, customer_size=size, **values)

    def spend(self, partner, amount, category=None, day=DAY, **values):
        return self.spend_of.create(
            {
                "partner_id": partner.id,
                "category_id": (category or self.categories[0]).id,
                "company_id": self.company_a.id,
                "amount": amount,
                "date": day,
                **values,
            }
        )

    def bought(self, partner, amount, ago=0, product=0, company=None):
        day = DAY - timedelta(ago)
        lines = [(self.products[product], Decimal(str(amount)))]
        return self.with_lines(partner, day, lines, company)

    def score(self, company=None):
        company = company or self.company_a
        self.refresh(company)
        self.env["dcrm.customer.score"]._renew_share(company)
        self.env.invalidate_all()

    def share(self, partner, company=None):
        score = self.score_of(partner, company)
        return score.share_of_wallet, score.share_is_estimate

    def test_known_spend(self):
        partner = self.partner()
        self.bought(partner, 100)
        self.bought(partner, 60, ago=364, product=1)
        self.bought(partner, 1000, ago=365)
        self.bought(partner, 1000, product=2)
        self.score()
        self.assertEqual(self.share(partner), (0, False))
        self.spend(partner, 200)
        self.assertEqual(self.share(partner), (0.5, False))
        wider = self.spend(partner, 640, self.whole)
        self.assertEqual(self.share(partner), (0.25, False))
        wider.amount = 320
        self.assertEqual(self.share(partner), (0.5, False))
        wider.unlink()
        newer = self.spend(partner, 400)
        self.assertEqual(self.share(partner), (0.25, False))
        newer.date = DAY - timedelta(1)
        self.assertEqual(self.share(partner), (0.5, False))

    def test_spend_in_another_currency_and_company(self):
        partner = self.partner()
        for company in self.companies:
            self.bought(partner, 100, company=company)
            self.score(company)
        # A dollar is half an euro by then.
        self.spend(partner, 400, currency_id=self.usd.id)
        self.assertEqual(self.share(partner), (0.5, False))
        self.assertEqual(self.share(partner, self.company_b), (0, False))

    def test_estimated_from_enough_peers(self):
        peers = [self.customer() for _number in range(5)]
        partner, big = self.customer(), self.customer("large")
        stranger = self.partner(customer_size="small")
        for each in (*peers, partner, big, stranger):
            self.bought(each, 100)
        self.score()
        for number, peer in enumerate(peers[:4]):
            self.spend(peer, 200 * (number + 1))
        self.score()
        self.assertEqual(self.share(partner), (0, False))
        explained = self.score_of(partner).customer_share()
        self.assertIsNone(explained["share"])
        self.assertIn("fewer than 5 peers", explained["reason"])
        self.spend(peers[4], 1000)
        self.score()
        self.assertEqual(self.share(peers[0]), (0.5, False))
        self.assertEqual(self.share(big), (0, False))
        self.assertEqual(self.share(stranger), (0, False))
        score = self.score_of(partner)
        self.assertTrue(score.share_is_estimate)
        self.assertAlmostEqual(score.share_of_wallet, 100 / 600)
        self.assertAlmostEqual(score.share_low, 100 / 800)
        self.assertAlmostEqual(score.share_high, 100 / 400)
        explained = score.customer_share()
        self.assertEqual((explained["peers"], explained["entries"]), (5, []))
        self.assertIn("An estimate", explained["reason"])
        self.assertIn(
            "without an industry", self.score_of(stranger).customer_share()["reason"]
        )

    def test_age_and_what_counts(self):
        partner = self.partner()
        old = self.spend(partner, 100, day=DAY - timedelta(400), note="Fair")
        new = self.spend(partner, 100, day=DAY - timedelta(10), source="survey")
        self.assertEqual((old.age, new.age), (400, 10))
        self.assertEqual((old.is_current, new.is_current), (False, True))
        current = self.spend_of.search([("is_current", "=", True)])
        self.assertEqual(current & (old | new), new)
        self.assertEqual(old.currency_id, self.eur)
        with self.assertRaises(ValidationError):
            self.spend(partner, 100, day=self.today() + timedelta(2))
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.spend(partner, 0)

    def test_merged_and_reparented(self):
        keep, gone = self.partner("Keep"), self.partner("Gone")
        self.bought(keep, 50)
        self.bought(gone, 50)
        self.score()
        self.spend(gone, 400)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([keep.id, gone.id], keep)
        self.env.invalidate_all()
        self.score()
        self.assertEqual(self.share(keep), (0.25, False))
        head = self.partner("Head", is_company=True)
        keep.parent_id = head
        keep.action_reassign_purchases()
        self.score()
        self.assertEqual(self.share(head), (0.25, False))

    def test_sellers_enter_what_their_own_customers_spend(self):
        own, other = self.partner(seller="seller"), self.partner()
        for each in (own, other):
            self.bought(each, 50)
        self.score()
        vals = {"category_id": self.categories[0].id, "amount": 100, "date": DAY}
        spends = self.env_as("seller")["dcrm.customer.spend"]
        spends.create({**vals, "partner_id": own.id})
        self.assertEqual(self.share(own), (0.5, False))
        with self.assertRaises(AccessError):
            spends.create({**vals, "partner_id": other.id})
        with self.assertRaises(AccessError):
            spends.create(
                {**vals, "partner_id": own.id, "company_id": self.company_b.id}
            )
        hidden = self.score_of(other).with_env(spends.env)
        with self.assertRaises(AccessError):
            hidden.customer_share()

    @examples
    @given(purchases, spends)
    def test_random(self, rows, entries):
        with self.env.cr.savepoint() as savepoint:
            partners = [
                self.customer("small" if number % 2 else "large")
                for number in range(CUSTOMERS)
            ]
            for who, ago, product, amount in rows:
                self.bought(partners[who], amount / 100, ago, product)
            categories = [*self.categories, self.whole]
            for who, category, amount, ago in entries:
                day = DAY - timedelta(ago)
                self.spend(partners[who], amount, categories[category], day)
            self.score()
            wanted = self.expected(rows, entries)
            for number, partner in enumerate(partners):
                score = self.score_of(partner)
                if not score:
                    continue
                share, is_estimate, low, high = wanted.get(number, (0, False, 0, 0))
                self.assertAlmostEqual(score.share_of_wallet, share)
                self.assertEqual(score.share_is_estimate, is_estimate)
                self.assertAlmostEqual(score.share_low, low)
                self.assertAlmostEqual(score.share_high, high)
            again = self.env["dcrm.customer.score"]._renew_share(self.company_a)
            self.assertEqual(again, 0)
            savepoint.rollback()

    def expected(self, rows, entries):
        """Work out shares customer by customer, with plain loops."""
        within = {0: (0,), 1: (1,), 2: (2,), 3: (0, 1)}
        known = {}
        for who, category, amount, _ago in sorted(
            reversed(entries), key=lambda entry: entry[3]
        ):
            known.setdefault(who, {}).setdefault(category, amount)
        for own in known.values():
            if 3 in own:
                own.pop(0, None)
                own.pop(1, None)
        groups = {}
        for who, own in known.items():
            for category, amount in own.items():
                groups.setdefault((who % 2, category), []).append(amount)
        enough = {key: each for key, each in groups.items() if len(each) >= 5}
        shares = {}
        for who in range(CUSTOMERS):
            spent = {
                category: (amount, None, None)
                for category, amount in known.get(who, {}).items()
            }
            if not spent:
                spent = {
                    category: np.percentile(each, [50, 25, 75])
                    for (odd, category), each in enough.items()
                    if odd == who % 2
                    and not (category in (0, 1) and (odd, 3) in enough)
                }
            if not spent:
                continue
            sales = sum(
                amount / 100
                for buyer, ago, product, amount in rows
                for category in spent
                if buyer == who and ago < 365 and product in within[category]
            )
            sales = max(sales, 0)
            middle, low, high = (
                list(each) for each in zip(*spent.values(), strict=True)
            )
            is_estimate = low[0] is not None
            shares[who] = (
                sales / sum(middle),
                is_estimate,
                sales / sum(high) if is_estimate else 0,
                sales / sum(low) if is_estimate else 0,
            )
        return shares
