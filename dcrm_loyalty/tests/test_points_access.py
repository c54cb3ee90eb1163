"""Who may do what with points: model × role × operation, every record, every method."""

from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tests import tagged

from odoo.addons.dcrm_analytics.tests.common_access import (
    ROLES,
    assert_matrix,
    digest,
    models_of,
)

from .common_points_card import PointsCardCase
from .test_points_deferral_access import ACCESS as DEFERRAL

# What each role may do with a model at all, in the order of ROLES; "": nothing.
ACCESS = {
    "dcrm.points.account": ("", "", "", "r", "r", "r", "r"),
    "dcrm.points.move": ("", "", "", "r", "r", "r", "r"),
    "dcrm.points.lot": ("", "", "", "r", "r", "r", "r"),
    "dcrm.points.use": ("", "", "", "r", "r", "r", "r"),
    "dcrm.points.entitlement": ("", "", "", "r", "r", "r", "r"),
    "dcrm.points.disagreement": ("", "", "", "", "", "r", "r"),
    "dcrm.points.request": ("", "", "", "", "", "", "r"),
    "dcrm.points.import": ("", "", "", "", "", "rwcd", "rwcd"),
    "dcrm.points.import.column": ("", "", "", "", "", "rwcd", "rwcd"),
}

# Public methods on points of customers, and arguments to call them with.
METHODS = {
    ("dcrm.club", "action_open_adoption"): (),
    ("dcrm.points.account", "action_open_card"): (),
    ("dcrm.points.account", "action_print_statement"): (),
    ("dcrm.points.account", "action_send_statement"): (),
    ("dcrm.points.account", "post_request"): (1, 1, "earn", 1, "key"),
    ("dcrm.points.move", "action_open_document"): (),
}
# Those on what points defer, and those that lead to lists that show what may be seen.
OTHERS = {
    ("dcrm.points.import", "action_read"),
    ("dcrm.club", "action_open_points"),
    ("dcrm.points.account", "action_open_moves"),
    ("dcrm.points.disagreement", "action_open_account"),
    ("dcrm.points.close", "action_close"),
    ("dcrm.points.closing", "action_open"),
    ("dcrm.points.deferral", "action_open_entries"),
    ("dcrm.points.deferral", "action_open_invoices"),
    ("dcrm.points.deferral", "action_open_moves"),
    ("dcrm.points.deferral.period", "action_open_entry"),
    ("res.partner", "action_open_points"),
}

# Models with records of customers, and the field that leads to the customer.
OF_CUSTOMERS = {
    "dcrm.points.account": "partner_id",
    "dcrm.points.move": "account_id.partner_id",
    "dcrm.points.lot": "account_id.partner_id",
    "dcrm.points.use": "debit_id.account_id.partner_id",
    "dcrm.points.entitlement": "order_id.partner_id.commercial_partner_id",
}
# Whose records each role sees there: customers of the fixture.
VISIBLE = {
    "seller": {"own"},
    "other_seller": {"other"},
    "seller_all": {"own", "other", "nobody's"},
    "analyst": {"own", "other", "nobody's"},
    "manager": {"own", "other", "nobody's"},
    "seller_b": {"far"},
    "manager_ab": {"own", "other", "nobody's", "far"},
}


@tagged("post_install", "-at_install")
class TestPointsAccess(PointsCardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["public"] = cls.env.ref("base.public_user")
        case = cls("points_club")
        cls.customers = {
            "own": case.partner("Own", seller="seller"),
            "other": case.partner("Other", seller="other_seller"),
            "nobody's": case.partner("Nobody's"),
            "far": case.partner("Far", seller="seller_b"),
        }
        cls.here, cls.there = case.points_club(), case.points_club(cls.company_b)
        cls.accounts = {}
        for name, customer in cls.customers.items():
            company = cls.company_b if name == "far" else cls.company_a
            club = cls.there if name == "far" else cls.here
            case.order(customer, 100, company=company)
            account = case.account(club, customer)
            account._post("redeem", -10)
            cls.accounts[name] = account

    def test_matrix_knows_every_model(self):
        models = models_of(self.env, "dcrm_loyalty")
        models = {name for name in models if name.startswith("dcrm.points.")}
        self.assertEqual(models, ({*ACCESS, *DEFERRAL}) - {"dcrm.club"})

    def test_matrix(self):
        assert_matrix(self, ACCESS, ROLES)

    def test_whose_points(self):
        for model, path in OF_CUSTOMERS.items():
            for role, visible in VISIBLE.items():
                with self.subTest(f"{role} searches {model}"):
                    records = self.env_as(role)[model].search([])
                    seen = records.sudo().mapped(path)
                    names = {n for n, each in self.customers.items() if each in seen}
                    self.assertEqual(names, visible)
                    others = self.env[model].search([]) - records
                    self.assertTrue(others or role == "manager_ab")
                    for record in others:
                        with self.assertRaises(AccessError):
                            record.with_env(self.env_as(role)).read(["display_name"])

    def test_of_which_company(self):
        manager = self.env_as("manager_ab", self.company_a)
        for model in OF_CUSTOMERS:
            with self.subTest(model):
                self.assertEqual(manager[model].search([]).company_id, self.company_a)
        for company in self.companies:
            request = {"key": "k", "company_id": company.id}
            self.env["dcrm.points.request"].create(request)
        self.assertEqual(len(manager["dcrm.points.request"].search([])), 1)

    def test_nobody_writes_the_ledger(self):
        """Not even a manager; and what is tried leaves no trace."""
        models = [*OF_CUSTOMERS, "loyalty.card"]
        before = digest(self.env, models)
        for role in VISIBLE:
            env = self.env_as(role)
            for model in OF_CUSTOMERS:
                record = env[model].search([], limit=1)
                for work in (
                    lambda r=record: r.write({"company_id": self.company_b.id}),
                    lambda r=record: r.unlink(),
                    lambda r=record: r.copy(),
                    lambda r=record: r.create({}),
                ):
                    with self.subTest(f"{role} {model}"), self.assertRefusedAnyhow():
                        work()
        self.assertEqual(digest(self.env, models), before)

    def assertRefusedAnyhow(self):
        """An AccessError is a UserError: a sentence of ours may come first."""
        return self.assertRefused("", UserError)

    def test_the_balance_can_not_be_written(self):
        account = self.accounts["own"]
        for role in ("seller", "manager", "sales_manager"):
            env = self.env_as(role)
            for values in (
                {"balance": 5000},
                {"debt": 0},
                {"partner_id": self.customers["other"].id},
                {"card_id": False},
            ):
                with self.assertRefusedAnyhow():
                    account.with_env(env).write(values)
            with self.assertRefused("", UserError):
                account.card_id.with_env(env).points = 5000
        self.assertPoints(account, 90)

    def test_who_may_call_what(self):
        """Every public method on points refuses whoever may not read them."""
        account = self.accounts["own"]
        records = {
            "dcrm.club": self.here,
            "dcrm.points.account": account,
            "dcrm.points.move": account.move_ids[:1],
        }
        for (model, name), arguments in METHODS.items():
            for role in ("public", "portal", "nobody"):
                record = records[model].with_env(self.env_as(role))
                before = digest(self.env, OF_CUSTOMERS)
                with self.subTest(f"{role} calls {model}.{name}"):
                    with self.assertRaises(AccessError):
                        get_public_method(record, name)(record, *arguments)
                    self.assertEqual(digest(self.env, OF_CUSTOMERS), before)

    def test_clubs_that_others_keep(self):
        with self.assertRaises(AccessError):
            self.there.with_env(self.env_as("manager")).action_open_adoption()
