from odoo.tests import tagged

from .common_deferral import DeferralCase


@tagged("post_install", "-at_install")
class TestPointsDeferral(DeferralCase):
    """What an invoice that grants points defers, and when it is earned."""

    def test_example_of_the_standard(self):
        """Example 52 of IFRS 15, in a currency without decimals."""
        program = self.make_program(amount=0.1, company=self.company_b)
        club = self.deferring_club(company=self.company_b, program_id=program.id)
        self.sell(100_000, "2026-01-10", company=self.company_b)
        self.redeem(club, 4_500, "2026-06-10")
        self.close(club, "2026-12-31")
        cohort = self.cohort(club)
        self.assertCohort(
            cohort,
            revenue=100_000,
            issued=10_000,
            redeemed=4_500,
            expected=9_500,
            deferred=8_676,
            recognised=4_110,
            liability=4_566,
        )
        self.redeem(club, 4_000, "2027-06-10")
        club.expected_redemption = 97
        self.close(club, "2027-12-31")
        self.assertCohort(
            cohort, expected=9_700, recognised=4_110 + 3_493, liability=1_073
        )
        self.assertNoViolations()

    def spread(self, expected, recognised):
        """Defer 9,000 of 100,000, of which 97 in 100 are expected at first."""
        program = self.make_program(amount=0.1, company=self.company_b)
        club = self.deferring_club(
            company=self.company_b,
            program_id=program.id,
            expected_redemption=97,
            point_price=1.0196,
        )
        self.sell(100_000, "2026-01-10", company=self.company_b)
        self.redeem(club, 4_500, "2026-06-10")
        self.close(club, "2026-12-31")
        cohort = self.cohort(club)
        self.assertCohort(
            cohort, expected=9_700, deferred=9_000, recognised=4_175, liability=4_825
        )
        self.redeem(club, 4_000, "2027-06-10")
        club.expected_redemption = expected
        self.close(club, "2027-12-31")
        self.assertCohort(
            cohort,
            expected=100 * expected,
            recognised=4_175 + recognised,
            liability=4_825 - recognised,
        )
        self.assertEqual(self.owed(club, "2026-12-31"), 4_825)
        self.assertNoViolations()

    def test_more_are_expected_than_at_first(self):
        self.spread(99, 3_552)

    def test_fewer_are_expected_than_at_first(self):
        self.spread(92, 4_140)
