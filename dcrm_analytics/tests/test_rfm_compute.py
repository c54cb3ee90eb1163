import doctest

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..compute import rfm, segments
from .common_score import quick_quantiles

amounts = st.lists(st.integers(-500, 500).map(lambda cents: cents / 4), max_size=60)
counts = st.integers(rfm.LEAST_CLASSES, rfm.MOST_CLASSES)
# A busy machine is no fault of the code.
patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
cubes = st.tuples(counts, counts, counts)


@tagged("post_install", "-at_install")
class TestRfmCompute(BaseCase):
    """What holds of classes, value classes and grids whatever the customers."""

    def test_doctests(self):
        for module in (rfm, segments):
            self.assertEqual(doctest.testmod(module).failed, 0)

    @patiently
    @given(amounts, counts)
    def test_equal_customers_get_equal_classes_and_better_ones_no_worse(
        self, values, classes
    ):
        found = rfm.classify(values, rfm.cut_points(values, classes))
        pairs = sorted(zip(values, found, strict=True))
        for (value, number), (better, higher) in zip(pairs, pairs[1:], strict=False):
            self.assertLessEqual(number, higher)
            if value == better:
                self.assertEqual(number, higher)
        self.assertTrue(all(1 <= number <= classes for number in found))

    @patiently
    @given(amounts.filter(lambda values: len(set(values)) > 1), counts)
    def test_cut_points_are_the_discrete_quantiles(self, values, classes):
        self.assertEqual(
            rfm.cut_points(values, classes).tolist(), quick_quantiles(values, classes)
        )

    @patiently
    @given(amounts.filter(bool), counts)
    def test_no_class_is_crowded_by_customers_that_differ(self, values, classes):
        """Distinct values fall into classes of equal size, rounded."""
        values = sorted(set(values))
        found = rfm.classify(values, rfm.cut_points(values, classes))
        sizes = np.bincount(found, minlength=classes + 1)[1:]
        if len(values) > 1:
            self.assertLessEqual(sizes.max(), -(-len(values) // classes))

    @patiently
    @given(st.lists(st.integers(0, 3000), max_size=60), counts)
    def test_recency_is_the_axis_of_minus_the_days(self, days, classes):
        cuts = rfm.recency_cut_points(days, classes)
        self.assertEqual(
            rfm.classify_recency(days, cuts).tolist(),
            rfm.classify(
                [-each for each in days], rfm.cut_points([-d for d in days], classes)
            ).tolist(),
        )

    @patiently
    @given(amounts)
    def test_value_classes_follow_the_shares(self, monetary):
        found = rfm.value_classes(monetary, rfm.value_bounds(monetary))
        total = sum(value for value in monetary if value > 0)
        for value, letter in zip(monetary, found, strict=True):
            greater = sum(other for other in monetary if other > max(value, 0))
            if value <= 0 or greater * 100 >= total * 95:
                self.assertEqual(letter, "c")
            else:
                self.assertEqual(letter, "a" if greater * 100 < total * 80 else "b")

    @patiently
    @given(cubes, cubes)
    def test_any_rescaled_grid_is_a_partition(self, before, after):
        grid = segments.rescale(segments.default_grid(before), before, after)
        self.assertFalse(any(segments.faults(list(grid), after).values()))
        self.assertEqual(grid[after], "champion")
        self.assertEqual(grid[1, 1, 1], "lost")
