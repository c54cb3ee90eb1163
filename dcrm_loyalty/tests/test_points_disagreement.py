"""What does not add up is listed, and since when; else nothing is."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_points_screen import PointsScreenCase


@tagged("post_install", "-at_install")
class TestPointsDisagreement(PointsScreenCase):
    def setUp(self):
        super().setUp()
        self.history()

    def found(self, role="analyst"):
        self.env.flush_all()
        self.env.invalidate_all()
        return {
            (each.account_id.id, each.what): (
                each.expected,
                each.found,
                each.difference,
                each.since,
            )
            for each in self.env_as(role)["dcrm.points.disagreement"].search([])
        }

    def forge(self, statement, *values):
        """Write past the ledger, as only who owns the database can."""
        self.env.flush_all()
        self.cr.execute("SET session_replication_role = replica")
        self.cr.execute(statement, values)
        self.cr.execute("SET session_replication_role = origin")

    def test_nothing_disagrees(self):
        self.assertEqual(self.found(), {})

    def test_a_card_that_was_written(self):
        card = self.ours.card_id
        self.forge("UPDATE loyalty_card SET points = 187 WHERE id = %s", card.id)
        self.assertEqual(
            self.found(), {(self.ours.id, "card"): (180, 187, 7, self.today())}
        )

    def test_a_balance_that_missed_a_move(self):
        """It says 300: the use of 35 days ago is not counted in."""
        self.forge(
            "UPDATE dcrm_points_account SET balance = 300 WHERE id = %s", self.ours.id
        )
        self.assertEqual(
            self.found(),
            {(self.ours.id, "balance"): (180, 300, 120, self.days_ago(35))},
        )

    def test_pending_owed_and_left_points(self):
        self.forge(
            "UPDATE dcrm_points_account SET pending = 0 WHERE id = %s", self.ours.id
        )
        self.forge(
            "UPDATE dcrm_points_lot SET remaining = 100 WHERE account_id = %s",
            self.ours.id,
        )
        self.forge(
            "UPDATE dcrm_points_account SET debt = 30 WHERE id = %s", self.theirs.id
        )
        self.assertEqual(
            {key: row[:3] for key, row in self.found().items()},
            {
                (self.ours.id, "pending"): (40, 0, -40),
                (self.ours.id, "lots"): (180, 100, -80),
                (self.theirs.id, "debt"): (25, 30, 5),
            },
        )

    def test_who_reads_it(self):
        self.forge(
            "UPDATE loyalty_card SET points = 187 WHERE id = %s", self.ours.card_id.id
        )
        for role in ("nobody", "portal", "seller", "seller_all"):
            with self.assertRaises(AccessError):
                self.found(role)
        self.assertEqual(len(self.found("manager")), 1)
        other = self.env_as("manager_ab", self.company_b)
        self.assertFalse(other["dcrm.points.disagreement"].search([]))

    def test_a_card_that_no_account_keeps(self):
        program = self.ours.club_id.program_id
        self.forge(
            "INSERT INTO loyalty_card (program_id, company_id, code, points, active,"
            " create_date) VALUES (%s, %s, 'FORGED', 1000, TRUE, %s)",
            program.id,
            program.company_id.id,
            self.days_ago(3),
        )
        self.assertEqual(
            self.found(), {(False, "card"): (0, 1000, 1000, self.days_ago(3))}
        )
        row = self.env_as("analyst")["dcrm.points.disagreement"].search([])
        self.assertEqual(row.card_id.sudo().code, "FORGED")
        self.assertEqual(row.action_open_account()["res_model"], "loyalty.card")
