"""What a customer owes, on its own page and in lists of contacts; what lists cost."""

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common_ledger import LedgerCase

NAME = {"fields": {"display_name": {}}}


@tagged("post_install", "-at_install")
class TestReceivablePartner(LedgerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls("days_ago")
        cls.customer = case.partner("Owes", seller="seller", is_company=True)
        cls.contact = case.partner("Buyer", parent_id=cls.customer.id)
        cls.other = case.partner("Other", seller="other_seller")
        cls.idle = case.partner("Idle", seller="seller")
        case.bill(cls.contact, 100.0, case.days_ago(10))
        case.bill(cls.customer, 50.0, case.days_ago(-10))
        case.advance(cls.customer, 30.0, case.days_ago(5))
        case.bill(cls.other, 70.0, case.days_ago(20))
        case.bill(cls.customer, 9000.0, case.days_ago(10), company=cls.company_b)

    def seen(self, partner, role="seller", *companies):
        self.env.invalidate_all()
        partner = partner.with_env(self.env_as(role, *companies))
        return partner.customer_receivable, partner.customer_overdue

    def test_what_is_owed(self):
        self.assertEqual(self.seen(self.customer), (120.0, 100.0))
        self.assertEqual(self.seen(self.contact), (120.0, 100.0))
        self.assertEqual(self.seen(self.idle), (0.0, 0.0))
        in_b = self.seen(self.customer, "manager_ab", self.company_b)
        self.assertEqual(in_b, (9000.0, 9000.0))

    def test_another_sellers_customer_owes_nothing_to_be_seen(self):
        self.assertEqual(self.seen(self.other), (0.0, 0.0))
        self.assertEqual(self.seen(self.other, "seller_all"), (70.0, 70.0))
        for role in ("nobody", "portal"):
            with self.assertRaises(AccessError):
                self.seen(self.customer, role)

    def test_days_late(self):
        seen = self.customer.with_env(self.env_as("seller"))
        self.assertEqual(seen.customer_days_late, 10.0)
        self.assertFalse(self.other.with_env(seen.env).customer_days_late)

    def test_search(self):
        partners = self.env_as("seller_all")["res.partner"]
        ours = [
            (
                "id",
                "in",
                (self.customer | self.contact | self.other | self.idle).ids,
            )
        ]
        for condition, found in (
            (("customer_overdue", ">", 0), "Owes Buyer Other"),
            (("customer_overdue", ">", 70), "Owes Buyer"),
            (("customer_overdue", "=", 0), "Idle"),
            (("customer_overdue", "!=", 0), "Owes Buyer Other"),
            (("customer_overdue", "<=", 70), "Other Idle"),
            (("customer_receivable", "=", 120), "Owes Buyer"),
            (("customer_receivable", "<", 120), "Other Idle"),
            (("customer_receivable", ">=", 0), "Owes Buyer Other Idle"),
        ):
            with self.subTest(condition=condition):
                names = set(partners.search([*ours, condition]).mapped("name"))
                self.assertEqual(names, set(found.split()))
        own = self.env_as("seller")["res.partner"]
        self.assertEqual(
            set(own.search([*ours, ("customer_overdue", ">", 0)]).mapped("name")),
            {"Owes", "Buyer"},
        )

    def test_button_opens_the_items(self):
        env = self.env_as("seller")
        with Form(self.contact.with_env(env)) as form:
            self.assertEqual(form.customer_receivable, 120.0)
        action = self.contact.with_env(env).action_open_customer_receivables()
        items = env[action["res_model"]].search(action["domain"])
        self.assertEqual(sorted(items.mapped("residual")), [-30.0, 50.0, 100.0])

    def test_item_opens_the_entry_or_else_the_customer(self):
        item = self.env["dcrm.receivable"].search(
            [("partner_id", "=", self.customer.id), ("residual", "=", 100.0)]
        )
        opened = item.with_env(self.env_as("seller")).action_open_document()
        self.assertEqual(opened["res_model"], "res.partner")
        self.users["seller"].group_ids |= self.env.ref("account.group_account_invoice")
        opened = item.with_env(self.env_as("seller")).action_open_document()
        self.assertEqual(
            (opened["res_model"], opened["res_id"]), ("account.move", item.move_id.id)
        )


@tagged("post_install", "-at_install")
class TestReceivableCosts(LedgerCase):
    """Screens cost the same number of queries however much is owed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls("days_ago")
        cls.company_a.account_use_credit_limit = True
        cls.customers = cls.env["res.partner"].create(
            [
                {"name": f"Customer {number}", "user_id": cls.users["seller"].id}
                for number in range(60)
            ]
        )
        lines = [("receivable", partner, 100.0) for partner in cls.customers]
        owed = case.entry([*lines, ("other", None, -6000.0)], case.days_ago(40))
        lines = [("receivable", partner, -40.0) for partner in cls.customers]
        paid = case.entry(
            [*lines, ("bank", None, 2400.0)],
            case.days_ago(20),
            journal=case.journal("bank"),
        )
        for partner in cls.customers:
            (owed | paid).line_ids.filtered(
                lambda line, partner=partner: line.partner_id == partner
            ).reconcile()
        cls.env.flush_all()

    def cost(self, model, count, work):
        records = self.env_as("seller")[model]
        field = "id" if model == "res.partner" else "partner_id"
        domain = [(field, "in", self.customers[:count].ids)]
        for _attempt in range(2):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            work(records, domain)
        return self.env.cr.sql_log_count - before

    def assertConstantCost(self, model, work, most=20):
        once, twice = (self.cost(model, count, work) for count in (30, 60))
        self.assertEqual(once, twice, model)
        self.assertLessEqual(twice, most)

    def test_lists(self):
        fields = {
            "dcrm.receivable": {
                "partner_id": NAME,
                "reference": {},
                "residual": {},
                "bucket": {},
                "over_limit": {},
                "user_id": NAME,
            },
            "dcrm.collection": {
                "partner_id": NAME,
                "reference": {},
                "amount": {},
                "days_late": {},
                "payment_method_line_id": NAME,
                "user_id": NAME,
            },
            "res.partner": {
                "name": {},
                "customer_receivable": {},
                "customer_overdue": {},
                "customer_days_late": {},
            },
        }
        for model in fields:

            def read_list(records, domain, names=fields[model]):
                records.web_search_read(domain, names)

            with self.subTest(model):
                self.assertConstantCost(model, read_list)

    def test_groups_and_ageing(self):
        def read_groups(records, domain):
            records.web_read_group(
                domain,
                ["bucket"],
                ["residual:sum"],
                auto_unfold=True,
                unfold_read_specification={"partner_id": NAME, "residual": {}},
            )

        def ageing(records, _domain):
            records.ageing()

        self.assertConstantCost("dcrm.receivable", read_groups)
        self.assertConstantCost("dcrm.receivable", ageing, most=30)
