"""What the host writes on cards while a ledger takes them over is not lost.

These tests commit. Who comes second fails, and is tried again by the host.
"""

from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common_points_commit import CommittingPointsCase


@tagged("post_install", "-at_install")
class TestPointsAdoptRace(CommittingPointsCase):
    def setUp(self):
        super().setUp()
        with self.transaction() as env:
            # As the host has it before any club keeps it.
            env.cr.execute("SET LOCAL session_replication_role = replica")
            [[self.card_id]] = env.execute_query(
                SQL(
                    """
                    INSERT INTO loyalty_card (program_id, company_id, partner_id, code,
                                              points, active)
                    SELECT id, company_id, %s, 'race', 10, true
                      FROM loyalty_program WHERE id = %s RETURNING id
                    """,
                    self.partner_ids[0],
                    self.program_id,
                )
            )

    def adopt(self, env):
        club = env["dcrm.club"].browse(self.club_id)
        return env["dcrm.points.account"]._adopt_cards(club, 10)

    def earn(self, env):
        """Write as the host does on a card of which it knows no account."""
        card = env["loyalty.card"].browse(self.card_id)
        card.with_context(dcrm_points_reason="Race").points += 5
        env.flush_all()

    def look(self, env):
        """From here on a transaction knows nothing of what others do."""
        env.cr.execute("SELECT 1")

    def test_the_host_writes_on_a_card_that_has_been_adopted_since(self):
        with self.transaction() as env:
            self.look(env)
            self.retry(self.adopt)
            with self.assertRaises(SerializationFailure):
                self.earn(env)
            env.cr.rollback()
        self.retry(self.earn)
        self.assertEqual(self.balances(), [15])

    def test_a_card_is_adopted_on_which_the_host_has_written_since(self):
        with self.transaction() as env:
            self.look(env)
            self.retry(self.earn)
            with self.assertRaises(SerializationFailure):
                self.adopt(env)
            env.cr.rollback()
        self.retry(self.adopt)
        self.assertEqual(self.balances(), [15])

    def test_two_adopt_the_same_cards(self):
        self.assertEqual(sorted(self.at_once(self.adopt, self.adopt)), [0, 1])
        self.assertEqual(self.balances(), [10])

    def test_a_customer_orders_while_the_card_is_adopted(self):
        def buy(env):
            return self.account(env)._post("redeem", -7).points

        results = self.at_once(self.adopt, buy)
        self.assertEqual(results[1], -7)
        self.assertEqual(self.balances(), [3])
        self.assertIsInstance(self.at_once(buy)[0], UserError)
