"""Whose a row of history is."""

from odoo.tests import tagged
from odoo.tools import SQL

from ..models import dcrm_purchase_import
from .test_import import ImportCase


@tagged("post_install", "-at_install")
class TestImportCustomer(ImportCase):
    def one(self, customer, **values):
        """Import one more purchase of a customer and return it."""
        frame = self.frame((customer, "2024-01-31", next(self.numbers)))
        self.load(frame.assign(**values))
        return self.purchases()[-1]

    def test_reference_goes_before_email_before_tax_number(self):
        by_vat = self.partner("By tax number", vat="BE0477472701")
        self.assertEqual(self.one("be 0477.472.701").partner_id, by_vat)
        by_email = self.partner("By e-mail", email="Jan <Jan@Example.com>")
        self.assertEqual(self.one("JAN@example.com").partner_id, by_email)
        by_reference = self.partner("By reference", ref="JAN@example.com")
        self.assertEqual(self.one("JAN@example.com").partner_id, by_reference)
        also = self.partner("Also", ref="be 0477.472.701")
        self.assertEqual(self.one("be 0477.472.701").partner_id, also)

    def test_several_matches_reject(self):
        self.partner("One", ref="C1")
        self.partner("Other", ref="C1", company_id=self.company_a.id)
        frame = self.frame(("C1", "2024-01-31", 1), ("C2", "2024-01-31", 1))
        self.assertEqual(self.rejected(frame, accepted=1), {1: ["customer"]})
        self.assertEqual(self.purchases().partner_id.ref, "C2")

    def test_other_companies_customers_do_not_match(self):
        theirs = self.partner("Theirs", ref="C1", company_id=self.company_b.id)
        found = self.one("C1").partner_id
        self.assertNotEqual(found, theirs)
        self.assertEqual(found.company_id, self.company_a)

    def test_contacts_of_one_customer_are_one_match(self):
        company = self.partner("Firm", is_company=True, vat="BE0477472701")
        people = [
            self.partner(name, parent_id=company.id, email="office@example.com")
            for name in ("Ann", "Bob")
        ]
        purchase = self.one("office@example.com")
        self.assertEqual(purchase.partner_id, company)
        self.assertEqual(purchase.contact_id, people[0])
        # The host gives the tax number to the contacts, too.
        self.assertEqual(self.one("BE0477472701").contact_id, company)

    def test_an_archived_customer_is_found_after_the_active_ones(self):
        archived = self.partner("Archived", ref="C1", active=False)
        self.assertEqual(self.one("C1").partner_id, archived)
        active = self.partner("Active", ref="C1")
        self.assertEqual(self.one("C1").partner_id, active)

    def test_a_customer_is_remembered_by_what_history_called_it(self):
        first = self.one("C1")
        first.partner_id.ref = "New reference"
        self.assertEqual(self.one("C1").partner_id, first.partner_id)

    def test_a_merged_customer_stays_merged(self):
        frame = self.frame(
            ("C1", "2024-01-31", 1, "R1"),
            ("C2", "2024-01-31", 2, "R2"),
            columns="customer date amount reference",
        )
        self.load(frame)
        kept, merged = self.customer("C1"), self.customer("C2")
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (kept | merged).ids, kept
        )
        self.env.invalidate_all()
        self.load(frame, accepted=0)
        self.assertEqual(self.one("C2").partner_id, kept)

    def test_customers_made_in_bulk_equal_those_of_the_host(self):
        size = dcrm_purchase_import.FEW + 5
        # The host's own defaults and the caller's context are the same for both.
        self.load(self.frame(*[(f"Bulk {n:02}", "2024-01-31", 1) for n in range(size)]))
        made = (
            self.env["res.partner"]
            .with_company(self.company_a)
            .create(
                {
                    "name": "Made by the host",
                    "ref": "Made by the host",
                    "company_id": self.company_a.id,
                    "customer_rank": 1,
                }
            )
        )
        self.env.flush_all()
        bulk = self.env["res.partner"].search([("ref", "=like", "Bulk %")])
        self.assertEqual(len(bulk), size)
        rows = self._columns(bulk | made)
        expected = rows.pop(made.id)
        for partner in bulk:
            row = rows[partner.id]
            own = {
                "id": partner.id,
                "name": partner.ref,
                "ref": partner.ref,
                "complete_name": partner.ref,
                "commercial_partner_id": partner.id,
            }
            self.assertEqual(row, {**expected, **own})
        self.assertEqual(bulk.mapped("display_name"), bulk.mapped("ref"))
        self.assertEqual(self.env["res.partner"].name_search("Bulk 2")[0][1], "Bulk 20")

    def _columns(self, partners):
        rows = self.env.execute_query(
            SQL(
                "SELECT id, to_jsonb(res_partner) FROM res_partner WHERE id = ANY(%s)",
                partners.ids,
            )
        )
        # Where calendars are kept, one of the host's defaults is the very second.
        now = "calendar_last_notif_ack"
        for _id, row in rows:
            row.pop(now, None)
        return dict(rows)

    def test_nobody_is_made_for_a_rejected_row(self):
        frame = self.frame(
            ("C1", "2024-01-31", 1, "R1", "EUR"),
            ("C2", "2024-01-31", 1, "R1", "EUR"),
            ("C3", "2024-01-31", 1, "R3", "XXQ"),
            columns="customer date amount reference currency",
        )
        self.assertEqual(
            self.rejected(frame),
            {1: ["reference"], 2: ["reference"], 3: ["currency"]},
        )
        self.assertFalse(self.env["res.partner"].search([("ref", "=like", "C_")]))

    def test_defaults_of_the_caller_do_not_reach_new_customers(self):
        self.env = self.env(context=dict(self.env.context, default_is_company=True))
        self.assertFalse(self.one("C1").partner_id.is_company)
