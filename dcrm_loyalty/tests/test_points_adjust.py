"""Balances are changed by hand by who may, for a reason, and never below nothing."""

from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common_points_card import PointsCardCase

REASON = "Say why: a balance is adjusted for a reason only."


@tagged("post_install", "-at_install")
class TestPointsAdjust(PointsCardCase):
    def setUp(self):
        super().setUp()
        self.kitchen = self.points_club()
        self.customer = self.partner("Anna", seller="seller")
        self.points = self.give(self.kitchen, self.customer, 100)

    def wizard(self, role, balance, reason, card=None):
        env = self.env_as(role) if role else self.env
        return env["loyalty.card.update.balance"].create(
            {
                "card_id": (card or self.points.card_id).id,
                "new_balance": balance,
                "description": reason,
            }
        )

    def generate(self, role, granted, customers, program=None, **values):
        return self.env_as(role)["loyalty.generate.wizard"].create(
            {
                "program_id": (program or self.kitchen.program_id).id,
                "mode": "selected" if customers else "anonymous",
                "customer_ids": [Command.set(customers.ids)],
                "points_granted": granted,
                **values,
            }
        )

    # -- the host's dialog on a card -------------------------------------------------

    def test_dialog_posts_the_difference(self):
        self.wizard("manager", 130, "A pan arrived broken").action_update_card_point()
        self.assertPoints(self.points, 130)
        move = self.points.move_ids[0]
        self.assertEqual(
            (move.kind, move.points, move.reason, move.create_uid),
            ("adjust", 30, "A pan arrived broken", self.users["manager"]),
        )
        self.wizard("manager", 0, "Left the country").action_update_card_point()
        self.assertPoints(self.points, 0)
        self.assertFalse(self.points.card_id.history_ids, "the moves are the history")
        self.assertKept()

    def test_dialog_needs_the_privilege(self):
        for role in ("seller", "seller_all", "analyst"):
            with self.assertRefused("Only who may adjust", AccessError):
                self.wizard(role, 130, "Because").action_update_card_point()
        self.users["seller"].group_ids |= self.env.ref(
            "dcrm_loyalty.group_dcrm_points_adjust"
        )
        self.wizard("seller", 130, "Because").action_update_card_point()
        self.assertPoints(self.points, 130)

    def test_who_adjusts_needs_the_customer(self):
        """The privilege doesn't open the accounts of other sellers' customers."""
        adjusts = self.env.ref("dcrm_loyalty.group_dcrm_points_adjust")
        self.users["other_seller"].group_ids |= adjusts
        with self.assertRefused("", AccessError):
            self.wizard("other_seller", 1, "Mine now").action_update_card_point()
        self.assertPoints(self.points, 100)

    def test_dialog_needs_a_reason_that_says_something(self):
        with self.assertRefused(REASON):
            self.wizard("manager", 130, " \t").action_update_card_point()

    def test_dialog_refuses_less_than_nothing(self):
        with self.assertRefused("should be positive", ValidationError):
            self.wizard("manager", -1, "Fraud").action_update_card_point()
        self.assertPoints(self.points, 100)

    def test_dialog_works_off_what_is_owed(self):
        earned = self.points.move_ids
        self.points._post("redeem", -80)
        self.points._reverse(earned, 100)
        self.assertPoints(self.points, -80, debt=80)
        self.wizard("manager", 20, "Forgiven").action_update_card_point()
        self.assertPoints(self.points, 20)
        self.assertKept()

    def test_dialog_on_another_program_s_card(self):
        card = self.env["loyalty.card"].create(
            {"program_id": self.program().id, "points": 5}
        )
        self.wizard(None, 9, "Gift", card).action_update_card_point()
        self.assertEqual(card.points, 9)
        self.assertEqual(card.history_ids.mapped("issued"), [4])

    # -- straight --------------------------------------------------------------------

    def test_trap_12_nobody_writes_a_balance(self):
        """Any salesperson may write points on the host's card, and −50 is accepted."""
        card = self.points.card_id
        for role in ("seller", "seller_all", "analyst"):
            with self.assertRefused("Only who may adjust", AccessError):
                card.with_env(self.env_as(role)).points = 5000
        mine = card.with_env(self.env_as("manager"))
        with self.assertRefused(REASON):
            mine.points = 5000
        for wrong in (-50, float("nan"), float("inf"), -1e308):
            with self.assertRefused(""):
                mine.with_context(dcrm_points_reason="Fraud").points = wrong
        with self.assertRefused("Points are a number"):
            mine.with_context(dcrm_points_reason="Fraud").write({"points": 1e308})
        mine.with_context(dcrm_points_reason="Agreed by phone").points = 60
        self.assertPoints(self.points, 60)
        self.assertKept()

    def test_trap_12_nobody_edits_the_history(self):
        card = self.env["loyalty.card"].create(
            {"program_id": self.program().id, "partner_id": self.customer.id}
        )
        row = self.env["loyalty.history"].create(
            {"card_id": card.id, "description": "Gift", "issued": 3}
        )
        club = self.points_club(program=card.program_id)
        account = self.account(club, self.customer)
        self.assertEqual(account.card_id, card)
        mine = row.with_env(self.env_as("seller"))
        for work in (
            lambda: mine.write({"issued": 300}),
            lambda: mine.create({"card_id": card.id, "description": "I", "issued": 1}),
            lambda: row.unlink(),
        ):
            with self.assertRefused("nobody writes by hand"):
                work()
        self.assertEqual(row.issued, 3)

    def test_written_by_the_system(self):
        """Code that works as the system goes on working, and is recorded."""
        self.points.card_id.sudo().points += 7
        self.assertPoints(self.points, 107)
        self.assertEqual(self.points.move_ids[0].reason, "Written by the system")

    def test_card_is_not_deleted(self):
        with self.assertRefused("archived, not deleted"):
            self.points.card_id.unlink()

    def test_card_stays_with_its_customer(self):
        card = self.points.card_id.with_env(self.env_as("manager"))
        with self.assertRefused("stay with its customer"):
            card.partner_id = self.partner("Bob")
        with self.assertRefused("stay with its customer"):
            card.program_id = self.program()
        contact = self.partner(parent_id=self.customer.id)
        card.partner_id = contact
        self.assertEqual(card.partner_id, self.customer, "the customer's, as before")

    # -- new cards -------------------------------------------------------------------

    def test_made_by_hand_is_the_card_that_is_there(self):
        contact = self.partner(parent_id=self.customer.id)
        cards = self.env_as("manager")["loyalty.card"]
        values = {"program_id": self.kitchen.program_id.id, "partner_id": contact.id}
        self.assertEqual(cards.create(values).id, self.points.card_id.id)
        with self.assertRefused(REASON):
            cards.create({**values, "points": 5})
        named = cards.with_context(dcrm_points_reason="Paper card")
        named.create({**values, "points": 5})
        self.assertPoints(self.points, 105)

    def test_made_by_hand_of_nobody(self):
        cards = self.env_as("manager")["loyalty.card"]
        values = {"program_id": self.kitchen.program_id.id, "code": "PAPER-1"}
        with self.assertRefused(REASON):
            cards.create({**values, "points": 5})
        named = cards.with_context(dcrm_points_reason="Paper card")
        card = named.create({**values, "points": 5})
        self.assertEqual((card.points, card.code), (5, "PAPER-1"))
        account = card.sudo().points_account_ids
        self.assertEqual(self.kinds(account), [("adjust", 5)])
        card.partner_id = self.partner("Bob")
        self.assertEqual(account.partner_id.name, "Bob")
        self.assertEqual(self.card(self.kitchen, account.partner_id), card.sudo())
        self.assertKept()

    def test_card_of_nobody_goes_to_who_has_one(self):
        named = self.env["loyalty.card"].with_context(dcrm_points_reason="Paper card")
        card = named.create({"program_id": self.kitchen.program_id.id, "points": 5})
        card.partner_id = self.customer
        self.assertPoints(self.points, 105)
        self.assertFalse(card.active)
        self.assertKept()

    def test_generated_cards(self):
        bob = self.partner("Bob")
        day = date(2099, 5, 1)
        wizard = self.generate(
            "manager", 10, self.customer | bob, description="Opening", valid_until=day
        )
        wizard.generate_coupons()
        self.assertPoints(self.points, 110)
        other = self.account(self.kitchen, bob)
        self.assertPoints(other, 10)
        self.assertEqual(other.move_ids.reason, "Opening")
        self.assertEqual(self.lots(other), [(day, 10)])
        self.assertFalse(other.card_id.expiration_date)
        with self.assertRefused("Only who may adjust", AccessError):
            self.generate("sales_manager", 10, bob).generate_coupons()
        self.assertKept()

    def test_generated_cards_of_another_program(self):
        program = self.program()
        wizard = self.generate("manager", 10, self.customer, program)
        card = wizard.generate_coupons()
        self.assertEqual((card.points, card.history_ids.issued), (10, 10))

    def test_a_gift_expires_as_what_is_earned(self):
        self.kitchen.points_expiry = "earned"
        self.wizard("manager", 130, "Gift").action_update_card_point()
        today = self.today()
        last = self.kitchen._last_day_of_points(today)
        self.assertEqual(self.lots(self.points), [(False, 100), (last, 30)])

    def test_customers_are_told_of_what_they_reach(self):
        template = self.env["mail.template"].create(
            {
                "name": "Reached",
                "model_id": self.env["ir.model"]._get_id("loyalty.card"),
                "subject": "150 points",
                "partner_to": "{{ object.partner_id.id }}",
            }
        )
        self.kitchen.program_id.communication_plan_ids = [
            Command.create(
                {
                    "trigger": "points_reach",
                    "points": 150,
                    "mail_template_id": template.id,
                }
            )
        ]
        self.customer.email = "anna@example.com"
        mails = self.env["mail.mail"]
        before = mails.search([])
        self.wizard("manager", 149, "Gift").action_update_card_point()
        self.assertFalse(mails.search([]) - before)
        self.wizard("manager", 151, "Gift").action_update_card_point()
        self.assertEqual(len(mails.search([]) - before), 1)

    def test_another_company_s_card(self):
        far = self.points_club(self.company_b)
        theirs = self.give(far, self.customer, 10)
        with self.assertRaises(AccessError):
            theirs.card_id.with_env(self.env_as("manager")).points = 3
        with self.assertRaises(AccessError):
            self.wizard("manager", 3, "Far", theirs.card_id).action_update_card_point()
        self.assertPoints(theirs, 10)

    def test_an_archived_card_earns_and_is_not_used(self):
        """Archiving blocks a card; its points stay, and no second card is made."""
        order = self.order(self.customer, 30, confirm=False)
        order._update_programs_and_rewards()
        card, reward = self.points.card_id, self.kitchen.program_id.reward_ids
        self.assertIn(card, order._get_claimable_rewards())
        card.action_archive()
        self.assertNotIn(card, order._get_claimable_rewards())
        self.assertIn("is archived", order._apply_program_reward(reward, card)["error"])
        order.action_confirm()
        self.assertPoints(self.points, 130)
        card.action_unarchive()
        again = self.order(self.customer, 30, confirm=False)
        again._update_programs_and_rewards()
        self.assertFalse(again._apply_program_reward(reward, card))
        again.action_confirm()
        self.assertPoints(self.points, 130)
        self.assertKept()
