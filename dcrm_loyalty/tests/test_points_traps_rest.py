"""What the other tests of traps leave: history, types, wallets, what an order tells."""

from odoo.fields import Command
from odoo.tests import tagged

from .common_points import PointsCase


@tagged("post_install", "-at_install")
class TestPointsTrapsRest(PointsCase):
    def setUp(self):
        super().setUp()
        self.kept = self.points_club()

    def test_trap_02_cancelling_deletes_no_history(self):
        order = self.order(2, confirm=True)
        order._action_cancel()
        self.assertEqual(self.kinds(self.kept), [("earn", 200), ("reverse", -200)])
        moves = self.account(self.kept).move_ids
        self.assertEqual(set(moves.mapped("reference")), {order.name})
        self.assertNoViolations()

    def test_trap_06_programs_are_of_the_host_s_types(self):
        types = dict(self.env["loyalty.program"]._fields["program_type"].selection)
        added = [
            name
            for name, field in self.env["loyalty.program"]._fields.items()
            if name == "program_type" and "dcrm_loyalty" in (field._modules or ())
        ]
        self.assertFalse(added)
        self.assertIn(self.kept.program_id.program_type, types)
        self.assertEqual(self.kept.program_id.program_type, "loyalty")

    def test_trap_22_the_points_of_a_card_are_read_and_written_at_one_place(self):
        """Were the host to compute them, lots that expire first would go first."""
        today = self.kept.company_id._customer_today()
        account = self.give(self.kept, 30)
        soon = account._post("import", 20, expires_on=today)
        account.card_id.with_context(dcrm_points_reason="Counted").points = 45
        self.env.flush_all()
        self.assertEqual(self.balance(self.kept), 45)
        lot = account.lot_ids.filtered(lambda each: each.move_id == soon)
        self.assertEqual(lot.remaining, 15)
        self.assertEqual(account.move_ids[0].kind, "adjust")

    def test_a_wallet_that_pays_takes_no_points_off(self):
        wallet = self.env["loyalty.program"].create(
            {
                "name": "Wallet",
                "program_type": "ewallet",
                "applies_on": "future",
                "trigger": "auto",
                "company_id": self.company_a.id,
                "currency_id": self.company_a.currency_id.id,
                "reward_ids": [
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount_mode": "per_point",
                            "discount": 1,
                            "required_points": 1,
                        }
                    )
                ],
            }
        )
        card = self.env["loyalty.card"].create(
            {"program_id": wallet.id, "partner_id": self.customer.id, "points": 40}
        )
        order = self.order(1)
        order._apply_program_reward(wallet.reward_ids, card)
        self.assertEqual(order.amount_total, 60)
        order.action_confirm()
        self.assertEqual((self.balance(self.kept), card.points), (100, 0))
        order._action_cancel()
        self.assertEqual((self.balance(self.kept), card.points), (0, 40))
        self.assertNoViolations()

    # -- what an order tells before it is confirmed ------------------------------------

    def test_when_it_earns(self):
        for earn_on, days, told in (
            ("invoice", 0, "once it is invoiced."),
            ("paid", 0, "once it is paid."),
            ("order", 7, f"{self.kept.name}. They can be used 7 days later."),
            ("paid", 1, "once it is paid. They can be used 1 days later."),
        ):
            self.kept.write({"earn_on": earn_on, "pending_days": days})
            note = self.order(2).points_note
            self.assertTrue(note.startswith("Earns 200 "), note)
            self.assertTrue(note.endswith(told), note)

    def test_what_is_owed_or_not_enough(self):
        self.kept.earn_on = "invoice"
        account = self.give(self.kept, 30)
        there = self.order().points_note.splitlines()[1]
        self.assertTrue(there.startswith("30 "), there)
        self.assertIn("takes 50 ", there)
        account._post("reverse", -70)
        owed = self.order().points_note.splitlines()[1]
        self.assertTrue(owed.startswith("40 "), owed)
        self.assertTrue(
            owed.endswith("are owed: what is earned works them off first."), owed
        )
