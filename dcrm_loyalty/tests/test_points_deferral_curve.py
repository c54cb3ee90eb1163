from datetime import date
from decimal import Decimal

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common_deferral import DeferralCase


@tagged("post_install", "-at_install")
class TestPointsDeferralCurve(DeferralCase):
    """How many points are redeemed, as the club's own tell; what a point costs."""

    def learn(self, **values):
        """Return a club of which each month's points are redeemed by half in a month
        and by a tenth in the next."""
        club = self.deferring_club(
            **{"redemption_by": "curve", "curve_months": 3, **values}
        )
        for month in range(1, 5):
            customer = self.partner(f"Of {month}")
            self.sell(1_000, f"2026-{month:02}-05", partner=customer)
            self.redeem(club, 50, f"2026-{month:02}-20", partner=customer)
            self.redeem(club, 10, f"2026-{month + 1:02}-01", partner=customer)
        return club

    def test_the_curve_of_the_club(self):
        club = self.learn()
        curve = club._redemption_curve(date(2026, 4, 30))
        self.assertEqual([float(part) for part in curve], [0.5, 0.6, 0.6, 0.6])

    def test_by_hand_while_the_club_is_young(self):
        club = self.learn(curve_months=4, expected_redemption=80)
        self.assertFalse(club._redemption_curve(date(2026, 4, 30)))
        self.close(club, "2026-04-30")
        self.assertEqual(self.cohort(club).rate, 80)
        self.at("2026-06-01")
        self.assertTrue(club._redemption_curve(date(2026, 5, 31)))

    def test_what_is_redeemed_follows_the_curve(self):
        club = self.learn()
        self.close(club, "2026-04-30")
        # Those of January have been redeemed as far as they will be.
        self.assertCohort(self.cohort(club), redeemed=60, expected=60, liability=0)
        # Of those of April a tenth is still to come.
        april = self.cohort(club, "2026-04")
        self.assertCohort(april, redeemed=50, expected=60)
        self.assertEqual(april.line_ids.rate, 60)
        self.assertAlmostEqual(april.liability, april.deferred / 6, 2)

    def test_what_was_given_back_was_not_redeemed(self):
        club = self.learn()
        customer = self.partner("Undecided")
        self.sell(4_000, "2026-04-05", partner=customer)
        spent = self.redeem(club, 200, partner=customer)
        self.account(club, customer)._reverse(spent, 200)
        curve = club._redemption_curve(date(2026, 4, 30))
        self.assertAlmostEqual(float(curve[0]), 200 / 800)

    def test_what_was_taken_back_was_not_issued(self):
        club = self.learn()
        customer = self.partner("Returner")
        self.refund(self.sell(4_000, "2026-04-05", partner=customer))
        curve = club._redemption_curve(date(2026, 4, 30))
        self.assertEqual(float(curve[0]), 0.5)

    # -- what a point costs ------------------------------------------------------------

    def rewards(self, *values):
        before = self.program.reward_ids
        self.program.reward_ids = [Command.create(each) for each in values]
        before.unlink()
        return self.program.reward_ids.sorted("id")

    def priced(self, **values):
        return self.deferring_club(
            **{"point_price_by": "rewards", "point_price": 0, **values}
        )

    def test_rewards_tell_the_price(self):
        self.pot.list_price = 120
        self.rewards(
            {"discount_mode": "per_point", "discount": 0.2, "required_points": 1},
            {"discount_mode": "per_order", "discount": 5, "required_points": 50},
            {
                "reward_type": "product",
                "reward_product_id": self.pot.id,
                "required_points": 400,
            },
        )
        # 0.20, 0.10 and 0.30, of which none has been redeemed.
        club = self.priced()
        self.assertEqual(club._point_price(), Decimal("0.2"))
        self.assertEqual(club.point_price_now, 0.2)

    def test_what_is_redeemed_most_counts_most(self):
        cheap, dear = self.rewards(
            {"discount_mode": "per_order", "discount": 5, "required_points": 50},
            {"discount_mode": "per_order", "discount": 30, "required_points": 100},
        )
        club = self.priced()
        self.give(club, 250)
        for reward, times in ((cheap, 3), (dear, 1)):
            for _time in range(times):
                order = self.order(1)
                order._update_programs_and_rewards()
                order._apply_program_reward(reward, self.account(club).card_id)
                order.action_confirm()
        # 150 points at 0.10 and 100 at 0.30.
        self.assertEqual(club._point_price(), Decimal("0.18"))

    def test_discounts_in_per_cent_and_free_shipping_need_a_price(self):
        [reward] = self.rewards(
            {"discount_mode": "percent", "discount": 10, "required_points": 100}
        )
        with self.assertRefused("Give these rewards a stand-alone", ValidationError):
            self.priced()
        reward.standalone_price = 25
        self.assertEqual(self.priced()._point_price(), Decimal("0.25"))

    def test_a_price_in_another_currency(self):
        self.program.currency_id = self.usd
        self.rewards(
            {"discount_mode": "per_point", "discount": 1, "required_points": 1}
        )
        self.assertEqual(self.priced()._point_price(), Decimal("0.5"))

    def test_the_price_of_the_day_of_the_closing_stays(self):
        self.rewards(
            {"discount_mode": "per_point", "discount": 1, "required_points": 1}
        )
        club = self.priced(expected_redemption=100)
        self.sell(1_100, "2026-01-10")
        self.close(club, "2026-01-31")
        self.program.reward_ids.discount = 2
        self.close(club, "2026-02-28")
        self.assertCohort(self.cohort(club), deferred=100)
        self.sell(1_100, "2026-03-10")
        self.close(club, "2026-03-31")
        self.assertCohort(self.cohort(club, "2026-03"), deferred=183.33)
