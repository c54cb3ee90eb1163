"""What a person does in the browser, ending in what the database then holds."""

import json

from freezegun import freeze_time

from odoo.tests import HttpCase, tagged

from .common import DcrmCase


@tagged("post_install", "-at_install")
class TestUi(DcrmCase, HttpCase):
    browser_size = "1366x768"

    def buy(self, count):
        """Let customers buy more, later and for more money, one after the other."""
        partners = self.env["res.partner"].create(
            [{"name": f"Buyer {number:02}"} for number in range(count)]
        )
        for number, partner in enumerate(partners):
            for purchase in range(1 + number // 3):
                day = self.days_ago(200 - 7 * number + 9 * purchase)
                self.purchase(partner, 10.0 * (number + 1), day)
        return partners

    def run_cron(self):
        self.env.flush_all()
        cron = self.env.ref("dcrm_analytics.ir_cron_run")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_grid_leads_to_customers(self):
        self.buy(25)
        self.refresh()
        scores = self.env["dcrm.customer.score"].with_env(self.env_as("seller_all"))
        grid = scores.rfm_grid()
        best = next(
            cell
            for cell in grid["cells"]
            if (cell["recency_class"], cell["frequency_class"]) == (5, 5)
        )
        self.start_tour("/odoo/dcrm", "dcrm_rfm_grid", login="dcrm_seller_all")
        found = scores.search(
            [
                ("recency_class", "=", 5),
                ("frequency_class", "=", 5),
                ("company_id", "=", self.company_a.id),
            ]
        )
        self.assertEqual(len(found), best["customers"])
        self.assertAlmostEqual(sum(found.mapped("monetary")), best["monetary"])

    def test_grid_of_an_earlier_day_of_own_customers(self):
        partners = [self.partner(seller="seller") for _number in range(10)]
        with freeze_time("2026-03-02 12:00"):
            for number, partner in enumerate(partners):
                self.purchase(partner, 100.0 * (number + 1), f"2026-02-{number + 1:02}")
            self.refresh()
        for partner in partners[:4]:
            self.purchase(partner, 5000.0, self.days_ago(1))
        self.refresh()
        self.start_tour("/odoo/dcrm", "dcrm_rfm_grid_past", login="dcrm_seller")

    def test_segment_grid_is_saved(self):
        segment = self.env["dcrm.segment"].create({"name": "Tour Segment"})
        scheme = self.env["dcrm.rfm.scheme"].create(
            {"name": "Tour Scheme", "company_id": self.company_a.id}
        )
        before = {cell.id: cell.segment_id for cell in scheme.cell_ids}
        self.start_tour(
            f"/odoo/dcrm.rfm.scheme/{scheme.id}",
            "dcrm_segment_grid",
            login="dcrm_manager",
        )
        self.env.invalidate_all()
        painted = scheme.cell_ids.filtered(lambda cell: cell.segment_id == segment)
        self.assertEqual(
            {
                (cell.recency_class, cell.frequency_class, cell.monetary_class)
                for cell in painted
            },
            {(1, 2, 5)} | {(3, 4, monetary) for monetary in range(1, 6)},
        )
        for cell in scheme.cell_ids - painted:
            self.assertEqual(cell.segment_id, before[cell.id])
        self.assertEqual(len(scheme.cell_ids), 125)

    def test_first_scoring(self):
        partner = self.partner("First Customer")
        self.order(partner, 120)
        self.start_tour("/odoo/dcrm", "dcrm_first_scoring", login="dcrm_manager")
        self.env.invalidate_all()
        self.assertTrue(self.company_a.customer_scoring)
        self.assertFalse(self.company_b.customer_scoring)
        run = self.env["dcrm.run"].search([("company_id", "=", self.company_a.id)])
        self.assertEqual((run.kind, run.state), ("refresh", "waiting"))
        self.run_cron()
        self.assertEqual(run.state, "done", run.error)
        self.assertEqual(self.score_of(partner).monetary, 120)

        self.start_tour("/odoo/dcrm", "dcrm_scored", login="dcrm_manager")
        self.env.invalidate_all()
        second = self.env["dcrm.run"].search(
            [("company_id", "=", self.company_a.id), ("id", "!=", run.id)]
        )
        self.assertEqual((second.kind, second.state), ("refresh", "waiting"))

    def test_history_is_imported(self):
        self.start_tour("/odoo/dcrm", "dcrm_history_import", login="dcrm_analyst")
        self.env.invalidate_all()
        run = self.env["dcrm.run"].search([("company_id", "=", self.company_a.id)])
        self.assertEqual((run.kind, run.state), ("import", "waiting"))
        self.run_cron()
        self.assertEqual(run.state, "done", run.error)
        purchases = self.env["dcrm.purchase"].search(
            [("company_id", "=", self.company_a.id)], order="date"
        )
        self.assertEqual(purchases.mapped("amount"), [100.5, 200.0, 300.0])
        self.assertEqual(
            purchases.mapped("partner_id.ref"), ["T001", "T003"], "T002 was rejected"
        )
        self.start_tour(
            f"/odoo/dcrm.run/{run.id}", "dcrm_history_imported", login="dcrm_analyst"
        )

    def test_only_roles_see_the_menus(self):
        root = self.env.ref("dcrm_analytics.menu_dcrm_root")
        menus = {
            role: self.env_as(role)["ir.ui.menu"]._visible_menu_ids()
            for role in ("nobody", "seller", "analyst", "manager")
        }
        data = self.env.ref("dcrm_analytics.menu_dcrm_data").id
        configuration = self.env.ref("dcrm_analytics.menu_dcrm_configuration").id
        self.assertNotIn(root.id, menus["nobody"])
        self.assertIn(root.id, menus["seller"])
        self.assertNotIn(data, menus["seller"])
        self.assertIn(data, menus["analyst"])
        self.assertNotIn(configuration, menus["analyst"])
        self.assertIn(configuration, menus["manager"])

    def test_value_of_a_customer_can_be_sent(self):
        """What the tab asks for is plain data, and refused to who may not see it."""
        [partner] = self.buy(1)
        partner.user_id = self.users["seller"]
        self.refresh()
        score = self.score_of(partner)
        value = score.with_env(self.env_as("seller")).customer_value()
        json.dumps(value, default=str)
        self.assertEqual(value["score"]["documents"]["count"], 1)
        self.assertEqual(value["history_count"], 1)
        self.assertEqual(len(value["stays"]), 1)
