from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_purchase import PurchaseCase


@tagged("post_install", "-at_install")
class TestMerge(PurchaseCase):
    """Merged contacts keep what they bought, and the customer is whom they are now."""

    def merge(self, into, *partners):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([into.id, *(partner.id for partner in partners)], into)
        self.env.invalidate_all()

    def queue(self):
        self.env.cr.execute("SELECT DISTINCT partner_id FROM dcrm_purchase_change")
        return {partner_id for [partner_id] in self.env.cr.fetchall()}

    def test_merged_customers(self):
        keep, gone = self.partner("Keep"), self.partner("Gone")
        self.order(keep, 10)
        self.order(gone, 20)
        self.invoice(gone, 30)
        self.purchase(gone, 40)
        self.sync()
        self.env.cr.execute("DELETE FROM dcrm_purchase_change")
        gone_id = gone.id
        self.merge(keep, gone)
        self.assertEqual(self.amounts(keep), [10, 20, 30, 40])
        self.assertLessEqual({keep.id, gone_id}, self.queue())
        self.assertIn("Gone", keep.message_ids[0].body)
        self.assertRebuilds()

    def test_contact_merged_into_another_companys(self):
        one, other = (self.partner(name, is_company=True) for name in ("One", "Other"))
        here = self.partner(parent_id=one.id)
        there = self.partner(parent_id=other.id)
        self.order(here, 10)
        self.order(there, 20)
        self.order(one, 40)
        self.sync()
        self.merge(there, here)
        self.sync()
        self.assertEqual((self.amounts(one), self.amounts(other)), ([40], [10, 20]))
        self.assertIn("merge", other.message_ids[0].body)
        self.assertRebuilds()

    def test_customer_merged_into_a_contact_of_a_company(self):
        company = self.partner(is_company=True)
        contact = self.partner(parent_id=company.id)
        person = self.partner()
        self.order(person, 10)
        self.purchase(person, 30)
        self.sync()
        self.merge(contact, person)
        self.sync()
        self.assertEqual(self.amounts(company), [10, 30])
        self.assertEqual(self.amounts(contact), [])

    def test_company_merged_with_its_contacts(self):
        keep, gone = self.partner(is_company=True), self.partner(is_company=True)
        contact = self.partner(parent_id=gone.id)
        self.order(contact, 10)
        self.sync()
        self.merge(keep, gone)
        self.sync()
        self.assertEqual(contact.commercial_partner_id, keep)
        self.assertEqual(
            self.facts(keep, "amount", "contact_id"),
            [(10, contact)],
        )
        self.assertRebuilds()

    def test_merge_of_customers_with_scores(self):
        keep, gone = self.partner(), self.partner()
        self.order(keep, 10)
        self.order(gone, 20)
        self.refresh()
        self.merge(keep, gone)
        self.refresh()
        score = self.score_of(keep)
        self.assertEqual((score.frequency, score.monetary), (2, 30))


@tagged("post_install", "-at_install")
class TestReassign(PurchaseCase):
    """A contact's purchases stay with its company of the time, until told otherwise."""

    def setUp(self):
        super().setUp()
        self.one = self.partner("One", is_company=True)
        self.other = self.partner("Other", is_company=True)
        self.contact = self.partner("Contact", parent_id=self.one.id)
        self.order(self.contact, 10)
        self.invoice(self.contact, 20)
        self.sync()

    def move(self):
        self.contact.parent_id = self.other
        self.env.flush_all()

    def test_purchases_stay_when_the_contact_moves(self):
        self.move()
        order = self.env["sale.order"].search([("partner_id", "=", self.contact.id)])
        order.order_line.price_unit = 15
        self.sync(full=True)
        self.assertEqual(self.amounts(self.one), [15, 20])
        self.order(self.contact, 30)
        self.sync()
        self.assertEqual(self.amounts(self.other), [30])

    def test_reassigned_on_request_and_for_good(self):
        self.move()
        self.contact.action_reassign_purchases()
        self.assertEqual(
            (self.amounts(self.one), self.amounts(self.other)), ([], [10, 20])
        )
        for partner in (self.one, self.other):
            self.assertIn("2 purchases of", partner.message_ids[0].body)
        self.sync(full=True)
        self.assertEqual(self.amounts(self.other), [10, 20])
        messages = len(self.other.message_ids)
        self.contact.action_reassign_purchases()
        self.assertEqual(len(self.other.message_ids), messages)

    def test_imported_purchases_of_who_became_a_contact(self):
        person = self.partner()
        self.purchase(person, 5)
        person.parent_id = self.other
        person.action_reassign_purchases()
        self.assertEqual(self.amounts(self.other), [5])

    def test_only_analysts_of_the_company(self):
        self.move()
        for role in ("seller", "seller_all", "nobody", "portal"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.contact.with_env(self.env_as(role)).action_reassign_purchases()
        self.order(self.contact, 30, company=self.company_b)
        self.sync(self.company_b)
        self.contact.parent_id = self.one
        self.users["analyst"].group_ids |= self.env.ref("base.group_partner_manager")
        self.contact.with_env(self.env_as("analyst")).action_reassign_purchases()
        self.env.invalidate_all()
        self.assertEqual(self.amounts(self.one), [10, 20])
        self.assertEqual(self.amounts(self.other), [30])
