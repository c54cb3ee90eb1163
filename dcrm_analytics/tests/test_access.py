"""Who may do what: every model × role × operation, every record, every public method.

The matrices are declarations; a model or a public method that they do not know fails.
"""

from odoo.api import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tools import SQL

from .common import DcrmCase

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
    "dcrm.rfm.cut": ("", "", "", "r", "r", "r", "r"),
    "dcrm.rfm.scheme": ("", "", "", "r", "r", "r", "rwcd"),
    "dcrm.segment": ("", "", "", "r", "r", "r", "rwcd"),
    "dcrm.segment.cell": ("", "", "", "r", "r", "r", "rwcd"),
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
    "dcrm.purchase": "amount",
    "dcrm.purchase.line": "amount",
    "dcrm.customer.score": "monetary",
    "dcrm.customer.score.history": "monetary",
}

# Every public method that the addon adds, with whom the host must refuse: the least
# role that may call it.
METHODS = {
    ("dcrm.audit", "run"): "manager",
    ("dcrm.customer.score", "refresh"): "analyst",
    ("dcrm.customer.score", "replay"): "analyst",
    ("dcrm.customer.score", "action_refresh_now"): "analyst",
    ("dcrm.customer.score", "start_refresh"): "analyst",
    ("dcrm.customer.score", "start_scoring"): "manager",
    ("dcrm.customer.score", "rfm_grid"): "seller",
    ("dcrm.customer.score", "explain"): "seller",
    ("dcrm.customer.score", "customer_value"): "seller",
    ("dcrm.customer.score", "action_open_partner"): "seller",
    ("dcrm.customer.score", "action_open_explanation"): "seller",
    ("dcrm.customer.score", "action_open_purchases"): "seller",
    ("dcrm.history.import", "action_read"): "analyst",
    ("dcrm.history.import", "action_back"): "analyst",
    ("dcrm.history.import", "action_start"): "analyst",
    ("dcrm.rfm.scheme", "write_grid"): "manager",
    ("dcrm.rfm.scheme", "action_default_grid"): "manager",
    ("dcrm.run", "action_cancel"): "analyst",
    ("dcrm.segment", "action_open_customers"): "seller",
    ("res.partner", "action_open_customer_score"): "seller",
    # Leads to a list, which refuses or shows what may be seen.
    ("res.partner", "action_open_customer_purchases"): "nobody",
    ("res.partner", "action_reassign_purchases"): "analyst",
}


class AccessCase(DcrmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for role, user in cls.users.items():
            if role != "portal":
                user.group_ids |= cls.env.ref("base.group_allow_export")
        cls.users["public"] = cls.env.ref("base.public_user")
        self = cls("make_book")
        self.make_book()

    def make_book(self):
        """Give each kind of customer purchases of an amount that no other has."""
        cls = type(self)
        cls.customers = {
            "own": self.partner("Own", seller="seller"),
            "other": self.partner("Other", seller="other_seller"),
            "nobody's": self.partner("Nobody's"),
            "far": self.partner("Far", seller="seller_b"),
        }
        for number, (name, customer) in enumerate(cls.customers.items()):
            company = self.company_b if name == "far" else self.company_a
            purchase = self.purchase(customer, 10 ** (number + 2), company=company)
            self.env.cr.execute(
                SQL(
                    "INSERT INTO dcrm_purchase_line"
                    " (purchase_id, company_id, product, quantity, amount)"
                    " VALUES (%s, %s, 'Pan', 1, %s)",
                    purchase.id,
                    company.id,
                    purchase.amount,
                )
            )
        self.refresh(self.company_a, self.company_b)

    def names_of(self, records, path):
        """Return the names in the fixture of the customers of records."""
        customers = records.sudo().mapped(path)
        return {name for name, each in self.customers.items() if each in customers}


class TestAccessMatrix(AccessCase):
    def test_matrix_knows_every_model(self):
        models = {
            name
            for name in self.env.registry
            if name.startswith("dcrm.") and not self.env[name]._abstract
        }
        self.assertEqual(models, set(ACCESS))

    def test_matrix(self):
        for model, rights in ACCESS.items():
            for role, allowed in zip(ROLES, rights, strict=True):
                records = self.env_as(role)[model]
                for letter, operation in OPERATIONS.items():
                    with self.subTest(f"{role} {operation} {model}"):
                        self.assertEqual(
                            records.has_access(operation), letter in allowed
                        )

    def test_nothing_that_only_sql_writes_can_be_written(self):
        """Not even a manager edits facts and scores, one by one or by import."""
        self.env["dcrm.run"]._start("refresh", self.company_a)
        for model, rights in ACCESS.items():
            if rights[-1] != "r":
                continue
            env = self.env_as("manager")
            record = env[model].search([], limit=1)
            self.assertTrue(record, model)
            with self.subTest(model):
                with self.assertRaises(AccessError):
                    record.write({"company_id": self.company_b.id})
                with self.assertRaises(AccessError):
                    record.unlink()
                with self.assertRaises(AccessError):
                    env[model].create({})

    def test_managers_edit_what_is_data(self):
        env = self.env_as("manager")
        segment = env["dcrm.segment"].create({"name": "Hotels"})
        segment.unlink()
        scheme = env["dcrm.rfm.scheme"].create(
            {"name": "By hand", "company_id": self.company_a.id}
        )
        self.assertEqual(len(scheme.cell_ids), 125)
        scheme.window_days = 365
        scheme.unlink()


class TestAccessRecords(AccessCase):
    def test_search(self):
        for role, visible in VISIBLE.items():
            for model, path in OF_CUSTOMERS.items():
                with self.subTest(f"{role} searches {model}"):
                    records = self.env_as(role)[model].search([])
                    self.assertEqual(self.names_of(records, path), visible)
                    self.assertEqual(
                        self.env_as(role)[model].search_count([]), len(records)
                    )

    def test_read_by_id(self):
        for role, visible in VISIBLE.items():
            for model, path in OF_CUSTOMERS.items():
                for record in self.env[model].search([]):
                    seen = record.with_env(self.env_as(role))
                    name = self.names_of(record, path)
                    with self.subTest(f"{role} reads {model} of {name}"):
                        self.assertEqual(seen.has_access("read"), name <= visible)
                        if not name <= visible:
                            with self.assertRaises(AccessError):
                                seen.read(["display_name"])

    def test_sums(self):
        """No grouping, pivot or total adds up what the user does not see."""
        for role, visible in VISIBLE.items():
            for model, figure in FIGURES.items():
                records = self.env[model].search([])
                expected = sum(
                    record[figure]
                    for record in records
                    if self.names_of(record, OF_CUSTOMERS[model]) <= visible
                )
                seen = self.env_as(role)[model]
                with self.subTest(f"{role} sums {model}"):
                    [[total]] = seen._read_group([], [], [f"{figure}:sum"])
                    self.assertEqual(total, expected)
                    groups = seen.formatted_read_group(
                        [], ["company_id"], [f"{figure}:sum"]
                    )
                    self.assertEqual(
                        sum(group[f"{figure}:sum"] for group in groups), expected
                    )

    def test_export(self):
        for role, visible in VISIBLE.items():
            for model, figure in FIGURES.items():
                records = self.env[model].search([])
                hidden = records.filtered(
                    lambda record, path=OF_CUSTOMERS[model], seen=visible: (
                        not self.names_of(record, path) <= seen
                    )
                )
                seen = self.env_as(role)[model]
                with self.subTest(f"{role} exports {model}"):
                    seen.search([]).export_data([figure])
                    if hidden:
                        with self.assertRaises(AccessError):
                            hidden.with_env(seen.env).export_data([figure])

    def test_name_search(self):
        for role, visible in VISIBLE.items():
            scores = self.env_as(role)["dcrm.customer.score"]
            found = [name for _id, name in scores.name_search("")]
            self.assertEqual(
                sorted(found),
                sorted(self.customers[name].name for name in visible),
            )

    def test_roles_without_access_find_nothing_in_any_way(self):
        for role in ("public", "portal", "nobody"):
            for model in OF_CUSTOMERS:
                records = self.env_as(role)[model]
                calls = {
                    "search": lambda records=records: records.search([]),
                    "count": lambda records=records: records.search_count([]),
                    "group": lambda records=records: records.formatted_read_group(
                        [], [], ["__count"]
                    ),
                    "names": lambda records=records: records.name_search(""),
                    "read": lambda records=records, model=model: records.browse(
                        self.env[model].search([]).ids
                    ).read(["id"]),
                    "export": lambda records=records, model=model: records.browse(
                        self.env[model].search([]).ids
                    ).export_data(["display_name"]),
                }
                for how, call in calls.items():
                    # Outsiders may not export anything at all, says the host.
                    refusal = UserError if how == "export" else AccessError
                    with self.subTest(f"{role} {how} {model}"):
                        self.assertRaises(refusal, call)

    def test_own_document_of_another_sellers_customer(self):
        """A seller sees the documents in their own name, and not the score."""
        order = self.order(self.customers["other"], 77, user_id=self.users["seller"].id)
        self.refresh()
        env = self.env_as("seller")
        found = env["dcrm.purchase"].search(
            [("partner_id", "=", self.customers["other"].id)]
        )
        self.assertEqual(found.order_id.id, order.id)
        self.assertNotIn(
            self.customers["other"].id,
            env["dcrm.customer.score"].search([]).sudo().partner_id.ids,
        )

    def test_company_out_of_the_switch(self):
        """Who may work in both companies sees those that are switched on."""
        scores = self.env_as("manager_ab", self.company_a)["dcrm.customer.score"]
        self.assertEqual(
            self.names_of(scores.search([]), "partner_id"), VISIBLE["manager"]
        )

    def test_scheme_and_segment_of_another_company(self):
        scheme = self.env["dcrm.rfm.scheme"].create(
            {"name": "Far scheme", "company_id": self.company_b.id}
        )
        segment = self.env["dcrm.segment"].create(
            {"name": "Far segment", "company_id": self.company_b.id}
        )
        for record in (scheme, scheme.cell_ids[:1], segment):
            seen = record.with_env(self.env_as("manager"))
            with self.subTest(record._name):
                self.assertFalse(seen.search([("id", "=", record.id)]))
                self.assertRaises(AccessError, seen.read, ["display_name"])
                self.assertRaises(AccessError, seen.unlink)


class TestAccessPartner(AccessCase):
    """The partner's fields show what the score's rules allow, and not more."""

    FIELDS = (
        "rfm_recency",
        "rfm_frequency",
        "rfm_monetary",
        "rfm_score",
        "customer_segment_id",
        "value_class",
    )

    def partners(self, role):
        ids = [partner.id for partner in self.customers.values()]
        return self.env_as(role)["res.partner"].browse(ids)

    def test_read_and_export(self):
        for role, visible in VISIBLE.items():
            if role == "manager_ab":
                visible = visible - {"far"}  # the fields are of one company
            shown = self.partners(role).with_company(self.users[role].company_id)
            rows = shown.export_data(["name", "rfm_monetary"])["datas"]
            expected = [
                self.score_of(
                    partner, self.company_b if name == "far" else self.company_a
                ).monetary
                if name in visible
                else 0
                for name, partner in self.customers.items()
            ]
            with self.subTest(role):
                self.assertEqual([float(value or 0) for _name, value in rows], expected)
                self.assertEqual(shown.mapped("rfm_monetary"), expected)

    def test_search_and_group(self):
        for role, visible in VISIBLE.items():
            if role == "manager_ab":
                visible = visible - {"far"}
            domain = [("id", "in", self.partners(role).ids)]
            partners = self.env_as(role)["res.partner"].with_company(
                self.users[role].company_id
            )
            found = partners.search([*domain, ("rfm_monetary", ">", 0)])
            with self.subTest(role):
                self.assertEqual(self.names_of(found, "id and self"), visible)
                groups = partners._read_group(
                    [*domain], ["value_class"], ["__count", "rfm_monetary:sum"]
                )
                self.assertEqual(
                    sum(count for value, count, _sum in groups if value), len(visible)
                )

    def names_of(self, records, path):
        if path == "id and self":
            ids = set(records.ids)
            return {name for name, each in self.customers.items() if each.id in ids}
        return super().names_of(records, path)

    def test_order_tells_nothing(self):
        """Sorting by a figure that is hidden sorts as if it were not there."""
        ids = [self.customers[name].id for name in ("other", "nobody's", "own", "far")]
        partners = self.env_as("seller")["res.partner"]
        found = partners.search([("id", "in", ids)], order="rfm_monetary desc, id")
        self.assertEqual(
            self.names_of(found[0], "id and self"), {"own"}, "the only one in view"
        )
        self.assertEqual(found[1:].ids, sorted(set(ids) - {self.customers["own"].id}))

    def test_roles_without_access_meet_the_hosts_error(self):
        for role in ("public", "portal", "nobody"):
            for name in self.FIELDS:
                partners = self.env_as(role)["res.partner"]
                own = partners.browse(self.users[role].partner_id.id)
                calls = {
                    "read": lambda own=own, name=name: own.read([name]),
                    "search": lambda partners=partners, name=name: partners.search(
                        [(name, "!=", False)]
                    ),
                    "sort": lambda partners=partners, name=name: partners.search(
                        [], order=f"{name} desc"
                    ),
                    "group": lambda partners=partners, name=name: (
                        partners.formatted_read_group([], [name], ["__count"])
                    ),
                    "export": lambda own=own, name=name: own.export_data([name]),
                }
                for how, call in calls.items():
                    refusal = UserError if how == "export" else AccessError
                    with self.subTest(f"{role} {how} {name}"):
                        self.assertRaises(refusal, call)

    def test_fields_are_unknown_to_roles_without_access(self):
        for role in ("portal", "nobody"):
            known = self.env_as(role)["res.partner"].fields_get()
            self.assertFalse(set(self.FIELDS) & set(known))


class TestAccessMethods(AccessCase):
    """Public methods are what the network may call: each is known and refuses."""

    def added_methods(self):
        """Return {(model, name)} of the public methods that our addons add."""
        return {
            (model, name)
            for model, cls in self.env.registry.items()
            for base in cls.__mro__
            if base.__module__.startswith("odoo.addons.dcrm_analytics.")
            for name, value in vars(base).items()
            if callable(value)
            and self.is_public(model, name)
            and not self.is_of_host(cls, name)
        }

    def is_public(self, model, name):
        try:
            return bool(get_public_method(self.env[model], name))
        except (AccessError, AttributeError):
            return False

    def is_of_host(self, cls, name):
        return any(
            name in vars(base)
            for base in cls.__mro__
            if not base.__module__.startswith("odoo.addons.dcrm_")
        )

    def call(self, role, model, name, records):
        """Call a method as the network does, for a role."""
        records = records.with_env(self.env_as(role))
        method = get_public_method(records, name)
        return method(records, *self.arguments_of(name))

    def arguments_of(self, name):
        if name != "write_grid":
            return ()
        lost = self.env.ref("dcrm_analytics.segment_lost")
        return ([{"recency_class": 5, "frequency_class": 5, "segment_id": lost.id}],)

    def records_for(self, model):
        """Return a record of a customer that every seller's role may read."""
        if model == "res.partner":
            return self.customers["own"]
        if model == "dcrm.customer.score":
            return self.score_of(self.customers["own"])
        if model == "dcrm.history.import":
            return self.env[model].create({"company_id": self.company_a.id})
        if model == "dcrm.run":
            return self.env["dcrm.run"]._start("refresh", self.company_a)
        if model == "dcrm.audit":
            return self.env[model]
        return self.env[model].search([], limit=1)

    def digest(self):
        """Return a digest of every row that the addon keeps, and of the partners."""
        self.env.flush_all()
        tables = [self.env[model]._table for model in ACCESS] + ["res_partner"]
        return {
            table: self.env.execute_query(
                SQL(
                    "SELECT md5(string_agg(row::text, '|' ORDER BY id)) FROM %s row",
                    SQL.identifier(table),
                )
            )
            for table in tables
        }

    def test_every_public_method_is_known(self):
        self.assertEqual(self.added_methods(), set(METHODS))

    def test_who_may_call_what(self):
        for role in ("analyst", "manager"):  # who also edit contacts, as most do
            self.users[role].group_ids |= self.env.ref("base.group_partner_manager")
        for (model, name), least in METHODS.items():
            records = self.records_for(model)
            for role in ROLES:
                # The wizard is of who opened it: not even a manager takes it over.
                may = (
                    ROLES.index(role) >= ROLES.index(least)
                    and model != "dcrm.history.import"
                )
                with self.subTest(f"{role} calls {model}.{name}"):
                    if may:
                        self.call(role, model, name, records)
                    else:
                        before = self.digest()
                        with self.assertRaises(AccessError):
                            self.call(role, model, name, records)
                        self.assertEqual(self.digest(), before)

    def test_another_sellers_customer(self):
        """What a seller may do with their customer they may not with another's."""
        score = self.score_of(self.customers["other"])
        for (model, name), least in METHODS.items():
            if model == "dcrm.customer.score" and least == "seller":
                if name == "rfm_grid":
                    continue
                with self.subTest(name), self.assertRaises(AccessError):
                    self.call("seller", model, name, score)

    def test_smart_buttons_open_what_may_be_seen(self):
        for role, visible in VISIBLE.items():
            for name, partner in self.customers.items():
                env = self.env_as(role)
                action = partner.with_env(env).action_open_customer_purchases()
                found = env[action["res_model"]].search(action["domain"])
                with self.subTest(f"{role} opens purchases of {name}"):
                    self.assertEqual(bool(found), name in visible)

    def test_grid_counts_what_may_be_seen(self):
        for role, visible in VISIBLE.items():
            company = self.users[role].company_id
            here = visible & (
                {"far"} if company == self.company_b else VISIBLE["manager"]
            )
            grid = self.env_as(role)["dcrm.customer.score"].rfm_grid([])
            with self.subTest(role):
                self.assertEqual(
                    sum(cell["customers"] for cell in grid["cells"]), len(here)
                )
                self.assertEqual(
                    sum(cell["monetary"] for cell in grid["cells"]),
                    sum(
                        self.score_of(self.customers[name], company).monetary
                        for name in here
                    ),
                )

    def test_another_company(self):
        """Analysts work in their companies; naming another is refused."""
        scores = self.env_as("analyst")["dcrm.customer.score"]
        for call in (
            lambda: scores.refresh(self.company_b),
            lambda: scores.refresh(self.company_b.id),
            lambda: scores.refresh(self.company_b, as_of=self.days_ago(1)),
            lambda: scores.replay(self.company_b, as_of=self.days_ago(1)),
            lambda: scores.rfm_grid([], company_id=self.company_b.id),
        ):
            self.assertRaises(AccessError, call)

    def test_forged_environment(self):
        """Allowing oneself a company by the context does not help."""
        env = self.env(
            user=self.users["analyst"].id,
            context={"allowed_company_ids": self.companies.ids},
        )
        with self.assertRaises(AccessError):
            env["dcrm.customer.score"].refresh(self.company_b)
        self.assertNotEqual(env.uid, SUPERUSER_ID)

    def test_reassigning_needs_the_right_to_edit_contacts(self):
        contact = self.partner(parent_id=self.customers["own"].id)
        with self.assertRaises(AccessError):
            contact.with_env(self.env_as("analyst")).action_reassign_purchases()
