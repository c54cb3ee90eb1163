"""The audit finds what the code never does: each invariant is broken on purpose."""

from odoo.tests import tagged
from odoo.tools import SQL

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestMembershipAudit(LoyaltyCase):
    def setUp(self):
        super().setUp()
        self.customer = self.partner("Member")
        self.members = self.club()
        self.membership = self.join(self.customer, self.members)
        self.level = self.env["dcrm.service.level"].search([], limit=1)
        self.assertNoViolations()

    def assertBroken(self, invariant, records):
        self.env.flush_all()
        found = [
            violation
            for violation in self.env["dcrm.audit"].run()
            if violation["invariant"] == invariant
            and violation["model"] == records._name
        ]
        self.assertEqual([each["ids"] for each in found], [records.ids])
        self.assertIn(str(len(records)), found[0]["message"])

    def put(self, records, **values):
        """Write by SQL, as whoever goes around the code."""
        self.env.flush_all()
        for name, value in values.items():
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s WHERE id IN %s",
                    SQL.identifier(records._table),
                    SQL.identifier(name),
                    value,
                    tuple(records.ids),
                )
            )
        self.env.invalidate_all()

    def row(self):
        return self.env["dcrm.member.pricelist"].search(
            [("partner_id", "=", self.customer.id)]
        )

    def test_another_list_than_the_tier_s(self):
        self.put(self.row(), pricelist_id=self.pricelist(50).id)
        self.assertBroken("members_priced_by_tier", self.row())

    def test_a_list_of_who_left(self):
        for state in ("left", "lapsed", "applied"):
            self.put(self.membership, state=state)
            self.assertBroken("members_priced_by_tier", self.row())

    def test_a_list_of_the_second_club(self):
        first = self.club("First", [("Only", 30)], sequence=200)
        self.join(self.customer, first)
        self.assertNoViolations()
        self.put(first, sequence=1)
        self.assertBroken("members_priced_by_tier", self.row())

    def test_a_member_without_the_list(self):
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM dcrm_member_pricelist")
        self.env.invalidate_all()
        self.assertBroken("members_priced_by_tier", self.membership)

    def test_a_level_that_no_tier_gives(self):
        self.env["dcrm.service.level.override"]._set(
            self.company_a, "tier", {self.customer.id: self.level.id}
        )
        override = self.env["dcrm.service.level.override"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertBroken("members_served_by_tier", override)

    def test_a_member_without_the_level(self):
        self.put(self.membership.tier_id, service_level_id=self.level.id)
        self.assertBroken("members_served_by_tier", self.membership)

    def test_a_tier_of_another_club(self):
        other = self.club("Other", [("Only", None)])
        unpriced = self.join(self.partner(), self.club("Talk", [("Only", None)]))
        self.put(unpriced, tier_id=other.tier_ids.id)
        self.assertBroken("memberships_in_their_club", unpriced)

    def test_another_company(self):
        unpriced = self.join(self.partner(), self.club("Talk", [("Only", None)]))
        self.put(unpriced, company_id=self.company_b.id)
        self.assertBroken("memberships_in_their_club", unpriced)

    def test_a_contact_as_a_member(self):
        self.put(self.customer, commercial_partner_id=self.partner().id)
        self.assertBroken("memberships_of_customers", self.membership)

    def test_over_and_not_lapsed(self):
        self.put(self.membership, date_end=self.days_ago(1))
        self.assertNoViolations()
        self.put(self.membership, date_end=self.days_ago(2))
        self.assertBroken("memberships_lapse", self.membership)
