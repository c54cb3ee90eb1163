from datetime import timedelta

from odoo.tests import tagged

from .common_points import PointsCase


@tagged("post_install", "-at_install")
class TestPointsPending(PointsCase):
    """Points are pending as long as goods may come back, then they are released."""

    def setUp(self):
        super().setUp()
        self.points = self.points_club(pending_days=14)
        self.today = self.company_a._customer_today()

    def release(self, days=0):
        """Have the scheduled action run so many days from now."""
        day = self.today + timedelta(days=days)
        self.patch(type(self.company_a), "_customer_today", lambda company: day)
        with self.enter_registry_test_mode():
            self.env.ref("dcrm_loyalty.ir_cron_release_points").method_direct_trigger()
        self.env.invalidate_all()

    def test_released_when_the_goods_can_not_come_back(self):
        order = self.order(2, confirm=True)
        account = self.account(self.points)
        self.assertEqual((account.balance, account.pending), (0, 200))
        self.release(13)
        self.assertEqual((account.balance, account.pending), (0, 200))
        self.release(14)
        self.assertEqual((account.balance, account.pending), (200, 0))
        move = account.move_ids[0]
        self.assertEqual((move.kind, move.res_id), ("release", order.id))
        self.release(15)
        self.assertEqual(self.balance(self.points), 200)

    def test_taken_back_before_and_after(self):
        order = self.order(3, confirm=True)
        invoice = self.invoice(order)
        self.refund(invoice, 1)
        account = self.account(self.points)
        self.assertEqual((account.balance, account.pending), (0, 200))
        self.release(14)
        self.assertEqual((account.balance, account.pending), (200, 0))
        self.refund(invoice, 1)
        self.assertEqual((account.balance, account.pending), (100, 0))
        order._action_cancel()
        self.assertEqual((account.balance, account.pending), (0, 0))

    def test_pending_points_pay_no_reward(self):
        self.order(3, confirm=True)
        order = self.order(2)
        order._update_programs_and_rewards()
        self.assertFalse(order._get_claimable_rewards())

    def test_released_points_expire_counted_from_their_release(self):
        self.points.write({"points_expiry": "earned", "expiry_months": 1})
        self.order(1, confirm=True)
        self.release(14)
        [lot] = self.account(self.points).lot_ids
        self.assertGreater(lot.expires_on, self.today + timedelta(days=14 + 27))

    def test_released_points_work_off_what_is_owed(self):
        account = self.account(self.points)
        account = self.env["dcrm.points.account"]._open(self.points, self.customer)
        earned = account._post("import", 80)
        account._post("redeem", -80)
        account._reverse(earned, 80)
        self.assertEqual((account.balance, account.debt), (-80, 80))
        self.order(1, confirm=True)
        self.release(14)
        self.assertEqual((account.balance, account.debt), (20, 0))

    def test_merged_account_is_released_where_it_went(self):
        other = self.env["res.partner"].create({"name": "Other"})
        order = self.order(2, partner=other, confirm=True)
        kept = self.env["dcrm.points.account"]._open(self.points, self.customer)
        self.account(self.points, other)._transfer(kept, "one and the same")
        self.assertEqual(kept.pending, 200)
        self.release(14)
        self.assertEqual((kept.balance, kept.pending), (200, 0))
        self.assertEqual(kept.move_ids[0].res_id, order.id)
        order._action_cancel()
        self.assertEqual((kept.balance, kept.debt), (0, 0))
