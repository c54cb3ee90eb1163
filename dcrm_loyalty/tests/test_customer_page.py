"""What the page of a customer says of its clubs."""

from datetime import timedelta

from odoo.tests import tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestCustomerPage(LoyaltyCase):
    def setUp(self):
        super().setUp()
        self.customer = self.partner("Bistro", seller="seller")

    def page(self, role="seller"):
        self.env.flush_all()
        return self.env_as(role)["dcrm.customer.page"].page(self.customer.id)

    def lines(self, page, key):
        """Return {text: line} of a section; None where it is left out."""
        section = next((each for each in page["sections"] if each["key"] == key), None)
        return section and {
            item["text"]: item for block in section["blocks"] for item in block["items"]
        }

    def test_member(self):
        club = self.club()
        end = self.today() + timedelta(90)
        membership = self.join(
            self.customer,
            club,
            "Gold",
            date_start=self.days_ago(10),
            date_end=end,
        )
        page = self.page()
        self.assertIn("Gold", [badge["text"] for badge in page["header"]["badges"]])
        [(text, line)] = self.lines(page, "club").items()
        self.assertEqual(text, "Kitchen Club: Gold")
        self.assertIn("until", line["detail"])
        self.assertEqual(line["action"]["res_id"], membership.id)
        date = self.lines(page, "dates")["Membership ends: Kitchen Club"]
        self.assertEqual(date["detail"], "Gold")
        self.assertNotIn("Offer to renew Kitchen Club", self.lines(page, "next"))

    def test_membership_about_to_end(self):
        self.join(self.customer, self.club(), date_end=self.today() + timedelta(30))
        step = self.lines(self.page(), "next")["Offer to renew Kitchen Club"]
        self.assertEqual(step["reason"], "The membership ends in 30 days")

    def test_applicant(self):
        self.join(self.customer, self.club(needs_approval=True))
        page = self.page()
        self.assertEqual(
            [line["detail"] for line in self.lines(page, "club").values()],
            ["Has applied"],
        )
        self.assertNotIn("Silver", [each["text"] for each in page["header"]["badges"]])
        self.assertIn(
            "Decide on the application for Kitchen Club", self.lines(page, "next")
        )

    def test_who_left_is_no_member(self):
        self.join(self.customer, self.club()).action_leave()
        self.assertIsNone(self.lines(self.page(), "club"))

    def test_club_of_another_company(self):
        self.join(self.customer, self.club("Far Club", company=self.company_b))
        self.assertNotIn("Far Club", str(self.page("manager_ab")))

    def test_queries_do_not_grow(self):
        costs = []
        for number in range(3):
            self.join(self.customer, self.club(f"Club {number}"))
            costs.append(self.cost())
        self.assertEqual(costs[0], costs[2])
        self.assertLessEqual(costs[2], 25)

    def cost(self):
        pages = self.env_as("seller")["dcrm.customer.page"]
        for _attempt in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            pages.page(self.customer.id)
        return self.env.cr.sql_log_count - before
