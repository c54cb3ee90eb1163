"""Flows between two dates: who went where, and exactly these behind each flow."""

import random
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common_segment import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentFlow(SegmentCase):
    def stay(self, partner, segment, entered, left=None, company=None):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "INSERT INTO dcrm_segment_stay (partner_id, company_id, segment_id, "
                "entered_on, left_on) VALUES (%s, %s, %s, %s, %s)",
                partner.id,
                (company or self.company_a).id,
                segment.id,
                self.days_ago(entered),
                None if left is None else self.days_ago(left),
            )
        )
        self.env["dcrm.segment.stay"].invalidate_model()

    def flows(self, first, last, role=None, **filters):
        env = self.env_as(role) if role else self.env
        return env["dcrm.segment.stay"].flows(
            {
                "company_id": self.company_a.id,
                "date_from": str(self.days_ago(first)),
                "date_to": str(self.days_ago(last)),
                **filters,
            }
        )

    def counted(self, flows):
        return {
            (flow["from"]["id"], flow["to"]["id"]): flow["customers"] for flow in flows
        }

    def assertExact(self, flows, role=None):
        """Each flow opens as many customers as it counts, and nobody twice."""
        env = self.env_as(role) if role else self.env
        seen = env["res.partner"]
        for flow in flows:
            found = (
                env[flow["model"]]
                .with_context(active_test=False)
                .search(flow["domain"])
            )
            self.assertEqual(len(found), flow["customers"], flow)
            self.assertFalse(found & seen)
            seen |= found
        return seen

    def test_days_are_as_they_ended(self):
        customer = self.partner()
        good, bad, third = self.good, self.bad, self.third
        self.stay(customer, good, 30, 20)
        # Left and came on one day; and was nowhere but for a moment.
        self.stay(customer, bad, 20, 20)
        self.stay(customer, third, 20, 10)
        cases = [
            ((40, 31), {}),
            ((31, 30), {(False, good.id): 1}),
            ((30, 21), {(good.id, good.id): 1}),
            ((21, 20), {(good.id, third.id): 1}),
            ((20, 11), {(third.id, third.id): 1}),
            ((11, 10), {(third.id, False): 1}),
            ((10, 0), {}),
        ]
        for days, wanted in cases:
            with self.subTest(days):
                flows = self.flows(*days)
                self.assertEqual(self.counted(flows), wanted)
                self.assertExact(flows)

    def test_random_stays_against_loops(self):
        chance = random.Random(11)
        places = [self.good, self.bad, self.third, None]
        partners = [self.partner() for _n in range(25)]
        on = {}
        for partner in partners:
            day, paths = 60, []
            while day > 0:
                segment, until = chance.choice(places), day - chance.randint(0, 25)
                paths.append((segment, day, until))
                if segment:
                    self.stay(partner, segment, day, until if until > 0 else None)
                day = until
            on[partner] = paths
        partners[0].active = False

        def where(partner, day):
            return next(
                (
                    segment.id
                    for segment, entered, left in on[partner]
                    if segment and entered >= day and (left < day or left <= 0)
                ),
                False,
            )

        for _case in range(6):
            last, first = sorted(chance.sample(range(0, 70), 2))
            wanted = {}
            for partner in partners:
                flow = (where(partner, first), where(partner, last))
                if any(flow):
                    wanted[flow] = wanted.get(flow, 0) + 1
            flows = self.flows(first, last)
            self.assertEqual(self.counted(flows), wanted)
            self.assertExact(flows)
            counts = [flow["customers"] for flow in flows]
            self.assertEqual(counts, sorted(counts, reverse=True))

    def test_each_sees_their_own(self):
        own, other = self.partner(seller="seller"), self.partner(seller="other_seller")
        nobodys, far = self.partner(), self.partner()
        for partner in (own, other, nobodys):
            self.stay(partner, self.good, 30, 5)
            self.stay(partner, self.bad, 5)
        self.stay(far, self.good, 30, company=self.company_b)
        move = (self.good.id, self.bad.id)
        for role, wanted in (("seller", own), ("seller_all", own | other | nobodys)):
            flows = self.flows(20, 1, role)
            self.assertEqual(self.counted(flows), {move: len(wanted)})
            self.assertEqual(self.assertExact(flows, role).ids, wanted.ids)
        for role in ("portal", "nobody"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.flows(20, 1, role)
        with self.assertRaises(AccessError):
            self.flows(20, 1, "seller_all", company_id=self.company_b.id)

    def test_filters(self):
        industry = self.env["res.partner.industry"].search([], limit=1)
        own = self.partner(seller="seller")
        baker = self.partner(seller="other_seller", industry_id=industry.id)
        for partner in (own, baker):
            self.stay(partner, self.good, 30)
        for filters, wanted in (
            ({"user_id": self.users["seller"].id}, own),
            ({"industry_id": industry.id}, baker),
            ({"industry_id": industry.id, "user_id": self.users["seller"].id}, None),
        ):
            flows = self.flows(20, 1, "analyst", **filters)
            seen = self.assertExact(flows, "analyst")
            self.assertEqual(seen.ids, wanted.ids if wanted else [])

    def test_days_out_of_order_and_to_come(self):
        with self.assertRaises(UserError):
            self.flows(1, 2)
        with self.assertRaises(UserError):
            self.env["dcrm.segment.stay"].flows(
                {
                    "company_id": self.company_a.id,
                    "date_to": str(self.today() + timedelta(2)),
                }
            )

    def test_the_screen_says_what_it_took(self):
        stays = self.env_as("seller")["dcrm.segment.stay"]
        screen = stays.flow_screen()
        self.assertEqual((screen["flows"], screen["entered_from"]), ([], False))
        self.stay(self.partner(seller="seller"), self.good, 30)
        screen = stays.flow_screen({"date_to": str(self.days_ago(1))})
        self.assertEqual(screen["entered_from"], str(self.days_ago(30)))
        self.assertEqual(
            screen["filters"],
            {
                "company_id": self.company_a.id,
                "date_from": str(self.days_ago(91)),
                "date_to": str(self.days_ago(1)),
                "user_id": None,
                "industry_id": None,
            },
        )
        self.assertEqual(screen["flows"], stays.flows(screen["filters"]))
