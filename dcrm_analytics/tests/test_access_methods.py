"""What the network may call: every public method is known, and refuses who may not."""

from odoo.api import SUPERUSER_ID
from odoo.exceptions import AccessError
from odoo.service.model import get_public_method

from .common_access import (
    ACCESS,
    OF_CUSTOMERS,
    ROLES,
    VISIBLE,
    AccessCase,
    added_methods,
    digest,
)

OURS = "dcrm_analytics"

# Every public method that the addon adds, with whom the host must refuse: the least
# role that may call it.
METHODS = {
    # First, for a refresh takes the fixture's back: no purchase tells of them.
    ("dcrm.customer.danger", "action_open_partner"): "seller",
    ("dcrm.audit", "run"): "manager",
    ("dcrm.customer.score", "refresh"): "analyst",
    ("dcrm.customer.score", "replay"): "analyst",
    ("dcrm.customer.score", "replay_worth"): "analyst",
    ("dcrm.cohort", "action_open_purchase"): "seller",
    ("dcrm.cohort", "table"): "seller",
    ("dcrm.customer.kind", "action_open_partner"): "seller",
    ("dcrm.customer.profit", "action_open_document"): "seller",
    ("dcrm.customer.profit", "concentration"): "seller",
    ("dcrm.customer.profit", "statement"): "seller",
    # The ledger of the whole company.
    ("dcrm.customer.profit", "reconcile"): "analyst",
    ("dcrm.customer.score", "customer_share"): "seller",
    ("dcrm.customer.score", "invest_matrix"): "seller",
    ("dcrm.customer.score", "lost_matrix"): "seller",
    ("dcrm.customer.score", "danger_by_value"): "seller",
    ("dcrm.customer.lifecycle", "action_open_partner"): "seller",
    ("dcrm.customer.lifecycle", "flows"): "seller",
    ("dcrm.customer.score", "action_refresh_now"): "analyst",
    ("dcrm.customer.score", "start_refresh"): "analyst",
    ("dcrm.customer.score", "start_scoring"): "manager",
    ("dcrm.customer.score", "rfm_grid"): "seller",
    ("dcrm.customer.score", "rfm_cell_customers"): "seller",
    ("dcrm.customer.score", "rfm_segment_customers"): "seller",
    ("dcrm.customer.score", "explain"): "seller",
    ("dcrm.customer.score", "customer_value"): "seller",
    ("dcrm.customer.score", "action_open_partner"): "seller",
    ("dcrm.customer.score", "action_open_explanation"): "seller",
    ("dcrm.customer.score", "action_open_purchases"): "seller",
    ("dcrm.customer.score.history", "action_open_partner"): "seller",
    ("dcrm.segment.stay", "action_open_partner"): "seller",
    ("dcrm.customer.page", "page"): "seller",
    ("dcrm.dashboard", "section"): "seller",
    ("dcrm.dashboard", "sections"): "seller",
    ("dcrm.scorecard", "figures"): "seller",
    ("dcrm.receivable", "ageing"): "seller",
    ("dcrm.receivable", "days_late"): "seller",
    ("dcrm.receivable", "action_open_document"): "seller",
    ("dcrm.collection", "action_open_document"): "seller",
    ("dcrm.history.import", "action_read"): "analyst",
    ("dcrm.history.import", "action_back"): "analyst",
    ("dcrm.history.import", "action_start"): "analyst",
    ("dcrm.rfm.scheme", "write_grid"): "manager",
    ("dcrm.rfm.scheme", "action_default_grid"): "manager",
    ("dcrm.run", "action_cancel"): "analyst",
    ("dcrm.segment", "action_open_customers"): "seller",
    ("dcrm.segment.stay", "flows"): "seller",
    ("dcrm.segment.stay", "flow_screen"): "seller",
    ("dcrm.segment.rule", "action_open_customers"): "analyst",
    ("dcrm.segment.rule", "preview"): "manager",
    ("dcrm.segment.rule", "preview_customers"): "manager",
    ("dcrm.segment.action.log", "action_open_partner"): "seller",
    ("dcrm.segment.action.log", "action_retry"): "manager",
    ("dcrm.service.level", "action_open_customers"): "nobody",
    ("res.partner", "action_open_customer_score"): "seller",
    ("res.partner", "action_open_customer_page"): "seller",
    # Lead to a list, which refuses or shows what may be seen.
    ("res.partner", "action_open_customer_receivables"): "nobody",
    ("res.partner", "action_open_customer_purchases"): "nobody",
    ("res.partner", "action_reassign_purchases"): "analyst",
}
# Of whoever is in view: these are called on no record.
OF_ALL = {
    "ageing",
    "concentration",
    "danger_by_value",
    "days_late",
    "flow_screen",
    "flows",
    "invest_matrix",
    "lost_matrix",
    "rfm_cell_customers",
    "rfm_grid",
    "rfm_segment_customers",
    "statement",
    "table",
}


class TestAccessMethods(AccessCase):
    """Public methods are what the network may call: each is known and refuses."""

    def call(self, role, model, name, records):
        """Call a method as the network does, for a role."""
        records = records.with_env(self.env_as(role))
        method = get_public_method(records, name)
        arguments, options = self.arguments_of(name)
        return method(records, *arguments, **options)

    def arguments_of(self, name):
        """Return what a method is called with: its arguments, its options."""
        if name == "page":
            return (self.customers["own"].id,), {}
        if name == "rfm_cell_customers":
            return (5, 5), {"as_of": self.days_ago(1)}
        if name == "rfm_segment_customers":
            lost = self.env.ref("dcrm_analytics.segment_lost")
            return (lost.id,), {"as_of": self.days_ago(1)}
        if name == "write_grid":
            lost = self.env.ref("dcrm_analytics.segment_lost")
            cell = {"recency_class": 5, "frequency_class": 5, "segment_id": lost.id}
            return ([cell],), {}
        if name in ("preview", "preview_customers"):
            lost = self.env.ref("dcrm_analytics.segment_lost")
            values = {"segment_id": lost.id, "domain": "[]", "active": True}
            return (values, None, False, lost.id)[: 1 if name == "preview" else 4], {}
        if name == "section":
            return ("scorecard",), {}
        if name == "days_late":
            return (self.customers["own"].ids,), {}
        return (), {}

    def records_for(self, model):
        """Return a record of a customer that every seller's role may read."""
        if model == "res.partner":
            return self.customers["own"]
        if model == "dcrm.customer.score":
            return self.score_of(self.customers["own"])
        if OF_CUSTOMERS.get(model) == "partner_id":
            own = [("partner_id", "=", self.customers["own"].id)]
            return self.env[model].search(own, limit=1)
        if model == "dcrm.history.import":
            return self.env[model].create({"company_id": self.company_a.id})
        if model == "dcrm.run":
            return self.env["dcrm.run"]._start("refresh", self.company_a)
        if self.env[model]._abstract:
            return self.env[model]
        return self.env[model].search([], limit=1)

    def digest(self):
        """Return a digest of every row that the addon keeps, and of the partners."""
        return digest(self.env, [*ACCESS, "res.partner"])

    def test_every_public_method_is_known(self):
        # A model that another addon makes of one of these is in that addon's tests.
        methods = {
            (model, name)
            for model, name in added_methods(self.env, OURS)
            if self.env[model]._original_module == OURS
            or not self.env[model]._original_module.startswith("dcrm_")
        }
        self.assertEqual(methods, set(METHODS))

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
        other = [("partner_id", "=", self.customers["other"].id)]
        for (model, name), least in METHODS.items():
            if least != "seller" or model not in OF_CUSTOMERS or name in OF_ALL:
                continue
            record = self.env[model].search(other, limit=1)
            with self.subTest(f"{model}.{name}"):
                self.assertTrue(record)
                with self.assertRaises(AccessError):
                    self.call("seller", model, name, record)

    def test_what_tells_of_all_tells_of_who_may_be_seen(self):
        """Every figure over customers is over those that the rules let one see."""
        for role, visible in VISIBLE.items():
            company = self.users[role].company_id
            here = visible & (
                {"far"} if company == self.company_b else VISIBLE["manager"]
            )
            ids = {self.customers[name].id for name in here}
            env = self.env_as(role)
            scores, profit = env["dcrm.customer.score"], env["dcrm.customer.profit"]
            every = [customer.id for customer in self.customers.values()]
            with self.subTest(role):
                self.assertEqual(set(profit.statement()["partner_id"]), ids)
                self.assertEqual(profit.concentration()["customers"], len(ids))
                self.assertEqual(env["dcrm.cohort"].table()["customers"], len(ids))
                self.assertEqual(
                    env["dcrm.receivable"].ageing()["total"]["customers"], len(ids)
                )
                self.assertLessEqual(set(env["dcrm.receivable"].days_late(every)), ids)
                for table in (
                    scores.danger_by_value()["cells"],
                    scores.lost_matrix()["cells"],
                    scores.invest_matrix()["cells"],
                    env["dcrm.segment.stay"].flows(),
                    env["dcrm.customer.lifecycle"].flows(),
                ):
                    self.assertEqual(sum(each["customers"] for each in table), len(ids))

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
            scores = self.env_as(role)["dcrm.customer.score"]
            for kind, day in (
                ("live", None),
                ("recorded", self.days_ago(1, company)),
            ):
                grid = scores.rfm_grid([], as_of=day)
                with self.subTest(f"{role} {kind}"):
                    self.assertEqual(grid["as_of_kind"], kind)
                    self.assertEqual(grid["customers"], len(here))
                    self.assertEqual(
                        grid["monetary"],
                        sum(
                            self.score_of(self.customers[name], company).monetary
                            for name in here
                        ),
                    )

    def test_cells_lead_to_who_may_be_seen(self):
        for role, visible in VISIBLE.items():
            company = self.users[role].company_id
            day = self.days_ago(1, company)
            scores = self.env_as(role)["dcrm.customer.score"]
            found = [
                partner_id
                for cell in scores.rfm_grid([], as_of=day)["cells"]
                for partner_id in scores.rfm_cell_customers(
                    cell["recency_class"], cell["frequency_class"], as_of=day
                )
            ]
            here = visible & (
                {"far"} if company == self.company_b else VISIBLE["manager"]
            )
            with self.subTest(role):
                self.assertEqual(
                    sorted(found), sorted(self.customers[name].id for name in here)
                )

    def test_another_company(self):
        """Analysts work in their companies; naming another is refused."""
        env = self.env_as("analyst")
        scores, profit = env["dcrm.customer.score"], env["dcrm.customer.profit"]
        there = {"company_id": self.company_b.id}
        for call in (
            lambda: scores.danger_by_value(there),
            lambda: scores.lost_matrix(there),
            lambda: scores.invest_matrix(there),
            lambda: scores.replay_worth(self.company_b),
            lambda: profit.concentration(there),
            lambda: profit.statement(self.company_b.id),
            lambda: profit.reconcile(self.company_b.id),
            lambda: env["dcrm.cohort"].table(there),
            lambda: env["dcrm.customer.lifecycle"].flows(there),
            lambda: env["dcrm.segment.stay"].flows(there),
            lambda: env["dcrm.segment.stay"].flow_screen(there),
            lambda: env["dcrm.receivable"].ageing(there),
            lambda: env["dcrm.receivable"].days_late([], **there),
            lambda: env["dcrm.dashboard"].sections(there),
            lambda: env["dcrm.dashboard"].section("scorecard", there),
            lambda: env["dcrm.scorecard"].figures(there),
            lambda: scores.refresh(self.company_b),
            lambda: scores.refresh(self.company_b.id),
            lambda: scores.refresh(self.company_b, as_of=self.days_ago(1)),
            lambda: scores.replay(self.company_b, as_of=self.days_ago(1)),
            lambda: scores.rfm_grid([], company_id=self.company_b.id),
            lambda: scores.rfm_cell_customers(
                5, 5, as_of=self.days_ago(1), company_id=self.company_b.id
            ),
            lambda: scores.rfm_segment_customers(
                1, as_of=self.days_ago(1), company_id=self.company_b.id
            ),
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
