"""The dashboard in the browser: from a figure to the document behind it."""

import json

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from .common import ROLES, DcrmCase


@tagged("post_install", "-at_install")
class TestDashboardUi(DcrmCase, HttpCase):
    browser_size = "1366x768"

    def test_dashboard_leads_to_a_document(self):
        groups = f"{ROLES['manager']},account.group_account_invoice"
        self.users["collector"] = self.make_user("collector", groups, self.company_a)
        late = self.days_ago(40)
        own, other = self.partner(seller="seller"), self.partner(seller="other_seller")
        invoice = self.invoice(own, 250.0, late, invoice_date_due=late)
        self.invoice(other, 900.0, late, invoice_date_due=late)
        self.refresh()
        self.start_tour(
            "/odoo/dcrm-dashboard", "dcrm_dashboard", login="dcrm_collector"
        )
        self.env.invalidate_all()
        noted = invoice.message_ids.filtered(lambda each: "Pays on Friday" in each.body)
        self.assertEqual(len(noted), 1)
        self.assertEqual(noted.author_id, self.users["collector"].partner_id)
        overdue = self.env_as("collector")["dcrm.receivable"].search(
            [("user_id", "=", self.users["seller"].id), ("days_overdue", ">", 0)]
        )
        self.assertEqual((overdue.move_id, overdue.residual), (invoice, 250.0))

    def wait_for(self, login, *selectors):
        """Open the dashboard and wait until it has all of these, however slowly."""
        found = f"{json.dumps(selectors)}.every(each => document.querySelector(each))"
        self.browser_js(
            "/odoo/dcrm-dashboard",
            f"""
            const waiting = setInterval(() => {{
                if ({found}) {{
                    clearInterval(waiting);
                    console.log("test successful");
                }}
            }}, 100);
            """,
            ready="true",
            login=login,
            timeout=120,
        )

    def test_dashboard_of_an_empty_company(self):
        """Where nothing is scored yet, the screen says what to do."""
        self.wait_for("dcrm_manager", ".o_dcrm_welcome .o_dcrm_start")

    def test_dashboard_keeps_what_works(self):
        """A section that fails says so, and the others show their figures."""

        message = "Out of order"

        def out_of_order(_dashboard, _filters):
            raise UserError(message)

        self.patch(self.registry["dcrm.dashboard"], "_section_flows", out_of_order)
        self.invoice(self.partner(), 250.0, self.days_ago(3))
        self.refresh()
        section = ".o_dcrm_board_section[data-section='%s'][data-loaded]"
        self.wait_for(
            "dcrm_manager",
            f"{section % 'flows'} .o_dcrm_board_error",
            f"{section % 'rfm'} .o_dcrm_figure[data-value='250']",
            f"{section % 'receivables'} .o_dcrm_figure[data-value='250']",
        )
