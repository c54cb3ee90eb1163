"""The page of a customer in the browser, and on one sheet of paper."""

import io
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools.pdf import OdooPdfFileReader

from .common import DcrmCase

REPORT = "dcrm_analytics.report_customer_page"
LONG = "Fellowship for the Furtherance of Excellent Hospitality " * 4


class PageCase(DcrmCase, HttpCase):
    def customer(self, name="Tour Bistro"):
        seller = self.users["seller"]
        seller.group_ids |= self.env.ref("base.group_partner_manager")
        seller.group_ids |= self.env.ref("sales_team.group_sale_salesman")
        customer = self.partner(name, is_company=True, seller="seller")
        for days, amount in ((40, 700), (4, 500)):
            self.purchase(customer, amount, self.days_ago(days))
        self.refresh()
        return customer


@tagged("post_install", "-at_install")
class TestCustomerPageOnAPhone(PageCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_nothing_is_wider_than_the_screen(self):
        customer = self.customer(LONG)
        self.browser_js(
            f"/odoo/res.partner/{customer.id}/customer-page",
            "const page = document.querySelector('.o_dcrm_page');"
            "if (page.scrollWidth > window.innerWidth) {"
            " throw new Error(`${page.scrollWidth} px wide`);"
            "} console.log('test successful');",
            ready="Boolean(document.querySelector('.o_dcrm_page [data-section]'))",
            login="dcrm_seller",
        )


@tagged("post_install", "-at_install")
class TestCustomerPageUi(PageCase):
    browser_size = "1366x768"

    def test_page_leads_to_an_activity(self):
        customer = self.customer()
        self.score_of(customer).segment_id.write(
            {"name": "Tour Segment", "treatment": "Call them"}
        )
        self.start_tour(
            f"/odoo/res.partner/{customer.id}",
            "dcrm_customer_page",
            login="dcrm_seller",
        )
        self.env.invalidate_all()
        activity = self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", customer.id)]
        )
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.summary, "Tour Segment")
        self.assertIn("Call them", str(activity.note))
        self.assertEqual(activity.user_id, self.users["seller"])

    def test_page_of_another_sellers_customer(self):
        """The screen shows the host's refusal, and nothing of the customer."""
        other = self.partner("Top Secret", seller="other_seller")
        self.purchase(other, 500, self.days_ago(3))
        self.refresh()
        self.browser_js(
            f"/odoo/res.partner/{other.id}/customer-page",
            "if (document.querySelector('.o_dcrm_page') ||"
            " !document.querySelector('.modal').innerText.includes('Access')) {"
            " throw new Error(document.body.innerText);"
            "} console.log('test successful');",
            ready="Boolean(document.querySelector('.modal .modal-body'))",
            login="dcrm_seller",
            error_checker=lambda message: "RPC_ERROR" not in message,
        )

    # -- on paper --------------------------------------------------------------------

    def pdf(self, *customers, role="seller"):
        """Return the reader of the printed pages, each customer's a sheet of A4."""
        reports = self.env_as(role)["ir.actions.report"]
        content, kind = reports.with_context(
            force_report_rendering=True
        )._render_qweb_pdf(REPORT, [customer.id for customer in customers])
        self.assertEqual(kind, "pdf")
        reader = OdooPdfFileReader(io.BytesIO(content))
        for page in reader.pages:
            width, height = (float(side) for side in page.mediabox[2:])
            self.assertAlmostEqual(width, 595, delta=2)
            self.assertAlmostEqual(height, 842, delta=2)
        return reader

    def ink(self, page):
        """Return the size of what is drawn on a page: letters are drawn as shapes."""
        return len(page.get_contents().get_data())

    def test_one_sheet_of_a_customer_of_whom_little_is_known(self):
        reader = self.pdf(self.partner("Poor", seller="seller"))
        self.assertEqual(len(reader.pages), 1)
        self.assertGreater(self.ink(reader.pages[0]), 50_000)

    def test_one_sheet_of_a_rich_customer(self):
        customer = self.rich(LONG)
        reader = self.pdf(customer)
        self.assertEqual(len(reader.pages), 1)
        self.assertGreater(self.ink(reader.pages[0]), 500_000)
        [html, _kind] = self.env_as("seller")["ir.actions.report"]._render_qweb_html(
            REPORT, customer.ids
        )
        for words in (
            "What to do next",
            "Profit and loss",
            "Receivables",
            "Open business",
            "Last contacts",
            "Dates ahead",
            "People",
        ):
            self.assertIn(words, html.decode())

    def test_nobody_prints_the_page_of_another_sellers_customer(self):
        other = self.partner("Top Secret", seller="other_seller")
        with self.assertRaises(AccessError):
            self.pdf(other)

    def rich(self, name):
        """Return a customer of whom there is more to say than the page shows."""
        customer, seller = self.customer(name), self.users["seller"]
        customer.write(
            {
                "street": f"1 {LONG}",
                "email": f"{'long.' * 20}name@{'far.' * 20}example.com",
                "category_id": [
                    (0, 0, {"name": f"{LONG} {number}"}) for number in range(5)
                ],
            }
        )
        for number in range(8):
            contact = self.partner(
                f"{number} {LONG}", parent_id=customer.id, function=LONG
            )
            quotation = self.order(contact, 1000 * number, confirm=False)
            quotation.write(
                {"state": "sent", "validity_date": self.today() + timedelta(number)}
            )
            customer.activity_schedule(
                "mail.mail_activity_data_call",
                self.days_ago(number - 4),
                summary=f"{number} {LONG}",
                user_id=seller.id,
            )
            customer.message_post(
                body=LONG,
                subject=f"{number} {LONG}",
                message_type="email",
                subtype_xmlid="mail.mt_comment",
            )
        for days in (200, 100, 75, 45, 15):
            self.invoice(customer, 1000 + days, self.days_ago(days))
        self.refresh()
        return customer
