"""Points are spent once, whoever comes at the same moment.

These tests commit. Time only decides who comes first, never whether they pass.
"""

from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .common_points_commit import CommittingPointsCase

THREADS = 50


@tagged("post_install", "-at_install")
class TestPointsConcurrency(CommittingPointsCase):
    def test_trap_13_two_redeem_the_same_points(self):
        self.give(100)

        def redeem(env):
            return self.account(env)._post("redeem", -100).points

        results = self.at_once(redeem, redeem)
        self.assertEqual(results.count(-100), 1, results)
        [refused] = [each for each in results if each != -100]
        self.assertIsInstance(refused, UserError)
        self.assertIn("not enough", str(refused))
        self.assertEqual(self.balances(), [0])

    def test_trap_13_two_first_orders_make_one_card(self):
        with self.transaction() as env:
            orders = (
                env["sale.order"]
                .create(
                    [
                        {
                            "partner_id": self.partner_ids[0],
                            "order_line": [
                                Command.create({"product_id": self.product_id})
                            ],
                        }
                        for _number in range(2)
                    ]
                )
                .ids
            )

        def confirm(order_id):
            return lambda env: env["sale.order"].browse(order_id).action_confirm()

        results = self.at_once(*(confirm(order_id) for order_id in orders))
        self.assertFalse([each for each in results if isinstance(each, Exception)])
        self.assertEqual(self.balances(), [200])

    def test_many_on_one_card(self):
        self.give(300)

        def redeem(env):
            return self.account(env)._post("redeem", -10).points

        results = self.at_once(*[redeem] * THREADS)
        self.assertEqual(results.count(-10), 30, results)
        others = [each for each in results if each != -10]
        self.assertTrue(all(isinstance(each, UserError) for each in others), others)
        self.assertEqual(self.balances(), [0])

    def test_many_on_many_cards(self):
        self.give(30, *range(10))

        def redeem(number):
            return lambda env: self.account(env, number)._post("redeem", -10).points

        results = self.at_once(*(redeem(each % 10) for each in range(THREADS)))
        self.assertEqual(results.count(-10), 30, results)
        self.assertEqual(self.balances(), [0] * 10)

    def test_the_same_key_at_once(self):
        def ask(env):
            return env["dcrm.points.account"].post_request(
                self.club_id, self.partner_ids[0], "earn", 100, "once"
            )

        results = self.at_once(*[ask] * 6)
        self.assertEqual([each for each in results if each != results[0]], [])
        self.assertEqual(results[0]["balance"], 100)
        self.assertEqual(self.balances(), [100])

    def test_expiry_passes_over_who_is_being_served(self):
        self.give(10, 0, 1, 2, expires_on=date(2020, 1, 1))
        self.expire_beside_a_redemption()

    def expire_beside_a_redemption(self):
        with self.transaction() as env:
            served = self.account(env, 1)
            env.cr.execute(
                SQL(
                    "SELECT FROM dcrm_points_account WHERE id = %s FOR UPDATE",
                    served.id,
                )
            )
            self.retry(lambda other: other["dcrm.points.account"]._expire_due())
            self.assertEqual(self.balances_now(), [0, 10, 0])
        self.retry(lambda other: other["dcrm.points.account"]._expire_due())
        self.assertEqual(self.balances(), [0, 0, 0])

    def test_one_who_merges_and_one_who_spends(self):
        self.give(100, 0, 1)

        def merge(env):
            wizard = env["base.partner.merge.automatic.wizard"].create({})
            partners = env["res.partner"].browse(self.partner_ids[:2])
            wizard._merge(partners.ids, partners[0])

        def redeem(env):
            account = env["dcrm.points.account"].browse(self.second_id)
            return account._living()._post("redeem", -100).points

        with self.transaction() as env:
            self.second_id = self.account(env, 1).id
        results = self.at_once(merge, redeem)
        self.assertEqual(results, [None, -100])
        del self.partner_ids[1]
        self.assertEqual(sum(self.balances()), 100)
