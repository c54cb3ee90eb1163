import doctest
from dataclasses import replace
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..compute import deferral
from ..compute.deferral import State

patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
units = st.sampled_from([Decimal("0.01"), Decimal(1), Decimal("0.05")])
points = st.integers(0, 10_000).map(lambda number: Decimal(number) / 100)
rates = st.integers(0, 100).map(lambda number: Decimal(number) / 100)
EURO = Decimal(1)


@st.composite
def states(draw):
    """A cohort that some points were lost and some redeemed of."""
    redeemed, expired, outstanding = draw(points), draw(points), draw(points)
    return State(
        deferred=Decimal(draw(st.integers(0, 100_000))),
        issued=redeemed + expired + outstanding,
        redeemed=redeemed,
        expired=expired,
        rate=draw(rates),
    )


@tagged("post_install", "-at_install")
class TestPointsDeferralCompute(BaseCase):
    """What holds of deferred revenue whatever the points, and the worked examples."""

    def test_doctests(self):
        self.assertEqual(doctest.testmod(deferral).failed, 0)

    def test_97_in_100_are_expected(self):
        """91,000 are for the goods and 9,000 for 10,000 points."""
        year = State(Decimal(9_000), 10_000, redeemed=4_500, rate=Decimal("0.97"))
        self.assertEqual(year.recognised(EURO), 4_175)
        for expected, more in ((9_900, 3_552), (9_200, 4_140)):
            after = replace(year, redeemed=8_500, rate=Decimal(expected) / 10_000)
            self.assertEqual(after.recognised(EURO) - year.recognised(EURO), more)
            self.assertEqual(sum(deferral.release(year, after, EURO).values()), more)

    def test_points_that_nobody_redeems_any_more_are_revenue(self):
        state = State(Decimal(90), 100, redeemed=30, expired=70, rate=Decimal("0.8"))
        self.assertEqual(state.liability(EURO), 0)

    @patiently
    @given(st.lists(states(), min_size=2, max_size=6), units)
    def test_releases_add_up_to_what_is_recognised(self, cohort, unit):
        moved = sum(
            sum(deferral.release(before, after, unit).values())
            for before, after in zip(cohort, cohort[1:], strict=False)
        )
        first, last = cohort[0].recognised(unit), cohort[-1].recognised(unit)
        self.assertEqual(moved, last - first)

    @patiently
    @given(states(), units)
    def test_the_liability_is_what_is_outstanding_at_its_value(self, state, unit):
        liability = state.liability(unit)
        still = state.expected - state.redeemed
        worth = still * state.deferred / state.expected if state.expected else 0
        self.assertLessEqual(abs(liability - worth), unit / 2)
        self.assertLessEqual(still, state.outstanding)
        if not state.outstanding:
            self.assertEqual(liability, state.deferred % unit and liability or 0)

    @patiently
    @given(states(), points, units)
    def test_redeeming_more_never_takes_revenue_back(self, state, more, unit):
        more = min(more, state.outstanding)
        after = replace(state, redeemed=state.redeemed + more)
        self.assertGreaterEqual(after.recognised(unit), state.recognised(unit))

    @patiently
    @given(points, points, points)
    def test_the_parts_of_a_price_are_the_price(self, price, goods, right):
        if goods + right:
            part = deferral.allocate(price, goods, right)
            other = deferral.allocate(price, right, goods)
            self.assertAlmostEqual(part + other, price, 12)

    @patiently
    @given(states().filter(lambda state: state.issued), st.integers(0, 30))
    def test_a_flat_curve_expects_what_has_been_redeemed(self, state, age):
        curve = [Decimal("0.4")] * 12
        rate = deferral.rate_by_curve(curve, age, state.issued, state.redeemed)
        self.assertEqual(rate, state.redeemed / state.issued)
