"""What the page of a customer says of what is under way, of contacts and of dates."""

from datetime import timedelta

from odoo.tests import tagged

from .common_customer_page import CustomerPageCase


@tagged("post_install", "-at_install")
class TestCustomerPageBusiness(CustomerPageCase):
    # -- what is under way -------------------------------------------------------------

    def test_open_business(self):
        customer = self.partner(is_company=True, seller="seller")
        contact = self.partner(parent_id=customer.id)
        quotation = self.order(contact, 250, confirm=False)
        quotation.write({"state": "sent", "validity_date": self.today() + timedelta(2)})
        order = self.order(customer, 400)
        page = self.page(customer)
        figures = self.figures(page, "business")
        self.assertEqual(figures["Quotations"], "1")
        self.assertEqual(figures["To invoice"], "1")
        self.assertEqual(self.texts(page, "business"), [quotation.name])
        for item in self.items(page, "business", "figures"):
            found = self.env[item["action"]["res_model"]].search(
                item["action"]["domain"]
            )
            self.assertEqual(
                found, quotation if item["label"] == "Quotations" else order
            )
        steps = self.texts(page, "next", "steps")
        self.assertIn(f"Follow up quotation {quotation.name}", steps)
        self.assertIn("Invoice what was ordered", steps)

    def test_to_invoice_is_what_is_left(self):
        customer = self.partner(seller="seller")
        order = self.order(customer, 0, lines=[300, 200])
        [figure] = [
            item
            for item in self.items(self.page(customer), "business", "figures")
            if item["label"] == "To invoice"
        ]
        self.assertEqual(figure["note"], "500.00\u00a0€")
        self.invoice(order)
        self.assertTrue(self.section(self.page(customer), "business")["empty"])

    def test_amounts_of_other_currencies(self):
        customer = self.partner(seller="seller")
        self.order(customer, 100, confirm=False, currency=self.usd)
        page = self.page(customer)
        [figure] = self.items(page, "business", "figures")
        self.assertEqual(figure["note"], "50.00\u00a0€")
        [line] = self.items(page, "business", "lines")
        self.assertIn("100.00", line["aside"])
        self.assertIn("$", line["aside"])

    # -- contacts and dates ------------------------------------------------------------

    def test_contacts_and_dates(self):
        customer = self.partner(is_company=True, seller="seller")
        contact = self.partner(parent_id=customer.id)
        seller = self.users["seller"]
        activities = [
            customer.activity_schedule(
                "mail.mail_activity_data_call", day, summary=summary, user_id=seller.id
            )
            for summary, day in (
                ("Ask for the order", self.today() + timedelta(3)),
                ("Send the list", self.days_ago(2)),
                ("Was there", self.today()),
            )
        ]
        activities[2].action_feedback("Done")
        contact.message_post(
            body="The offer",
            subject="Your offer",
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        customer.message_post(body="A note of ours", subject="Secret")
        page = self.page(customer)
        self.assertEqual(
            sorted(self.texts(page, "contacts")), ["Was there", "Your offer"]
        )
        self.assertEqual(
            self.texts(page, "dates"), ["Send the list", "Ask for the order"]
        )
        dates = self.items(page, "dates", "lines")
        self.assertEqual([line["aside"] for line in dates], ["2 days ago", "in 3 days"])
        self.assertEqual([line["tone"] for line in dates], ["danger", None])
        self.assertEqual(self.texts(page, "next", "steps")[0], "Send the list")

    def test_what_is_planned_is_not_advised_again(self):
        customer = self.partner(seller="seller")
        quotation = self.order(customer, 100, confirm=False)
        quotation.state = "sent"
        step = self.items(self.page(customer), "next", "steps")[0]
        self.assertTrue(step["schedule"])
        customer.activity_schedule(
            "mail.mail_activity_data_call",
            self.today() + timedelta(1),
            summary=step["summary"],
        )
        step = self.items(self.page(customer), "next", "steps")[0]
        self.assertFalse(step["schedule"])
        self.assertEqual(step["planned"], "Planned: tomorrow")

    def test_nobody_looks_after(self):
        steps = self.items(self.page(self.partner(), "seller_all"), "next", "steps")
        self.assertEqual(steps[0]["key"], "seller")
