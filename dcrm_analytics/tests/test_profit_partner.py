"""Whose profit it is when partners are merged, moved, re-parented or archived; groups,
concentration, and who may see what."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common_access import AccessCase
from .common_profit import ProfitCase


@tagged("post_install", "-at_install")
class TestProfitPartner(ProfitCase):
    def merge(self, *partners):
        """Merge partners into the first of them."""
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([partner.id for partner in partners], partners[0])
        self.env.flush_all()

    def test_merge(self):
        one, other = self.partner(), self.partner()
        self.invoice(one, 100)
        self.invoice(other, 30)
        self.entry(("income", one, -5), ("income", other, -7))
        self.refresh()
        self.merge(one, other)
        rows = self.profit_of(one)
        self.assertEqual(sorted(rows.mapped("revenue")), [12, 30, 100])
        self.refresh()
        self.assertLedger()
        self.assertEqual(self.score_of(one).profit, 142)
        self.assertNoViolations()

    def test_merge_of_a_customer_into_a_contact_of_another(self):
        company = self.partner(is_company=True)
        contact = self.partner(parent_id=company.id)
        single = self.partner()
        self.invoice(company, 100)
        self.invoice(single, 30)
        self.refresh()
        self.merge(contact, single)
        self.refresh()
        self.assertLedger()
        self.assertEqual(sum(self.profit_of(company).mapped("profit")), 130)

    def test_contact_of_another_company_and_company_of_its_own(self):
        customer, company = self.partner(), self.partner(is_company=True)
        self.invoice(customer, 100)
        self.purchase(customer, 8)
        self.refresh()
        self.assertEqual(sum(self.profit_of(customer).mapped("profit")), 108)
        customer.parent_id = company
        self.refresh()
        self.assertLedgerOfBooks()
        self.assertEqual(sum(self.profit_of(company).mapped("profit")), 108)
        self.assertFalse(self.profit_of(customer))
        # The host has made the company the partner of what was posted, for good.
        customer.is_company = True
        self.refresh()
        self.assertLedgerOfBooks()
        self.assertEqual(sum(self.profit_of(company).mapped("profit")), 100)
        self.assertEqual(sum(self.profit_of(customer).mapped("profit")), 8)

    def assertLedgerOfBooks(self):
        """Without imported history, which is not in the books, the ledger is met."""
        lines = self.profits.reconcile(self.company_a)
        self.assertEqual(lines["revenue"]["parts"]["customer"]["difference"], 0)

    def test_entry_that_moves_to_another_company(self):
        """Whichever company is brought up to date first."""
        companies = (self.company_a, self.company_b)
        for first, second in (companies, companies[::-1]):
            customer = self.partner()
            entry = self.cost(customer, 50)
            for company in companies:
                self.refresh(company)
            accounts, journals = self.books[self.company_b]
            entry.button_draft()
            entry.write(
                {
                    "name": False,
                    "journal_id": journals["general"].id,
                    "line_ids": [
                        Command.update(
                            line.id,
                            {"account_id": accounts[line.account_id.account_type].id},
                        )
                        for line in entry.line_ids
                    ],
                }
            )
            entry.action_post()
            self.env.flush_all()
            self.refresh(first)
            self.refresh(second)
            rows = self.profits.search([("partner_id", "=", customer.id)])
            self.assertEqual(rows.company_id, self.company_b)
            self.assertEqual(rows.mapped("goods"), [-50])
            self.assertNoViolations()

    def test_archived_customer(self):
        customer = self.partner()
        self.invoice(customer, 100)
        self.refresh()
        customer.active = False
        self.invoice(customer, 11)
        self.refresh()
        self.assertLedger()
        self.assertEqual(self.score_of(customer).profit, 111)

    def test_groups_roll_up_and_follow_the_tree(self):
        holding, region = self.partner(is_company=True), self.partner(is_company=True)
        shops = [self.partner(is_company=True, parent_id=region.id) for _ in "ab"]
        alone = self.partner()
        region.parent_id = holding
        for number, customer in enumerate((*shops, alone, holding)):
            self.invoice(customer, 10 * (number + 1))
        self.refresh()
        groups = {
            group: profit
            for group, profit in self.env["dcrm.customer.score"]._read_group(
                [("company_id", "=", self.company_a.id)], ["group_id"], ["profit:sum"]
            )
        }
        self.assertEqual(groups, {holding: 70, alone: 30})
        region.parent_id = False
        self.refresh()
        self.assertEqual(self.score_of(shops[0]).group_id, region)
        self.assertEqual(self.score_of(holding).group_id, holding)
        self.assertNoViolations()

    def test_concentration(self):
        customers = [self.partner() for _ in range(12)]
        for number, customer in enumerate(customers):
            self.invoice(customer, 10 * (number + 1), "2024-02-01")
        self.invoice(customers[0], 1_000, "2024-05-01")
        self.invoice(customers[1], 5, "2024-05-01", move_type="out_refund")
        self.refresh()
        found = self.profits.concentration({"company_id": self.company_a.id})
        values = [1010, 15, *range(30, 121, 10)]
        self.assertEqual(found["customers"], 12)
        self.assertAlmostEqual(
            found["top10_share"], sum(sorted(values)[2:]) / sum(values)
        )
        pairs = sum(abs(one - other) for one in values for other in values)
        self.assertAlmostEqual(found["gini"], pairs / (2 * 12 * sum(values)))
        self.assertEqual(found["curve"][0], [0, 0])
        self.assertEqual(found["curve"][-1], [1, 1])
        self.assertEqual(
            [(each["period"], each["customers"]) for each in found["over_time"]],
            [("2024-01-01", 12), ("2024-04-01", 2)],
        )
        self.assertEqual(found["over_time"][1]["gini"], 0.5)
        none = self.profits.concentration({"date_from": "2031-01-01"})
        self.assertEqual(
            (none["customers"], none["gini"], none["curve"], none["over_time"]),
            (0, None, [], []),
        )
        one = self.profits.concentration({"date_from": "2024-04-01", "basis": "profit"})
        self.assertEqual(one["customers"], 2)

    def test_concentration_of_groups(self):
        holding = self.partner(is_company=True)
        shop = self.partner(is_company=True, parent_id=holding.id)
        for customer in (holding, shop, self.partner()):
            self.invoice(customer, 10)
        self.refresh()
        self.assertEqual(self.profits.concentration({})["customers"], 3)
        self.company_a.value_class_by_group = True
        self.assertEqual(self.profits.concentration({})["customers"], 2)
        self.assertEqual(
            self.profits.concentration({"by_group": False})["customers"], 3
        )


@tagged("post_install", "-at_install")
class TestProfitAccess(AccessCase):
    def test_own_customers_only(self):
        for role, sums in {
            "seller": [100],
            "other_seller": [1_000],
            "seller_all": [100, 1_000, 10_000],
        }.items():
            profits = self.env_as(role)["dcrm.customer.profit"]
            with self.subTest(role):
                frame = profits.statement()
                self.assertEqual(sorted(frame["profit"]), sums)
                self.assertEqual(profits.concentration()["customers"], len(sums))
                self.assertEqual(
                    sorted(profits.search([]).mapped("profit")), sorted(sums)
                )

    def test_reconciliation_is_for_analysts(self):
        for role in ("seller", "seller_all", "nobody", "portal"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.env_as(role)["dcrm.customer.profit"].reconcile()
        found = self.env_as("analyst")["dcrm.customer.profit"].reconcile()
        self.assertEqual(found["revenue"]["customers"], 11_100)

    def test_another_company(self):
        for role in ("seller", "manager"):
            profits = self.env_as(role)["dcrm.customer.profit"]
            for call in (
                lambda profits=profits: profits.statement(self.company_b),
                lambda profits=profits: profits.reconcile(self.company_b.id),
                lambda profits=profits: profits.concentration(
                    {"company_id": self.company_b.id}
                ),
            ):
                with self.subTest(role):
                    self.assertRaises(AccessError, call)

    def test_outsiders(self):
        for role in ("nobody", "portal", "public"):
            profits = self.env_as(role)["dcrm.customer.profit"]
            for call in (profits.statement, profits.concentration):
                with self.subTest(role):
                    self.assertRaises(AccessError, call)

    def test_the_document_is_opened_with_the_rights_of_who_asks(self):
        row = self.env["dcrm.customer.profit"].search(
            [("partner_id", "=", self.customers["own"].id)]
        )
        seen = row.with_env(self.env_as("seller"))
        self.assertEqual(seen.action_open_document()["res_model"], "dcrm.purchase")
        hidden = row.with_env(self.env_as("other_seller"))
        self.assertRaises(AccessError, hidden.action_open_document)
