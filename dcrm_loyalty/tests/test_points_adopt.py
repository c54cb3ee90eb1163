"""A club takes over the cards that its program has: their points are openings."""

from unittest.mock import patch

from odoo.tests import tagged

from ..models import dcrm_club_points, dcrm_run_points
from .common_points_card import PointsCardCase


@tagged("post_install", "-at_install")
class TestPointsAdopt(PointsCardCase):
    def setUp(self):
        super().setUp()
        self.kitchen = self.program()
        self.company = self.partner("Company", is_company=True)
        self.contact = self.partner("Contact", parent_id=self.company.id)
        self.anna = self.partner("Anna")

    def cards(self, *rows, program=None):
        """Return cards of (partner or None, points), as the host makes them."""
        return self.env["loyalty.card"].create(
            [
                {
                    "program_id": (program or self.kitchen).id,
                    "partner_id": partner and partner.id,
                    "points": points,
                }
                for partner, points in rows
            ]
        )

    def keep(self, at_once=1000):
        with patch.object(dcrm_club_points, "AT_ONCE", at_once):
            return self.points_club(program=self.kitchen)

    def accounts(self, club):
        return self.env["dcrm.points.account"].search(
            [("club_id", "=", club.id)], order="id"
        )

    def run_cron(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("dcrm_analytics.ir_cron_run").method_direct_trigger()
        self.env.invalidate_all()

    def run_of(self, club):
        return (
            self.env["dcrm.run"]
            .search([("kind", "=", "points_adopt")])
            .filtered(lambda run: run.options["club_id"] == club.id)
        )

    def test_every_card_has_its_opening(self):
        cards = self.cards((self.anna, 12.1), (self.company, 30.5), (None, 7))
        club = self.keep()
        accounts = self.accounts(club)
        self.assertEqual(accounts.card_id, cards)
        self.assertEqual(
            [account.partner_id.name for account in accounts],
            ["Anna", "Company", False],
        )
        for account, points in zip(accounts, (12.1, 30.5, 7), strict=True):
            self.assertPoints(account, points)
            self.assertEqual(self.kinds(account), [("opening", points)])
        self.assertFalse(self.run_of(club))
        self.assertKept()

    def test_nothing_on_a_card(self):
        self.cards((self.anna, 0))
        account = self.accounts(self.keep())
        self.assertPoints(account, 0)
        self.assertFalse(account.move_ids)

    def test_noise_of_the_host(self):
        """The host adds up floats, and its columns take any number."""
        card = self.cards((self.anna, 0))
        self.cr.execute(
            "UPDATE loyalty_card SET points = 0.1::float8 + 0.2::float8 WHERE id = %s",
            [card.id],
        )
        account = self.accounts(self.keep())
        self.assertPoints(account, 0.3)
        self.assertKept()

    def test_below_zero_is_owed(self):
        """The host lets a cancelled order leave −300 on a card."""
        self.cards((self.anna, -300))
        account = self.accounts(self.keep())
        self.assertPoints(account, -300, debt=300)
        account._post("earn", 400)
        self.assertPoints(account, 100)
        self.assertKept()

    def test_trap_13_cards_of_a_customer_become_one(self):
        cards = self.cards((self.contact, 10), (self.company, 20), (self.contact, 3))
        club = self.keep()
        account = self.account(club, self.company)
        self.assertPoints(account, 33)
        self.assertEqual(account.card_id, cards[0])
        self.assertEqual(account.card_id.partner_id, self.company)
        self.assertEqual(cards.mapped("active"), [True, False, False])
        self.assertEqual(self.account(club, self.contact), account)
        for other in self.accounts(club) - account:
            self.assertEqual(other._living(), account)
            self.assertPoints(other, 0)
        self.assertKept()

    def test_what_one_owes_and_the_other_has(self):
        self.cards((self.anna, -50), (self.anna, 80))
        account = self.account(self.keep(), self.anna)
        self.assertPoints(account, 30)
        self.assertKept()

    def test_archived_cards_are_nobody_s(self):
        card = self.cards((self.anna, 10))
        card.action_archive()
        club = self.keep()
        old = self.accounts(club)
        self.assertPoints(old, 10)
        self.assertFalse(old.partner_id)
        self.assertNotEqual(self.account(club, self.anna).card_id, card)

    def test_history_of_the_host_stays(self):
        card = self.cards((self.anna, 10))
        row = self.env["loyalty.history"].create(
            {"card_id": card.id, "description": "Gift", "issued": 10}
        )
        self.keep()
        self.assertEqual(card.history_ids, row)

    def test_other_programs_stay_as_they_are(self):
        other = self.program()
        card = self.cards((self.anna, 10), program=other)
        self.keep()
        self.assertFalse(card.points_account_ids)
        card.points = 12
        self.assertEqual(card.points, 12)

    # -- many ------------------------------------------------------------------------

    def test_many_are_a_run(self):
        cards = self.cards(*((self.partner(), n) for n in range(10)))
        cards |= self.cards((cards[0].partner_id, 100), (self.contact, 5))
        club = self.keep(at_once=2)
        self.assertEqual(len(self.accounts(club)), 2)
        run = self.run_of(club)
        self.assertEqual((run.state, run.total), ("waiting", 10))
        self.assertEqual(club.adoption_id, run)
        with patch.object(dcrm_run_points, "ADOPTED", 3):
            self.run_cron()
        self.assertEqual((run.state, run.progress), ("done", 100))
        self.assertIn("10 cards taken over", run.result)
        self.assertFalse(club.adoption_id)
        self.assertEqual(self.accounts(club).card_id, cards)
        self.assertPoints(self.account(club, cards[0].partner_id), 100)
        self.assertPoints(self.account(club, self.company), 5)
        self.assertKept()

    def test_a_run_that_was_killed_goes_on(self):
        self.cards(*((self.partner(), n + 1) for n in range(9)))
        club = self.keep(at_once=1)
        accounts = type(self.env["dcrm.points.account"])
        adopt, calls = accounts._adopt_cards, []

        def killed(self, club, limit, cards=None):
            calls.append(limit)
            result = adopt(self, club, limit, cards)
            if len(calls) == 2:
                raise MemoryError("killed")
            return result

        with (
            patch.object(dcrm_run_points, "ADOPTED", 2),
            patch.object(accounts, "_adopt_cards", killed),
            self.assertLogs("odoo.addons.dcrm_analytics.models.dcrm_run", "ERROR"),
        ):
            self.run_cron()
        self.assertEqual(self.run_of(club).state, "failed")
        self.assertEqual(len(self.accounts(club)), 3, "what was done stays")
        club._keep_points()
        self.run_cron()
        self.assertEqual(len(self.accounts(club)), 9)
        self.assertEqual(sum(self.accounts(club).mapped("balance")), 45)
        self.assertKept()

    def test_who_comes_meanwhile_is_taken_over_first(self):
        first = self.cards((self.anna, 1))
        self.cards(*((self.partner(), 2) for _ in range(3)))
        late = self.cards((self.contact, 5), (None, 9))
        club = self.keep(at_once=1)
        account = self.account(club, self.company)
        self.assertEqual(account.card_id, late[0])
        self.assertPoints(account, 5)
        late[1].sudo().points += 2
        self.assertPoints(late[1].points_account_ids, 11)
        self.assertEqual(
            self.env["loyalty.card"].create(
                {"program_id": self.kitchen.id, "partner_id": self.anna.id}
            ),
            first,
        )
        self.run_cron()
        self.assertEqual(len(self.accounts(club)), 6)
        self.assertKept()

    def test_one_run_a_club(self):
        self.cards(*((self.partner(), 2) for _ in range(3)))
        club = self.keep(at_once=1)
        with patch.object(dcrm_club_points, "AT_ONCE", 1):
            club._keep_points()
        self.assertEqual(len(self.run_of(club)), 1)
        self.assertIn(self.run_of(club).id, [club.action_open_adoption()["res_id"]])
