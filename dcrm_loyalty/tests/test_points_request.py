"""The same key and request twice gives the stored answer, another request an error."""

import json

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_points_card import PointsCardCase


@tagged("post_install", "-at_install")
class TestPointsRequest(PointsCardCase):
    def setUp(self):
        super().setUp()
        self.kitchen = self.points_club()
        self.anna = self.partner("Anna", seller="seller")

    def ask(self, kind, points, key, reason=None, **values):
        accounts = self.env_as(values.get("role", "manager"))["dcrm.points.account"]
        club = values.get("club", self.kitchen)
        partner = values.get("partner", self.anna)
        answer = accounts.post_request(club.id, partner.id, kind, points, key, reason)
        return json.loads(json.dumps(answer))

    def test_once(self):
        first = self.ask("earn", 100, "web-1")
        account = self.account(self.kitchen, self.anna)
        self.assertEqual(
            first,
            {
                "move_id": account.move_ids.id,
                "account_id": account.id,
                "card": account.card_id.code,
                "kind": "earn",
                "points": 100,
                "pending": 0,
                "balance": 100,
            },
        )
        self.ask("redeem", 30, "web-2", "Voucher")
        self.assertEqual(self.ask("earn", 100, "web-1"), first, "as it was answered")
        self.assertEqual(self.ask("redeem", 30, "web-2", "Voucher")["balance"], 70)
        self.assertPoints(account, 70)
        self.assertEqual(self.kinds(account), [("earn", 100), ("redeem", -30)])
        self.assertKept()

    def test_another_request(self):
        self.ask("earn", 100, "web-1")
        contact = self.partner(parent_id=self.anna.id)
        for kind, points, values in (
            ("earn", 101, {}),
            ("redeem", 100, {}),
            ("earn", 100, {"partner": contact}),
            ("earn", 100, {"club": self.points_club()}),
            ("earn", 100, {"reason": "Other"}),
        ):
            with self.assertRefused("Key web-1 is that of another request"):
                self.ask(kind, points, "web-1", **values)
        self.assertPoints(self.account(self.kitchen, self.anna), 100)

    def test_what_could_not_be_done_may_be_asked_again(self):
        with self.assertRefused("not enough"):
            self.ask("redeem", 30, "web-1")
        self.ask("earn", 100, "web-2")
        self.assertEqual(self.ask("redeem", 30, "web-1")["balance"], 70)

    def test_keys_of_companies_are_their_own(self):
        far = self.points_club(self.company_b)
        self.ask("earn", 100, "web-1")
        self.assertEqual(
            self.ask("earn", 7, "web-1", club=far, role="manager_ab")["balance"], 7
        )

    def test_senseless(self):
        nan, inf = float("nan"), float("inf")
        for kind, points, key in (
            ("earn", 0, "k"),
            ("earn", -1, "k"),
            ("earn", 0.00001, "k"),
            ("redeem", -1, "k"),
            ("earn", nan, "k"),
            ("earn", inf, "k"),
            ("redeem", 1e308, "k"),
            ("earn", "100", "k"),
            ("opening", 1, "k"),
            ("adjust", 1, "k"),
            ("earn", 1, " "),
            ("earn", 1, None),
            ("earn", 1, "k" * 201),
            ("earn", 1, "k\0"),
            ("earn", 10**400, "k"),
            (["earn"], 1, "k"),
            ({}, 1, "k"),
            (None, 1, "k"),
            ("earn", [1], "k"),
            ("earn", None, "k"),
        ):
            with self.subTest(f"{kind} {points} {key}"), self.assertRefused(""):
                self.ask(kind, points, key)
        self.assertFalse(self.env["dcrm.points.request"].search([]))

    def test_expired_card(self):
        self.ask("earn", 100, "a")
        card = self.card(self.kitchen, self.anna)
        card.expiration_date = self.days_ago(1)
        with self.assertRefused(f"Card {card.code} expired on"):
            self.ask("redeem", 10, "b")
        card.expiration_date = self.today()
        self.assertEqual(self.ask("redeem", 10, "b")["balance"], 90)

    def test_a_reason_with_what_no_text_has(self):
        self.ask("adjust", 5, "a", "Gi\0ft")
        account = self.account(self.kitchen, self.anna)
        self.assertEqual(account.move_ids.reason, "Gift")

    def test_adjusted(self):
        self.ask("adjust", 5.5, "a", "Gift")
        self.assertEqual(self.ask("adjust", -5, "b", "Too many")["balance"], 0.5)
        account = self.account(self.kitchen, self.anna)
        self.assertEqual(account.move_ids.mapped("reason"), ["Too many", "Gift"])

    def test_pending(self):
        self.kitchen.pending_days = 3
        answer = self.ask("earn", 5, "a")
        self.assertEqual(
            (answer["kind"], answer["pending"], answer["balance"]), ("pending", 5, 0)
        )

    def test_who_may(self):
        for role in ("seller", "seller_all", "analyst", "portal", "nobody"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.ask("earn", 1, "k", role=role)
        adjusts = self.env.ref("dcrm_loyalty.group_dcrm_points_adjust")
        for role in ("seller", "other_seller"):
            self.users[role].group_ids |= adjusts
        self.ask("earn", 1, "k", role="seller")
        with self.assertRefused("", AccessError):
            self.ask("earn", 1, "l", role="other_seller")
        with self.assertRefused("", AccessError):
            self.ask("earn", 1, "k", role="other_seller")
        self.assertPoints(self.account(self.kitchen, self.anna), 1)

    def test_asked_again_by_its_seller_after_a_merge(self):
        adjusts = self.env.ref("dcrm_loyalty.group_dcrm_points_adjust")
        self.users["seller"].group_ids |= adjusts
        first = self.ask("earn", 1, "k", role="seller")
        home = self.partner("Home", seller="seller", is_company=True)
        self.anna.parent_id = home
        self.env.flush_all()
        self.assertEqual(self.ask("earn", 1, "k", role="seller"), first)

    def test_nobody_and_nothing(self):
        """What is no record is refused in words, and leaves nothing."""
        accounts = self.env_as("manager")["dcrm.points.account"]
        gone = self.partner()
        gone_id = gone.id
        gone.unlink()
        values = ("x", None, False, 0, -1, 1.5, [], [1, 2], {}, 2**40, gone_id)
        for value in values:
            with self.subTest(value), self.assertRefused(""):
                accounts.post_request(self.kitchen.id, value, "earn", 1, "k")
        for value in values[:-1]:
            with self.subTest(value), self.assertRefused(""):
                accounts.post_request(value, self.anna.id, "earn", 1, "k")
        self.assertFalse(self.env["dcrm.points.request"].search([]))
        self.assertFalse(self.env["dcrm.points.account"].search([]))

    def test_another_company_s_club(self):
        far = self.points_club(self.company_b)
        with self.assertRefused("", AccessError):
            self.ask("earn", 1, "k", club=far)

    def test_members_only(self):
        self.kitchen.members_only = True
        with self.assertRefused("no active member"):
            self.ask("earn", 1, "k")
        self.join(self.anna, self.kitchen)
        self.assertEqual(self.ask("earn", 1, "k")["balance"], 1)

    def test_an_archived_card_is_not_used(self):
        self.ask("earn", 10, "k")
        self.card(self.kitchen, self.anna).action_archive()
        with self.assertRefused("archived"):
            self.ask("redeem", 1, "l")
        self.assertEqual(self.ask("earn", 5, "m")["balance"], 15)

    def test_a_club_without_points(self):
        with self.assertRefused("keeps no points"):
            self.ask("earn", 10, "k", club=self.club())
