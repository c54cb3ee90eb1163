"""A rule previewed and saved in the browser, and the flow that it makes."""

from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import HttpCase, tagged

from .common_segment import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentUi(SegmentCase, HttpCase):
    browser_size = "1366x768"

    def test_a_rule_is_previewed_and_saved(self):
        self.third.name = "Tour Segment"
        customers = self.customers(150, 250, 350, 50, 60)
        before = self.today() - timedelta(100)
        with freeze_time(self.instant(before)):
            self.book([(each, before, 0.01) for each in customers])
            self.refresh()
        self.refresh()
        self.start_tour(
            "/odoo/action-dcrm_analytics.dcrm_segment_rule_action?debug=1",
            "dcrm_segment_rule",
            login="dcrm_manager",
        )
        self.env.invalidate_all()
        [rule] = self.rules.search([])
        self.assertEqual((rule.name, rule.segment_id), ("Big spenders", self.third))
        self.assertEqual(rule.company_id, self.company_a)
        # Until the next refresh nobody has moved; then exactly the three have.
        self.assertNotIn(self.third, self.segment_of(*customers))
        self.refresh()
        self.assertEqual(self.segment_of(*customers), [self.third] * 3 + [self.bad] * 2)
        self.assertNoViolations()
        self.start_tour(
            "/odoo/dcrm-flows", "dcrm_segment_flow", login="dcrm_seller_all"
        )
