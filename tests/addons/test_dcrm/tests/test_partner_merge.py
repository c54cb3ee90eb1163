"""Two customers turn out to be one: merged by the host's wizard, end to end."""

from odoo.addons.dcrm_analytics.tests.common import DcrmCase


class TestPartnerMerge(DcrmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("base.group_partner_manager")

    def make_customer(self, name, amounts):
        """Return a customer that bought in every way, and was scored for long."""
        customer = self.partner(name, email="kitchen@merge.example")
        for number, amount in enumerate(amounts):
            self.purchase(customer, amount, self.days_ago(200 - number))
        order = self.order(customer, amounts[0], self.days_ago(40))
        self.credit_note(self.invoice(order, date=self.days_ago(39)), 10)
        self.invoice(customer, amounts[-1], self.days_ago(20))
        self.purchase(customer, 1000, company=self.company_b)
        return customer

    def score_over_days(self, *days):
        for day in days:
            self.company_a.customer_scoring_today = self.days_ago(day)
            self.refresh()
        self.company_a.customer_scoring_today = False
        self.refresh(self.company_a, self.company_b)

    def merge(self, customers, kept):
        wizard = self.env["base.partner.merge.automatic.wizard"].create(
            {"partner_ids": customers.ids, "dst_partner_id": kept.id}
        )
        wizard.action_merge()
        self.env.invalidate_all()

    def purchases(self, customers, company):
        return self.env["dcrm.purchase"].search(
            [("partner_id", "in", customers.ids), ("company_id", "=", company.id)]
        )

    def test_merge_of_scored_customers(self):
        kept = self.make_customer("The Copper Kettle", [100, 200])
        gone = self.make_customer("Copper Kettle Ltd", [400, 800, 1600])
        bystander = self.make_customer("The Blue Heron", [50])
        self.score_over_days(150, 60, 5)
        self.assertNoViolations()
        before = {
            company: sum(self.purchases(kept | gone, company).mapped("amount"))
            for company in self.companies
        }
        untouched = self.score_of(bystander).read()

        self.merge(kept | gone, kept)
        self.assertFalse(gone.exists())
        self.assertNoViolations()
        self.refresh(self.company_a, self.company_b)

        self.assertNoViolations()
        for company in self.companies:
            score = self.score_of(kept, company)
            self.assertEqual(len(score), 1)
            self.assertEqual(score.monetary, before[company])
            self.assertEqual(
                score.frequency,
                len(self.purchases(kept, company).filtered(lambda p: p.amount > 0)),
            )
        self.assertEqual(self.score_of(kept).frequency, 9)
        stays = self.env["dcrm.segment.stay"].search(
            [("partner_id", "=", kept.id), ("company_id", "=", self.company_a.id)]
        )
        self.assertEqual(
            stays.filtered(lambda stay: not stay.left_on).segment_id,
            self.score_of(kept).segment_id,
        )
        self.assertEqual(kept.rfm_monetary, before[self.company_a])
        left = self.score_of(bystander).read()
        self.assertEqual(
            [row["monetary"] for row in left], [row["monetary"] for row in untouched]
        )

    def test_merge_of_a_contact_into_another_company(self):
        """What the contact's company bought stays with it; the contact's own moves."""
        company = self.make_customer("Harbour Hotels", [300])
        contact = self.partner("Mairead", parent_id=company.id)
        self.purchase(company, 70, contact_id=contact.id)
        elsewhere = self.make_customer("Mairead's Bistro", [40])
        self.score_over_days(30)
        self.merge(contact | elsewhere, elsewhere)
        self.refresh(self.company_a, self.company_b)
        self.assertNoViolations()
        self.assertTrue(self.score_of(company))
        self.assertTrue(self.score_of(elsewhere))

    def test_merged_customer_goes_on_buying(self):
        kept = self.make_customer("Old Mill Café", [90])
        gone = self.make_customer("Old Mill Cafe", [90])
        self.score_over_days(10)
        self.merge(kept | gone, kept)
        order = self.order(kept, 5000)
        self.refresh()
        first = self.score_of(kept).monetary
        self.assertEqual(self.purchases(kept, self.company_a)[0].order_id, order)
        order._action_cancel()
        self.refresh()
        self.assertEqual(self.score_of(kept).monetary, first - 5000)
        self.assertNoViolations()
