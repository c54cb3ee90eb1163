"""What the ledger costs whoever confirms an order, in statements."""

from odoo.tests import tagged

from .common_points import PointsCase


@tagged("post_install", "-at_install")
class TestPointsConfirmCost(PointsCase):
    def cost(self, reward):
        """Return the statements that confirming a second order takes."""
        self.order(2, confirm=True)
        order = self.order(1)
        if reward:
            self.reward(order)
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        order.with_context(tracking_disable=False).action_confirm()
        self.env.flush_all()
        self.env.cr.precommit.run()
        return self.cr.sql_log_count - before

    def costs(self):
        with self.cr.savepoint() as point:
            result = [self.cost(reward) for reward in (False, False, True)][1:]
            point.rollback()
        self.env.invalidate_all()
        return result

    def test_few_statements_more_than_the_host(self):
        host = self.costs()
        self.points_club()
        kept = self.costs()
        for ours, theirs in zip(kept, host, strict=True):
            self.assertLessEqual(ours, theirs + 6, f"{kept} instead of {host}")
