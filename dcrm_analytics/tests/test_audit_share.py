from datetime import date
from decimal import Decimal

from odoo.tests import tagged
from odoo.tools import SQL

from .test_customer_kind import KindCase

# What breaks an invariant, in plain SQL behind the back of everything.
BREAKS = [
    ("kinds_match_purchases", "UPDATE dcrm_customer_kind SET first_on = first_on - 1"),
    ("kinds_match_purchases", "UPDATE dcrm_customer_kind SET last_on = last_on + 1"),
    ("kinds_match_purchases", "UPDATE dcrm_customer_kind SET documents = 9"),
    ("shares_in_range", "UPDATE dcrm_customer_score SET share_of_wallet = -1"),
    (
        "shares_in_range",
        "UPDATE dcrm_customer_score SET share_of_wallet = 0.5, share_low = 0.4,"
        " share_high = 0.6, share_is_estimate = TRUE, share_peers = 2",
    ),
    (
        "shares_in_range",
        "UPDATE dcrm_customer_score SET share_of_wallet = 0.5, share_low = 0.6,"
        " share_high = 0.7, share_is_estimate = TRUE, share_peers = 9",
    ),
]


@tagged("post_install", "-at_install")
class TestAuditShare(KindCase):
    """Each invariant holds, and shows what breaks it."""

    def test_breaks(self):
        partner = self.partner()
        for day in (date(2024, 1, 10), date(2024, 3, 1)):
            self.with_lines(partner, day, [(self.products[0], Decimal(10))])
        self.refresh()
        self.assertNoViolations()
        self.assertEqual(list(self.found(partner)), ["Pots"])
        where = SQL(" WHERE partner_id = %s", partner.id)
        for invariant, statement in BREAKS:
            with self.subTest(statement), self.env.cr.savepoint() as savepoint:
                self.env.cr.execute(SQL("%s%s", SQL(statement), where))
                broken = {
                    violation["invariant"] for violation in self.env["dcrm.audit"].run()
                }
                self.assertIn(invariant, broken)
                savepoint.rollback()
