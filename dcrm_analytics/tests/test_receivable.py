"""Items, buckets, credit limits and days late, as a user sees them."""

from datetime import date, timedelta

from odoo.tests import tagged

from .common_ledger import LedgerCase

DAY = date(2024, 6, 30)


@tagged("post_install", "-at_install")
class TestReceivable(LedgerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies.customer_scoring_today = DAY
        cls.customer = cls("ago").partner("Owes", seller="seller")

    def ago(self, days):
        return DAY - timedelta(days)

    def items(self, as_of=None, partner=None, role="seller_all"):
        """Return ``[(reference, residual, bucket)]`` of a customer, oldest first."""
        self.env.invalidate_all()
        partner = partner or self.customer
        found = (
            self.env_as(role)["dcrm.receivable"]
            .with_context(as_of=as_of and str(as_of))
            .search([("partner_id", "=", partner.id)])
        )
        return [(item.reference, item.residual, item.bucket) for item in found]

    def test_buckets_begin_the_day_after(self):
        edges = {
            0: "not_due",
            1: "d30",
            30: "d30",
            31: "d60",
            60: "d60",
            61: "d90",
            90: "d90",
            91: "d180",
            180: "d180",
            181: "over180",
        }
        moves = {
            days: self.bill(self.customer, 100.0, self.ago(days)) for days in edges
        }
        buckets = {name: bucket for name, _residual, bucket in self.items()}
        self.assertEqual(
            {days: buckets[move.name] for days, move in moves.items()}, edges
        )

    def test_buckets_stand_by_age(self):
        for days in (200, 100, 70, 40, 10, 0):
            self.bill(self.customer, 100.0, self.ago(days))
        order = ["not_due", "d30", "d60", "d90", "d180", "over180"]
        Items = self.env_as("seller")["dcrm.receivable"]
        groups = Items._read_group([], ["bucket"], ["residual:sum"])
        self.assertEqual([bucket for bucket, _sum in groups], order)
        pairs = Items.formatted_read_group([], ["bucket", "partner_id"], ["__count"])
        self.assertEqual([pair["bucket"] for pair in pairs], order)
        found = Items.search([], order="bucket desc, partner_id")
        self.assertEqual(found.mapped("bucket"), order[::-1])

    def test_part_paid_then_paid(self):
        move = self.bill(self.customer, 100.0, self.ago(100))
        self.pay(move, 40.0, self.ago(50))
        self.pay(move, None, self.ago(10))
        self.assertEqual(self.items(), [])
        left = {101: [], 100: [100.0], 51: [100.0], 50: [60.0], 11: [60.0], 10: []}
        for days, expected in left.items():
            found = [residual for _, residual, _ in self.items(self.ago(days))]
            self.assertEqual(found, expected, f"{days} days ago")

    def test_items_say_as_of_which_day_they_are(self):
        """The search takes a day, which chooses the items and excludes none."""
        self.bill(self.customer, 100.0, self.ago(10))
        items = self.env["dcrm.receivable"].with_company(self.company_a)
        domain = [("partner_id", "=", self.customer.id)]
        self.assertEqual(items.search(domain).as_of, DAY)
        day = self.ago(5)
        found = items.with_context(as_of=str(day)).search(
            [*domain, ("as_of", "=", day)]
        )
        self.assertEqual((found.residual, found.as_of), (100.0, day))

    def test_installments_are_items(self):
        move = self.bill(
            self.customer,
            100.0,
            self.ago(40),
            invoice_payment_term_id=self.installments.id,
        )
        self.assertEqual(
            self.items(),
            [(move.name, 30.0, "d30"), (move.name, 70.0, "not_due")],
        )

    def test_not_allocated_is_negative(self):
        payment = self.advance(self.customer, 80.0, self.ago(20))
        self.bill(self.customer, 100.0, self.ago(5))
        self.assertEqual(
            [(residual, bucket) for _, residual, bucket in self.items()],
            [(-80.0, "d30"), (100.0, "d30")],
        )
        ageing = self.env_as("seller_all")["dcrm.receivable"].ageing()
        self.assertEqual(ageing["unallocated"]["amount"], -80.0)
        self.assertEqual(ageing["total"]["amount"], 20.0)
        items = self.env["dcrm.receivable"].search(ageing["unallocated"]["domain"])
        self.assertEqual(items.move_id, payment.move_id)
        self.assertEqual(items.kind, "payment")

    def test_undone_match_is_forgotten(self):
        """Before it was undone a match counts; the host forgets it when it is."""
        move = self.bill(self.customer, 100.0, self.ago(60))
        self.pay(move, None, self.ago(40))
        self.assertEqual(self.items(self.ago(30)), [])
        self.receivable_lines(move).remove_move_reconcile()
        self.env.flush_all()
        self.assertEqual(
            sorted(residual for _, residual, _ in self.items(self.ago(30))),
            [-100.0, 100.0],
        )
        self.assertEqual(
            [residual for _, residual, _ in self.items(self.ago(50))], [100.0]
        )

    def test_without_due_date_due_on_its_day(self):
        self.entry(
            [("receivable", self.customer, 50.0), ("other", None, -50.0)], self.ago(7)
        )
        [[_reference, residual, bucket]] = self.items()
        self.assertEqual((residual, bucket), (50.0, "d30"))
        item = self.env["dcrm.receivable"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(item.date_maturity, self.ago(7))

    def test_vendor_on_a_receivable_account(self):
        """What stands on a receivable account is owed to us, by whomever."""
        vendor = self.partner("Vendor", supplier_rank=1)
        self.entry([("receivable", vendor, 70.0), ("other", None, -70.0)], self.ago(3))
        self.assertEqual(
            [residual for _, residual, _ in self.items(partner=vendor)], [70.0]
        )

    def test_nobody_is_shown_to_who_sees_all(self):
        self.entry([("receivable", None, 33.0), ("other", None, -33.0)], self.ago(3))
        domain = [("partner_id", "=", False), ("company_id", "=", self.company_a.id)]
        for role, count in (("seller_all", 1), ("seller", 0)):
            found = self.env_as(role)["dcrm.receivable"].search(domain)
            self.assertEqual(len(found), count, role)

    def test_customer_is_the_present_commercial_partner(self):
        group = self.partner("Group", is_company=True)
        contact = self.partner("Buyer", parent_id=self.customer.id)
        self.customer.is_company = True
        self.bill(contact, 100.0, self.ago(5))
        self.assertEqual(len(self.items()), 1)
        self.customer.write({"is_company": False, "parent_id": group.id})
        self.assertEqual(self.items(), [])
        self.assertEqual(len(self.items(partner=group)), 1)
        item = self.env["dcrm.receivable"].search([("partner_id", "=", group.id)])
        self.assertEqual(item.contact_id, contact)

    def test_archived_and_merged(self):
        other = self.partner("Double")
        self.bill(other, 100.0, self.ago(5))
        other.active = False
        self.assertEqual(len(self.items(partner=other)), 1)
        other.active = True
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (other | self.customer).ids, self.customer
        )
        self.assertEqual([residual for _, residual, _ in self.items()], [100.0])

    def test_later_dated_counts_as_the_host_counts(self):
        """Now is what the host says; as of a day is what was dated until then."""
        move = self.bill(self.customer, 100.0, self.ago(10))
        self.pay(move, None, DAY + timedelta(5))
        self.assertEqual(self.items(), [])
        self.assertEqual([residual for _, residual, _ in self.items(DAY)], [100.0])

    def test_due_today_and_this_week(self):
        for days in (-7, -6, 0, 1):
            self.bill(self.customer, 100.0 + days, self.ago(days))
        Items = self.env["dcrm.receivable"]
        mine = [("partner_id", "=", self.customer.id)]
        week = Items.search([*mine, ("due_week", "=", True)])
        self.assertEqual(week.mapped("residual"), [100.0, 94.0])
        today = Items.search([*mine, ("due_today", "=", True)])
        self.assertEqual(today.mapped("residual"), [100.0])

    def test_over_limit_where_the_company_uses_limits(self):
        Items = self.env["dcrm.receivable"].with_company(self.company_a)
        mine = [("partner_id", "=", self.customer.id)]
        over = [*mine, ("over_limit", "=", True)]
        self.customer.with_company(self.company_a).credit_limit = 150.0
        self.customer.with_company(self.company_b).credit_limit = 1.0
        self.bill(self.customer, 100.0, self.ago(5))
        move = self.bill(self.customer, 100.0, self.ago(4))
        self.assertFalse(Items.search(over))
        self.company_a.account_use_credit_limit = True
        self.assertEqual(len(Items.search(over)), 2)
        self.assertEqual(Items.search(mine).mapped("over_limit"), [True, True])
        self.assertFalse(Items.search([*mine, ("over_limit", "=", False)]))
        self.assertEqual(
            self.env_as("seller")["dcrm.receivable"].ageing()["over_limit"]["amount"],
            200.0,
        )
        self.pay(move, 50.0, self.ago(1))
        self.env.invalidate_all()
        self.assertFalse(Items.search(over))
        self.assertFalse(any(Items.search(mine).mapped("over_limit")))
        self.assertTrue(Items.with_context(as_of=str(self.ago(2))).search(over))

    def test_general_limit_of_the_company(self):
        self.env["ir.default"].set(
            "res.partner", "credit_limit", 60.0, company_id=self.company_a.id
        )
        self.company_a.account_use_credit_limit = True
        self.bill(self.customer, 100.0, self.ago(5))
        item = self.env["dcrm.receivable"].search(
            [("partner_id", "=", self.customer.id), ("over_limit", "=", True)]
        )
        self.assertEqual(item.residual, 100.0)

    def test_day_of_the_filters(self):
        move = self.bill(self.customer, 100.0, self.ago(40))
        self.pay(move, None, self.ago(20))
        Items = self.env_as("seller")["dcrm.receivable"]
        filters = {"company_id": self.company_a.id}
        self.assertEqual(Items.ageing(filters)["total"]["amount"], 0.0)
        past = Items.ageing({**filters, "date_to": str(self.ago(30))})
        self.assertEqual(past["total"]["amount"], 100.0)
        self.assertEqual(past["as_of"], self.ago(30))
        figure = past["buckets"][1]
        self.assertEqual((figure["key"], figure["items"]), ("d30", 1))
        opened = Items.with_context(**figure["context"]).search(figure["domain"])
        self.assertEqual(opened.move_id, move)

    def test_concentration(self):
        for number in range(12):
            self.bill(self.partner(), 10.0 * (number + 1), self.ago(5))
        self.advance(self.customer, 1000.0, self.ago(5))
        found = self.env_as("manager")["dcrm.receivable"].ageing()["concentration"]
        self.assertEqual(
            [each["amount"] for each in found["customers"]],
            [10.0 * (12 - rank) for rank in range(10)],
        )
        self.assertAlmostEqual(found["top_share"], 750.0 / 780.0)

    def test_days_late(self):
        """By amount: 100 paid 20 days late, 300 paid 10 days early; then one open."""
        Items = self.env_as("seller")["dcrm.receivable"]
        self.assertEqual(Items.days_late(self.customer.ids), {})
        self.pay(self.bill(self.customer, 100.0, self.ago(60)), None, self.ago(40))
        early = self.bill(
            self.customer, 300.0, self.ago(60), invoice_date_due=self.ago(40)
        )
        self.pay(early, None, self.ago(50))
        credited = self.bill(self.customer, 500.0, self.ago(200))
        self.credit_note(credited, date=self.ago(1))
        self.allocate(
            credited,
            self.env["account.move"].search([("reversed_entry_id", "=", credited.id)]),
        )
        [days] = Items.days_late(self.customer.ids).values()
        self.assertAlmostEqual(days, (100 * 20 - 300 * 10) / 400)
        self.bill(self.customer, 400.0, self.ago(15))
        [days] = Items.days_late(self.customer.ids).values()
        self.assertAlmostEqual(days, (100 * 20 - 300 * 10 + 400 * 15) / 800)
        self.assertAlmostEqual(Items.ageing()["days_late"], days)
        self.assertAlmostEqual(
            Items.days_late(self.customer.ids, self.ago(45))[self.customer.id],
            (100 * 15 - 300 * 10 + 500 * 155) / 900,
        )
