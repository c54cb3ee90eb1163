"""What tests of points in transactions of their own stand on: they commit."""

import threading
from contextlib import contextmanager

from odoo.fields import Command
from odoo.tools import SQL

from odoo.addons.dcrm_analytics.tests.common_transaction import TransactionsCase

# As many transactions at once as a small server bears.
AT_ONCE = 20

# What the tests leave, the last to be made first.
TABLES = (
    "dcrm_points_request",
    "dcrm_points_use",
    "dcrm_points_lot",
    "dcrm_points_move",
    "dcrm_points_entitlement",
    "dcrm_points_account",
)


class CommittingPointsCase(TransactionsCase):
    """A club with a program and ten customers, committed; taken back at the end."""

    def setUp(self):
        super().setUp()
        self.gate = threading.Semaphore(AT_ONCE)
        with self.transaction() as env:
            self.make(env)
        self.addCleanup(self.clean)

    def make(self, env):
        program = env["loyalty.program"].create(
            {
                "name": "Race",
                "program_type": "loyalty",
                "applies_on": "both",
                "trigger": "auto",
                "company_id": env.company.id,
                "rule_ids": [Command.create({"reward_point_mode": "money"})],
                "reward_ids": [
                    Command.create({"discount_mode": "per_point", "discount": 1})
                ],
            }
        )
        club = env["dcrm.club"].create(
            {
                "name": "Race",
                "program_id": program.id,
                "tier_ids": [Command.create({"name": "Only"})],
            }
        )
        product = env["product.product"].create(
            {"name": "Race", "list_price": 100, "taxes_id": [Command.clear()]}
        )
        partners = env["res.partner"].create([{"name": "Racer"} for _ in range(10)])
        self.program_id, self.club_id, self.product_id = program.id, club.id, product.id
        self.partner_ids = partners.ids

    def clean(self):
        """Take back what was committed: the guards of the database step aside."""
        with self.transaction() as env:
            names = [SQL.identifier(table) for table in TABLES]
            for name in names:
                env.cr.execute(SQL("ALTER TABLE %s DISABLE TRIGGER USER", name))
            env.cr.execute(
                SQL(
                    "UPDATE dcrm_points_move SET lot_id = NULL WHERE club_id = %s",
                    self.club_id,
                )
            )
            for table in TABLES:
                env.cr.execute(self.delete_of_club(table))
            for name in names:
                env.cr.execute(SQL("ALTER TABLE %s ENABLE TRIGGER USER", name))
            env.cr.execute(
                SQL(
                    "DELETE FROM sale_order WHERE partner_id = ANY(%s)",
                    self.partner_ids,
                )
            )
            env["dcrm.club"].browse(self.club_id).unlink()
            env["loyalty.card"].with_context(active_test=False).search(
                [("program_id", "=", self.program_id)]
            ).unlink()
            program = env["loyalty.program"].browse(self.program_id)
            program.active = False
            program.unlink()
            env["product.product"].browse(self.product_id).product_tmpl_id.unlink()
            env["res.partner"].browse(self.partner_ids).exists().unlink()

    def delete_of_club(self, table):
        column = {
            "dcrm_points_request": SQL("create_date > now() - interval '1 hour'"),
            "dcrm_points_use": SQL(
                "debit_id IN (SELECT id FROM dcrm_points_move WHERE club_id = %s)",
                self.club_id,
            ),
            "dcrm_points_lot": SQL(
                "move_id IN (SELECT id FROM dcrm_points_move WHERE club_id = %s)",
                self.club_id,
            ),
        }.get(table, SQL("club_id = %s", self.club_id))
        return SQL("DELETE FROM %s WHERE %s", SQL.identifier(table), column)

    # -- transactions ----------------------------------------------------------------

    @contextmanager
    def transaction(self):
        with self.gate, super().transaction() as env:
            yield env

    def at_once(self, *works):
        """Do works at the same time; return what each returned or raised.

        The first two begin their transactions before any of them goes on.
        """
        results = [None] * len(works)
        begun = threading.Barrier(min(len(works), 2))

        def run(number, work):
            first = [number < 2]

            def waiting(env):
                env.cr.execute("SELECT 1")
                if first.pop() if first else False:
                    begun.wait()
                return work(env)

            try:
                results[number] = self.retry(waiting)
            except Exception as error:
                results[number] = error

        threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results

    def account(self, env, number=0):
        club = env["dcrm.club"].browse(self.club_id)
        partner = env["res.partner"].browse(self.partner_ids[number])
        return env["dcrm.points.account"]._open(club, partner)

    def give(self, points, *numbers, **values):
        with self.transaction() as env:
            for number in numbers or [0]:
                self.account(env, number)._post("earn", points, **values)

    def balances(self):
        with self.transaction() as env:
            accounts = env["dcrm.points.account"].search(
                [("club_id", "=", self.club_id)], order="id"
            )
            self.assertEqual(
                accounts.mapped("balance"), accounts.card_id.mapped("points")
            )
            self.assertEqual(env["dcrm.audit"].run(), [])
            return accounts.mapped("balance")

    def balances_now(self):
        with self.transaction() as env:
            accounts = env["dcrm.points.account"].search(
                [("club_id", "=", self.club_id)], order="id"
            )
            return accounts.mapped("balance")
