"""A scheduled action that is killed amid its work, and run again, does the same.

These tests commit, and kill processes of their own by SIGKILL.
"""

from datetime import date
from unittest.mock import patch

from odoo.tests import tagged

from .common_points_commit import CommittingPointsCase

# So many accounts at once, of ten.
BATCH = 3
LONG_AGO = date(2020, 1, 1)


@tagged("post_install", "-at_install")
class TestPointsKill(CommittingPointsCase):
    def setUp(self):
        super().setUp()
        self.accounts = self.registry["dcrm.points.account"]

    def kill_in(self, name, batch, work):
        """Have work killed in a batch, after it is done and before it is committed.

        :param name: the method that does a batch
        :param batch: in which one, counted from 1
        """
        done = []
        whole = getattr(self.accounts, name)

        def in_part(records, *args, **kwargs):
            result = whole(records, *args, **kwargs)
            records.env.flush_all()
            done.append(result)
            if len(done) == batch:
                self.kill()
            return result

        with patch.object(self.accounts, name, in_part):
            self.killed(work)

    def test_expiry(self):
        self.give(7, *range(0, 10, 2))
        self.give(10, *range(10), expires_on=LONG_AGO)
        with patch(
            "odoo.addons.dcrm_loyalty.models.dcrm_points_account_expiry.EXPIRED", BATCH
        ):
            for batch in (1, 2):
                self.kill_in(
                    "_expire_batch",
                    batch,
                    lambda env: env["dcrm.points.account"]._expire_due(),
                )
            # Killed in their first and in their second batch, they did one.
            self.assertEqual(self.count("expire"), BATCH)
            self.retry(lambda env: env["dcrm.points.account"]._expire_due())
        self.assertEqual(self.balances(), [7] * 5 + [0] * 5)
        self.assertEqual(self.count("expire"), 10)

    def test_release(self):
        with self.transaction() as env:
            for number in range(10):
                account = self.account(env, number)
                earned = account._post("earn", 4)
                account._post("redeem", -4)
                if number % 2:
                    account._reverse(earned, 4)
                account._post("pending", 0, pending=10, available_on=LONG_AGO)
        with patch(
            "odoo.addons.dcrm_loyalty.models.dcrm_points_account_order.BATCH", BATCH
        ):
            for batch in (1, 3):
                self.kill_in(
                    "_release",
                    batch,
                    lambda env: env["dcrm.points.account"]._release_due(),
                )
            self.assertEqual(self.count("release"), 2 * BATCH)
            self.retry(lambda env: env["dcrm.points.account"]._release_due())
        self.assertEqual(self.balances(), [10, 6] * 5)
        self.assertEqual(self.count("release"), 10)

    def test_adoption(self):
        with self.transaction() as env:
            program = env["loyalty.program"].browse(self.program_id)
            # As the host has them before any club keeps them; some customers have two.
            env.cr.execute("SET LOCAL session_replication_role = replica")
            env.cr.execute(
                """
                INSERT INTO loyalty_card (program_id, company_id, partner_id, points,
                                          code, active)
                SELECT %s, %s, id, 10 * n, 'kill ' || id || ' ' || n, true
                  FROM res_partner CROSS JOIN generate_series(1, 2) AS n
                 WHERE id = ANY(%s)
                """,
                [program.id, program.company_id.id, self.partner_ids],
            )

        def adopt(env):
            club = env["dcrm.club"].browse(self.club_id)
            while env["dcrm.points.account"]._adopt_cards(club, BATCH):
                env.cr.commit()

        self.kill_in("_adopt_cards", 3, adopt)
        self.assertEqual(len(self.balances_now()), 2 * BATCH)
        self.retry(adopt)
        self.assertEqual(sorted(self.balances()), [0] * 10 + [30] * 10)
        self.assertEqual(self.count("opening"), 20)

    def count(self, kind):
        with self.transaction() as env:
            return env["dcrm.points.move"].search_count(
                [("club_id", "=", self.club_id), ("kind", "=", kind)]
            )
