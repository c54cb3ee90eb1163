from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .common_score import AXES, ScoreCase, expected_scores

DAY = date(2024, 6, 30)
CUSTOMERS = 12
cents = st.one_of(
    st.integers(-300_00, 900_00),
    st.sampled_from([0, 1, -1, 100_00, 100_00, 250_00]),
)
# Some days are still to come: what is dated then does not count yet.
days = st.integers(-20, 500).map(lambda ago: DAY - timedelta(ago))
facts = st.lists(
    st.tuples(st.integers(0, CUSTOMERS - 1), days, cents, st.one_of(st.none(), cents)),
    max_size=60,
)
classes = st.tuples(*[st.integers(3, 9)] * 3)
schemes = st.fixed_dictionaries(
    {
        "window": st.sampled_from([0, 1, 30, 180]),
        "margin": st.booleans(),
        "classes": classes,
    }
)
# Books are small as they are: shrinking them takes minutes.
examples = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@tagged("post_install", "-at_install")
class TestScoreRandom(ScoreCase):
    """Whatever the books say, scores are what they yield, customer by customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_a.customer_scoring_today = DAY
        cls.partners = cls.env["res.partner"].create(
            [
                {"name": f"Customer {number}", "ref": f"C{number}"}
                for number in range(CUSTOMERS)
            ]
        )
        cls.industry = cls.env["res.partner.industry"].create({"name": "Bakeries"})

    def use(self, record, scheme):
        record.write(
            {
                "window_days": scheme["window"],
                "basis": "margin" if scheme["margin"] else "revenue",
                **{
                    f"{axis}_classes": count
                    for axis, count in zip(AXES, scheme["classes"], strict=True)
                },
            }
        )
        return record

    def fill(self, rows):
        self.book(
            [
                (
                    self.partners[who],
                    day,
                    Decimal(amount) / 100,
                    None if margin is None else Decimal(margin) / 100,
                )
                for who, day, amount, margin in rows
            ]
        )

    @examples
    @given(rows=facts, more=facts, scheme=schemes)
    def test_one_scheme(self, rows, more, scheme):
        with self.env.cr.savepoint() as savepoint:
            record = self.use(self.scheme, scheme)
            self.fill(rows)
            self.scores.refresh(self.company_a)
            expected = expected_scores(self.facts(), DAY, {record: scheme})
            self.assertScores(self.live(), expected, record._grid())
            frame = self.scores.replay(self.company_a, DAY)
            self.assertScores(self.rows(frame), expected, record._grid())
            self.then_more(more, record, scheme)
            savepoint.rollback()

    def then_more(self, more, record, scheme):
        """Changed facts are scored by the cut points there are, or by new ones."""
        cut = self.env["dcrm.rfm.cut"]._current(self.company_a)[record]
        kept = {
            axis: [Decimal(str(each)) for each in cut[f"{axis}_cuts"]] for axis in AXES
        }
        was_empty = not cut.population
        self.fill(more)
        done = self.scores.refresh(self.company_a)
        if not (was_empty or done["full"]):
            expected = expected_scores(
                self.facts(), DAY, {record: {**scheme, "cuts": kept}}
            )
            live = self.live()
            # Value classes follow kept bounds, too.
            expected["value_class"] = [
                "c"
                if value <= 0
                else "a"
                if value >= Decimal(str(cut.value_a))
                else "b"
                if value >= Decimal(str(cut.value_b))
                else "c"
                for value in expected.get("monetary", ())
            ]
            self.assertScores(live, expected, record._grid())
            now = self.scores.replay(self.company_a, DAY, thresholds="now")
            self.assertScores(self.rows(now), expected)
        self.scores.refresh(self.company_a, full=True)
        expected = expected_scores(self.facts(), DAY, {record: scheme})
        self.assertScores(self.live(), expected, record._grid())
        self.assertNoViolations()

    @examples
    @given(
        rows=facts,
        shared=schemes,
        special=schemes,
        bakers=st.sets(st.integers(0, CUSTOMERS - 1)),
        moved=st.sets(st.integers(0, CUSTOMERS - 1)),
    )
    def test_a_scheme_of_an_industry(self, rows, shared, special, bakers, moved):
        with self.env.cr.savepoint() as savepoint:
            self.use(self.scheme, shared)
            of_bakers = self.use(
                self.env["dcrm.rfm.scheme"].create(
                    {"name": "Bakeries", "industry_id": self.industry.id}
                ),
                special,
            )
            self.fill(rows)
            grids = {"shared": self.scheme._grid(), "special": of_bakers._grid()}
            # Customers change their industry: the next refresh, full or not, sees it.
            for industry in (bakers, bakers ^ moved):
                self.partners.industry_id = False
                for who in industry:
                    self.partners[who].industry_id = self.industry
                self.scores.refresh(self.company_a)
            self.scores.refresh(self.company_a, full=True)
            expected = expected_scores(
                self.facts(),
                DAY,
                {"shared": shared, "special": special},
                {self.partners[who].id: "special" for who in bakers ^ moved},
            )
            live = self.live()
            self.assertScores(live, expected)
            for partner_id, wanted in expected.iterrows():
                score = live[partner_id]
                cell = tuple(score[f"{axis}_class"] for axis in AXES)
                self.assertEqual(score.segment_id.id, grids[wanted["scheme"]][cell])
            self.assertNoViolations()
            savepoint.rollback()

    @settings(examples, max_examples=8)
    @given(
        st.lists(
            st.tuples(
                st.integers(0, CUSTOMERS - 1),
                st.dates(date(2023, 1, 1), DAY),
                st.integers(-300_00, 900_00).filter(bool),
                st.sampled_from(["EUR", "USD", None]),
            ),
            min_size=1,
            max_size=40,
        )
    )
    def test_imported_in_other_currencies_with_refunds(self, rows):
        with self.env.cr.savepoint() as savepoint:
            frame = pd.DataFrame(
                [
                    {
                        "customer": self.partners[who].ref,
                        "date": day,
                        "amount": amount / 100,
                        "currency": currency,
                        "reference": f"R{number}",
                    }
                    for number, (who, day, amount, currency) in enumerate(rows)
                ]
            )
            self.env["dcrm.purchase"].import_history(frame, self.company_a)
            self.scores.refresh(self.company_a)
            wanted = pd.DataFrame(
                [
                    {
                        "partner_id": self.partners[who].id,
                        "date": day,
                        "amount": self.euros(amount, currency, day),
                        "margin": None,
                    }
                    for who, day, amount, currency in rows
                ]
            )
            expected = expected_scores(wanted, DAY, {self.scheme: {}})
            self.assertScores(self.live(), expected, self.scheme._grid())
            savepoint.rollback()

    def euros(self, amount, currency, day):
        """A dollar is 0.80 EUR until 2023, 0.50 from 2024 on; rounded once."""
        rate = Decimal(1)
        if currency == "USD":
            rate = Decimal("0.8") if day.year < 2024 else Decimal("0.5")
        return (Decimal(amount) / 100 * rate).quantize(Decimal("0.01"), ROUND_HALF_UP)
