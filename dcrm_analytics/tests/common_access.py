"""Customers of every seller and company, and which role sees which of them."""

from odoo.exceptions import AccessError
from odoo.service.model import get_public_method
from odoo.tools import SQL

from .common_ledger import LedgerCase

ROLES = ("public", "portal", "nobody", "seller", "seller_all", "analyst", "manager")
OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}

# What each role may do with a model at all, in the order of ROLES; "": nothing.
ACCESS = {
    "dcrm.purchase": ("", "", "", "r", "r", "r", "r"),
    "dcrm.purchase.line": ("", "", "", "r", "r", "r", "r"),
    "dcrm.purchase.source": ("", "", "", "r", "r", "r", "r"),
    "dcrm.run": ("", "", "", "r", "r", "r", "r"),
    "dcrm.customer.score": ("", "", "", "r", "r", "r", "r"),
    "dcrm.customer.score.history": ("", "", "", "r", "r", "r", "r"),
    "dcrm.segment.stay": ("", "", "", "r", "r", "r", "r"),
    "dcrm.customer.page": ("", "", "", "r", "r", "r", "r"),
    "dcrm.customer.danger": ("", "", "", "r", "r", "r", "r"),
    "dcrm.customer.lifecycle": ("", "", "", "r", "r", "r", "r"),
    "dcrm.customer.profit": ("", "", "", "r", "r", "r", "r"),
    "dcrm.profit.reconciliation": ("", "", "", "", "", "r", "r"),
    "dcrm.profit.source": ("", "", "", "r", "r", "r", "r"),
    "dcrm.cohort": ("", "", "", "r", "r", "r", "r"),
    "dcrm.matrix.cell": ("", "", "", "r", "r", "r", "rw"),
    "dcrm.customer.spend": ("", "", "", "rwcd", "rwcd", "rwcd", "rwcd"),
    "dcrm.customer.kind": ("", "", "", "r", "r", "r", "r"),
    "dcrm.receivable": ("", "", "", "r", "r", "r", "r"),
    "dcrm.collection": ("", "", "", "r", "r", "r", "r"),
    "dcrm.rfm.cut": ("", "", "", "", "r", "r", "r"),
    "dcrm.rfm.scheme": ("", "", "", "r", "r", "r", "rwcd"),
    "dcrm.segment": ("", "", "", "r", "r", "r", "rwcd"),
    "dcrm.segment.cell": ("", "", "", "r", "r", "r", "rwcd"),
    "dcrm.segment.rule": ("", "", "", "", "", "r", "rwcd"),
    "dcrm.segment.action": ("", "", "", "", "", "r", "rwcd"),
    "dcrm.segment.action.log": ("", "", "", "r", "r", "r", "r"),
    "dcrm.service.level": ("", "", "r", "r", "r", "r", "rwcd"),
    "dcrm.service.level.override": ("", "", "", "r", "r", "r", "r"),
    "dcrm.history.import": ("", "", "", "", "", "rwcd", "rwcd"),
    "dcrm.history.import.column": ("", "", "", "", "", "rwcd", "rwcd"),
}

# Models with a record a customer, and the field that leads to the customer.
OF_CUSTOMERS = {
    "dcrm.purchase": "partner_id",
    "dcrm.purchase.line": "purchase_id.partner_id",
    "dcrm.customer.score": "partner_id",
    "dcrm.customer.score.history": "partner_id",
    "dcrm.segment.stay": "partner_id",
    "dcrm.customer.danger": "partner_id",
    "dcrm.customer.lifecycle": "partner_id",
    "dcrm.segment.action.log": "partner_id",
    "dcrm.service.level.override": "partner_id",
    "dcrm.cohort": "partner_id",
    "dcrm.customer.spend": "partner_id",
    "dcrm.customer.kind": "partner_id",
    "dcrm.customer.profit": "partner_id",
    "dcrm.receivable": "partner_id",
    "dcrm.collection": "partner_id",
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
FIGURES = {
    "dcrm.customer.danger": "purchase_gap",
    "dcrm.purchase": "amount",
    "dcrm.purchase.line": "amount",
    "dcrm.customer.score": "monetary",
    "dcrm.customer.score.history": "monetary",
    "dcrm.cohort": "amount",
    "dcrm.receivable": "residual",
    "dcrm.collection": "amount",
    "dcrm.customer.spend": "amount",
    "dcrm.customer.kind": "amount",
    "dcrm.customer.profit": "profit",
}


def models_of(env, addon):
    """Return the names of the models with records that an addon makes."""
    return {
        name
        for name, cls in env.registry.items()
        if cls._original_module == addon and not cls._abstract
    }


def added_methods(env, addon, files=""):
    """Return {(model, name)} of what an addon adds to what the network may call.

    What overrides a method of the host's is none of it.

    :param files: the beginnings of the names of the files looked at; default: all
    """
    return {
        (model, name)
        for model, cls in env.registry.items()
        for base in cls.__mro__
        if base.__module__.startswith(f"odoo.addons.{addon}.")
        and base.__module__.rpartition(".")[2].startswith(files)
        for name, value in vars(base).items()
        if callable(value) and _is_public(env[model], name) and not _is_host(cls, name)
    }


def _is_public(records, name):
    try:
        return bool(get_public_method(records, name))
    except (AccessError, AttributeError):
        return False


def _is_host(cls, name):
    return any(
        name in vars(base)
        for base in cls.__mro__
        if not base.__module__.startswith("odoo.addons.dcrm_")
    )


def digest(env, models):
    """Return a digest of every row of models."""
    env.flush_all()
    return {
        model: env.execute_query(
            SQL(
                "SELECT md5(string_agg(row::text, '|' ORDER BY id)) FROM %s row",
                SQL.identifier(env[model]._table),
            )
        )
        for model in models
        if env[model]._auto
        if not env[model]._table_query  # what is only read from elsewhere
    }


def assert_matrix(case, access, roles):
    """Assert what each role may do with each model at all.

    :param dict access: of models to the letters of the operations allowed, by role
    """
    for model, rights in access.items():
        for role, allowed in zip(roles, rights, strict=True):
            records = case.env_as(role)[model]
            for letter, operation in OPERATIONS.items():
                with case.subTest(f"{role} {operation} {model}"):
                    case.assertEqual(records.has_access(operation), letter in allowed)


class AccessCase(LedgerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for role, user in cls.users.items():
            if role != "portal":
                user.group_ids |= cls.env.ref("base.group_allow_export")
        cls.users["public"] = cls.env.ref("base.public_user")
        self = cls("make_book")
        self.make_book()
        self.make_dangers()

    def make_book(self):
        """Give each kind of customer purchases of an amount that no other has."""
        cls = type(self)
        self.product.categ_id = self.env["product.category"].create({"name": "Pots"})
        cls.customers = {
            "own": self.partner("Own", seller="seller"),
            "other": self.partner("Other", seller="other_seller"),
            "nobody's": self.partner("Nobody's"),
            "far": self.partner("Far", seller="seller_b"),
        }
        for number, (name, customer) in enumerate(cls.customers.items()):
            company = self.company_b if name == "far" else self.company_a
            purchase = self.purchase(
                customer,
                10 ** (number + 2),
                self.days_ago(3, company),
                company=company,
            )
            self.env.cr.execute(
                SQL(
                    "INSERT INTO dcrm_purchase_line"
                    " (purchase_id, company_id, product, product_id, quantity, amount)"
                    " VALUES (%s, %s, 'Pan', %s, 1, %s)",
                    purchase.id,
                    company.id,
                    self.product.id,
                    purchase.amount,
                )
            )
            self.env["dcrm.service.level.override"]._set(
                company,
                "manual",
                {customer.id: self.env.ref("dcrm_analytics.service_level_premier").id},
            )
            self.make_debt(customer, 10 ** (number + 2), company)
        self.env["dcrm.segment.rule"].create(
            {
                "name": "Nobody",
                "segment_id": self.env.ref("dcrm_analytics.segment_lost").id,
                "domain": "[('id', '=', 0)]",
                "company_id": self.company_a.id,
            }
        )
        self.env["dcrm.segment.action"].create(
            [
                {
                    "segment_id": segment.id,
                    "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
                }
                for segment in self.env["dcrm.segment"].search([])
            ]
        )
        # What was recorded yesterday is looked at, too.
        for company in self.companies:
            company.customer_scoring_today = self.days_ago(1, company)
            self.refresh(company)
            company.customer_scoring_today = False
            self.refresh(company)
            self.env["dcrm.customer.kind"]._renew(company)
        self._enter_spends()

    def make_debt(self, customer, amount, company):
        """Have a customer owe an amount, and pay a tenth of it."""
        day = self.days_ago(3, company)
        debt = self.entry(
            [("receivable", customer, amount), ("other", None, -amount)], day, company
        )
        part = amount / 10
        paid = self.entry(
            [("bank", None, part), ("receivable", customer, -part)],
            day,
            company,
            self.journal("bank", company),
        )
        self.allocate(debt, paid)

    def make_dangers(self):
        """Let each customer have been in danger once."""
        self.env["dcrm.customer.danger"].create(
            [
                {
                    "partner_id": customer.id,
                    "company_id": (
                        self.company_b if name == "far" else self.company_a
                    ).id,
                    "silent_since": self.days_ago(100),
                    "entered_on": self.days_ago(80),
                    "left_on": self.days_ago(3),
                    "purchase_gap": 10 ** (number + 1),
                    "outcome": "bought",
                }
                for number, (name, customer) in enumerate(self.customers.items())
            ]
        )

    def _enter_spends(self):
        """Enter what each kind of customer spends, in its company."""
        for number, customer in enumerate(self.customers.values()):
            score = self.env["dcrm.customer.score"].search(
                [("partner_id", "=", customer.id)]
            )
            self.env["dcrm.customer.spend"].create(
                {
                    "partner_id": customer.id,
                    "company_id": score.company_id.id,
                    "category_id": self.product.categ_id.id,
                    "amount": 3 * 10 ** (number + 2),
                    "date": "2020-01-01",
                }
            )

    def names_of(self, records, path):
        """Return the names in the fixture of the customers of records."""
        customers = records.sudo().mapped(path)
        return {name for name, each in self.customers.items() if each in customers}
