"""A closing of points that is killed amid its entries posts what others do.

This test commits, and kills processes of its own by SIGKILL.
"""

from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .common_points_commit import CommittingPointsCase

# Of each month the day of an order, which brings 100 points.
SALES = ("2025-01-10", "2025-02-12", "2025-03-14")
NOW = "2025-04-02"
KINDS = {
    "receivable": "asset_receivable",
    "sales": "income",
    "owed": "liability_current",
    "deferred": "income",
}


@tagged("post_install", "-at_install")
class TestPointsKillClosing(CommittingPointsCase):
    def make(self, env):
        result = super().make(env)
        accounts = {
            name: env["account.account"].create(
                {"name": name, "code": f"XK{number}", "account_type": kind}
            )
            for number, (name, kind) in enumerate(KINDS.items())
        }
        journals = env["account.journal"].create(
            [
                {
                    "name": name,
                    "code": name,
                    "type": kind,
                    "default_account_id": accounts["sales"].id,
                }
                for name, kind in (("XKSAL", "sale"), ("XKPTS", "general"))
            ]
        )
        self.account_ids = [account.id for account in accounts.values()]
        self.journal_ids = journals.ids
        customers = env["res.partner"].browse(self.partner_ids)
        customers.property_account_receivable_id = accounts["receivable"]
        env["dcrm.club"].browse(self.club_id).write(
            {
                "deferral": True,
                "deferral_from": "2025-01-01",
                "point_price": 1.0,
                "expected_redemption": 80.0,
                "deferral_journal_id": journals[1].id,
                "deferral_account_id": accounts["owed"].id,
                "deferral_revenue_account_id": accounts["deferred"].id,
            }
        )
        for day, partner_id in zip(SALES, self.partner_ids, strict=False):
            with freeze_time(datetime.fromisoformat(f"{day} 12:00:00")):
                self.sell(env, partner_id, journals[0])
        return result

    def sell(self, env, partner_id, journal):
        order = env["sale.order"].create(
            {
                "partner_id": partner_id,
                "journal_id": journal.id,
                "order_line": [
                    Command.create({"product_id": self.product_id, "price_unit": 100})
                ],
            }
        )
        order.order_line.product_id.invoice_policy = "order"
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        env.flush_all()

    def clean(self):
        with self.transaction() as env:
            for statement in (
                "DELETE FROM dcrm_points_deferral_line WHERE deferral_id IN (SELECT id"
                " FROM dcrm_points_deferral WHERE club_id = %(club)s)",
                "DELETE FROM dcrm_points_deferral_period WHERE deferral_id IN (SELECT"
                " id FROM dcrm_points_deferral WHERE club_id = %(club)s)",
                "DELETE FROM dcrm_points_deferral WHERE club_id = %(club)s",
                "DELETE FROM account_move WHERE journal_id = ANY(%(journals)s)",
                "DELETE FROM dcrm_run WHERE kind = 'points_close'",
            ):
                env.cr.execute(
                    statement, {"club": self.club_id, "journals": self.journal_ids}
                )
            env.invalidate_all()
            env["dcrm.club"].browse(self.club_id).write(
                {
                    "deferral": False,
                    "deferral_journal_id": False,
                    "deferral_account_id": False,
                    "deferral_revenue_account_id": False,
                }
            )
        result = super().clean()
        with self.transaction() as env:
            env["account.journal"].browse(self.journal_ids).unlink()
            env["account.account"].browse(self.account_ids).unlink()
        return result

    def close(self, env):
        runs = env["dcrm.run"]
        runs._start_points_close()
        runs._process()

    def entries(self):
        """Return ``[(day, [(account, balance)])]`` of the entries, and the closings."""
        with self.transaction() as env:
            entries = env["account.move"].search(
                [("journal_id", "=", self.journal_ids[1])], order="date, id"
            )
            self.assertEqual(set(entries.mapped("state")), {"posted"})
            return [
                (
                    str(entry.date),
                    sorted(
                        (line.account_id.id, line.balance) for line in entry.line_ids
                    ),
                )
                for entry in entries
            ]

    def close_and_die(self, last):
        """Close in a process that is killed in its entry of that number."""
        deferrals, done = self.registry["dcrm.points.deferral"], []
        whole = deferrals._close

        def in_part(records, *args):
            period = whole(records, *args)
            records.env.flush_all()
            if period:
                done.append(period)
            if len(done) == last:
                self.kill()
            return period

        with patch.object(deferrals, "_close", in_part):
            self.killed(self.close)

    def test_killed_amid_each_entry(self):
        with freeze_time(datetime.fromisoformat(f"{NOW} 12:00:00")):
            for last in (1, 2, 2):
                self.close_and_die(last)
            # One of each but the first was committed before the kill.
            self.assertEqual(len(self.entries()), 2)
            self.retry(self.close)
            self.assertEqual(
                [day for day, _lines in self.entries()],
                ["2025-01-31", "2025-02-28", "2025-03-31"],
            )
            # 100 x 80 / (100 + 80) of each sale of 100.
            self.assertEqual(
                [
                    [balance for _account, balance in lines]
                    for _day, lines in self.entries()
                ],
                [[-44.44, 44.44]] * 3,
            )
            with self.transaction() as env:
                self.assertEqual(env["dcrm.audit"].run(), [])
            before = self.entries()
            self.retry(self.close)
            self.assertEqual(self.entries(), before)
