"""The page of a customer: what it says, from which documents, in how many queries."""

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from .common_customer_page import CustomerPageCase

# How many queries a page may take, for however many documents.
MOST_QUERIES = 25


@tagged("post_install", "-at_install")
class TestCustomerPage(CustomerPageCase):
    # -- who ---------------------------------------------------------------------------

    def test_who(self):
        industry = self.env["res.partner.industry"].create({"name": "Hotels"})
        customer = self.partner(
            "Bistro",
            is_company=True,
            seller="seller",
            phone="+32 2 555 01 02",
            email="bistro@example.com",
            city="Gent",
            country_id=self.env.ref("base.be").id,
            industry_id=industry.id,
            ref="C1",
        )
        jan = self.partner("Jan", parent_id=customer.id, function="Chef")
        page = self.page(jan)
        header = page["header"]
        self.assertEqual(page["id"], customer.id, "a contact's is the customer's")
        self.assertEqual(header["name"], "Bistro")
        self.assertEqual(
            [(way["text"], way["href"]) for way in header["contacts"]],
            [
                ("+32 2 555 01 02", "tel:+32 2 555 01 02"),
                ("bistro@example.com", "mailto:bistro@example.com"),
                ("Gent, Belgium", None),
            ],
        )
        self.assertEqual(
            {fact["label"]: fact["text"] for fact in header["facts"]},
            {
                "Salesperson": self.users["seller"].name,
                "Industry": "Hotels",
                "Reference": "C1",
            },
        )
        self.assertEqual(self.texts(page, "people"), ["Jan"])

    def test_people_beyond_those_named_are_a_click_away(self):
        customer = self.partner(is_company=True, seller="seller")
        people = [
            self.partner(f"P{number}", parent_id=customer.id) for number in range(6)
        ]
        [block] = self.section(self.page(customer), "people")["blocks"]
        self.assertEqual(len(block["items"]), 4)
        listed = self.env[block["more"]["res_model"]].search(block["more"]["domain"])
        self.assertEqual(listed.ids, [person.id for person in people])

    # -- worth -------------------------------------------------------------------------

    def test_worth_and_segment(self):
        customer = self.partner(seller="seller")
        for days in (400, 40, 4):
            self.purchase(customer, 1000, self.days_ago(days))
        self.refresh()
        page = self.page(customer)
        figures = self.figures(page, "worth")
        self.assertEqual(figures["Purchase value"], "3,000\u00a0€")
        self.assertEqual(figures["Last purchase"], "4 days ago")
        score = self.score_of(customer)
        segment = self.section(page, "segment")
        self.assertEqual(segment["title"], score.segment_id.name)
        self.assertEqual(segment["note"], f"RFM {score.rfm_score}")
        self.assertEqual(
            [scale["class"] for scale in self.items(page, "segment", "scales")],
            [int(digit) for digit in score.rfm_score],
        )
        self.assertEqual(self.texts(page, "segment", "path"), [score.segment_id.name])
        [value] = [
            item
            for item in self.items(page, "worth", "figures")
            if item["label"] == "Purchase value"
        ]
        record = self.env[value["action"]["model"]].browse(value["action"]["id"])
        action = getattr(record, value["action"]["method"])()
        self.assertEqual(
            self.env[action["res_model"]].search_count(action["domain"]), 3
        )

    def test_customer_share(self):
        customer = self.partner(seller="seller")
        self.purchase(customer, 1000, self.days_ago(4))
        self.refresh()
        self.assertNotIn("Customer Share", self.figures(self.page(customer), "worth"))
        for estimate, note in (
            (False, "of what it is known to spend"),
            (True, "estimate from its peers: 20 % to 40 %"),
        ):
            self.env.cr.execute(
                SQL(
                    "UPDATE dcrm_customer_score SET share_of_wallet = 0.25,"
                    " share_low = 0.2, share_high = 0.4, share_is_estimate = %s"
                    " WHERE partner_id = %s",
                    estimate,
                    customer.id,
                )
            )
            self.env.invalidate_all()
            [figure] = [
                item
                for item in self.items(self.page(customer), "worth", "figures")
                if item["label"] == "Customer Share"
            ]
            self.assertEqual((figure["text"], figure["note"]), ("25 %", note))

    def test_danger(self):
        """Who bought every ten days and is silent for fifty is to be called."""
        customer = self.partner(seller="seller")
        for days in (100, 90, 80, 70, 60, 50):
            self.purchase(customer, 100, self.days_ago(days))
        self.refresh()
        page = self.page(customer)
        self.assertIn("In danger", [each["text"] for each in page["header"]["badges"]])
        self.assertEqual(self.section(page, "rhythm")["tone"], "danger")
        figures = self.figures(page, "rhythm")
        self.assertEqual(figures["Buys every"], "10 days")
        self.assertEqual(figures["Next purchase"], "40 days ago")
        self.assertEqual(figures["Silent for"], "5.0 gaps")
        self.assertEqual(
            self.texts(page, "next", "steps")[0], "Call before the customer is lost"
        )

    def test_danger_to_come(self):
        """Who buys daily and was silent for a week is told of, and not in danger."""
        customer = self.partner(seller="seller")
        for days in (12, 11, 10, 9, 8, 7):
            self.purchase(customer, 100, self.days_ago(days))
        self.refresh()
        page = self.page(customer)
        badges = [each["text"] for each in page["header"]["badges"]]
        self.assertNotIn("In danger", badges)
        figures = self.figures(page, "rhythm")
        self.assertEqual(figures["Silent for"], "7.0 gaps")
        self.assertEqual(figures["In danger"], "in 7 days")
        self.purchase(customer, 100, self.days_ago(0))
        self.refresh()
        self.assertNotIn("In danger", self.figures(self.page(customer), "rhythm"))

    def test_profit_and_loss(self):
        customer = self.partner(seller="seller")
        self.invoice(customer, 300)
        self.refresh()
        [table] = self.section(self.page(customer), "profit")["blocks"]
        rows = {
            row["label"]: [cell["text"] for cell in row["cells"]]
            for row in table["rows"]
        }
        self.assertEqual(rows["Revenue"], ["300.00", "0.00", "300.00"])
        self.assertEqual(rows["Profit"], ["300.00", "0.00", "300.00"])
        self.assertNotIn("Cost of Late Payment", rows)

    def test_path_through_segments(self):
        customer = self.partner(seller="seller")
        self.purchase(customer, 100, self.days_ago(300))
        self.company_a.customer_scoring_today = self.days_ago(200)
        self.refresh()
        before = self.score_of(customer).segment_id
        other = self.partner()
        for days in range(20):
            self.purchase(other, 1000, self.days_ago(days))
        self.company_a.customer_scoring_today = False
        self.refresh()
        after = self.score_of(customer).segment_id
        self.assertNotEqual(before, after)
        page = self.page(customer)
        self.assertEqual(self.texts(page, "segment", "path"), [before.name, after.name])

    def test_months(self):
        customer = self.partner(seller="seller")
        self.purchase(customer, 200, self.days_ago(0))
        self.purchase(customer, -50, self.days_ago(0))
        self.purchase(customer, 300, self.days_ago(70))
        self.purchase(customer, 999, self.days_ago(2000))
        self.refresh()
        months = self.items(self.page(customer), "rhythm", "columns")
        self.assertEqual(len(months), 24)
        self.assertEqual(
            [month["share"] for month in months if month["share"]], [100, 50]
        )
        self.assertEqual(months[-1]["share"], 50)

    def test_never_bought(self):
        page = self.page(self.partner(seller="seller"))
        self.assertEqual(self.figures(page, "worth"), {"Purchases": "nothing yet"})
        keys = [section["key"] for section in page["sections"]]
        self.assertNotIn("segment", keys)
        self.assertNotIn("rhythm", keys)
        self.assertNotIn("profit", keys)
        for key in ("business", "contacts", "dates"):
            self.assertTrue(self.section(page, key)["empty"], key)

    def test_refunds_only(self):
        customer = self.partner(seller="seller")
        self.purchase(customer, -80, self.days_ago(3))
        self.refresh()
        page = self.page(customer)
        [value] = [
            item
            for item in self.items(page, "worth", "figures")
            if item["label"] == "Purchase value"
        ]
        self.assertEqual((value["note"], value["tone"]), ("no purchases", "danger"))
        self.assertEqual(self.figures(page, "worth")["Last purchase"], "never")
        self.assertTrue(self.items(page, "rhythm", "columns")[-1]["negative"])

    # -- the same number of queries, whatever there is ---------------------------------

    def test_queries(self):
        few, many = (
            self.partner(f"Rich {number}", is_company=True, seller="seller")
            for number in (10, 10_000)
        )
        for customer, count in ((few, 10), (many, 10_000)):
            self.write_history(customer, count)
            self.order(customer, 10, confirm=False)
            self.order(customer, 10)
            customer.activity_schedule("mail.mail_activity_data_call", self.today())
            for _person in range(6):
                self.partner(parent_id=customer.id)
        self.refresh()
        costs = {customer: self.cost(customer) for customer in (few, many)}
        self.assertEqual(self.score_of(many).frequency, 10_001)
        self.assertEqual(costs[few], costs[many])
        self.assertLessEqual(costs[many], MOST_QUERIES)

    def write_history(self, customer, count):
        """Write purchases, activities done and messages, so many of each."""
        self.env.flush_all()
        seller = self.users["seller"]
        self.env.cr.execute(
            SQL(
                "INSERT INTO dcrm_purchase (partner_id, company_id, date, amount,"
                " margin_known, source, import_key)"
                " SELECT %s, %s, %s::date - number %% 700, 10 + number %% 90, FALSE,"
                " 'import', %s || number FROM generate_series(1, %s) AS number",
                customer.id,
                self.company_a.id,
                self.today(),
                f"rich-{customer.id}-",
                count,
            )
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO mail_message (model, res_id, message_type, subject, date,"
                " author_id, subtype_id) SELECT 'res.partner', %s, 'email',"
                " 'Mail ' || number, now() AT TIME ZONE 'UTC', %s, %s"
                " FROM generate_series(1, %s) AS number",
                customer.id,
                seller.partner_id.id,
                self.env.ref("mail.mt_comment").id,
                count,
            )
        )
        self.env.invalidate_all()

    def cost(self, customer):
        """Return the number of queries of a customer's page, warm."""
        pages = self.env_as("seller")["dcrm.customer.page"]
        for _attempt in range(2):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            pages.page(customer.id)
        return self.env.cr.sql_log_count - before

    def test_days_are_the_companys(self):
        """In Auckland it is tomorrow already."""
        customer = self.partner(seller="seller_b")
        self.purchase(
            customer, 5000, self.today(self.company_b), company=self.company_b
        )
        self.refresh(self.company_b)
        page = self.page(customer, "seller_b")
        self.assertEqual(self.figures(page, "worth")["Last purchase"], "today")
        self.assertEqual(
            fields.Date.to_date(self.score_of(customer, self.company_b).scored_on),
            self.today(self.company_b),
        )
