"""Lists cost the same number of queries however many members they show."""

from odoo.tests import tagged

from .common import LoyaltyCase

NAME = {"fields": {"display_name": {}}}


@tagged("post_install", "-at_install")
class TestMembershipQueryCounts(LoyaltyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls("club")
        cls.members = case.club(duration_months=12)
        sellers = [cls.users["seller"], cls.users["other_seller"]]
        cls.customers = cls.env["res.partner"].create(
            [
                {"name": f"Customer {number}", "user_id": sellers[number % 2].id}
                for number in range(80)
            ]
        )
        cls.env["dcrm.membership"].create(
            [
                {"partner_id": partner.id, "club_id": cls.members.id}
                for partner in cls.customers
            ]
        )

    def cost(self, count, work, role="seller_all"):
        """Return the number of queries of ``work`` on ``count`` customers, warm."""
        env = self.env_as(role)
        customers = self.customers[:count].with_env(env)
        for _attempt in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            work(customers)
            self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def assertConstantCost(self, work, role="seller_all", most=20):
        single, double = self.cost(40, work, role), self.cost(80, work, role)
        self.assertEqual(single, double, "at 40 and at 80 customers")
        self.assertLessEqual(double, most)

    def test_list_of_memberships(self):
        fields = {
            "partner_id": NAME,
            "club_id": NAME,
            "tier_id": NAME,
            "date_start": {},
            "date_end": {},
            "state": {},
            "user_id": NAME,
            "pricelist_id": NAME,
            "service_level_id": NAME,
            "display_name": {},
        }

        def read_list(customers):
            customers.env["dcrm.membership"].web_search_read(
                [("partner_id", "in", customers.ids)], fields
            )

        def read_groups(customers):
            customers.env["dcrm.membership"].web_read_group(
                [("partner_id", "in", customers.ids)],
                ["state"],
                ["__count"],
                auto_unfold=True,
                unfold_read_specification=fields,
            )

        for role in ("seller", "seller_all"):
            for work in (read_list, read_groups):
                with self.subTest(f"{work.__name__} of {role}"):
                    self.assertConstantCost(work, role)

    def test_list_of_partners(self):
        def read_list(customers):
            customers.env["res.partner"].web_search_read(
                [("id", "in", customers.ids)],
                {"name": {}, "club_id": NAME, "club_tier_id": NAME},
            )

        self.assertConstantCost(read_list)

    def test_list_of_clubs(self):
        def read_list(customers):
            customers.env["dcrm.club"].web_search_read(
                [], {"name": {}, "member_count": {}, "applicant_count": {}}
            )

        self.assertConstantCost(read_list)

    def test_what_follows_of_many_memberships(self):
        """Finding out that nothing is to be done takes no query for each customer."""

        def settle(customers):
            customers.sudo().membership_ids._settle()

        self.assertConstantCost(settle)
