"""One timeline a customer: by channel and person, as fast with 10,000 entries."""

from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.tests import tagged

from .common_interaction import InteractionCase

MANY = 10_000


@tagged("post_install", "-at_install")
class TestTimeline(InteractionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bistro.user_id = cls.users["seller"]

    def timeline(self, role="agent", customer=None):
        """Return the domain, view and model of a customer's timeline."""
        env = self.env_as(role)
        action = (customer or self.bistro).with_env(env).action_open_interactions()
        [view_id] = [id_ for id_, kind in action["views"] if kind == "kanban"]
        model = env["dcrm.interaction"].with_context(**action["context"])
        return action["domain"], model.get_view(view_id, "kanban"), model

    def specification(self, view, model):
        """Return what the view reads of each entry."""
        relations = {"many2one", "many2one_reference"}
        return {
            name: {"fields": {"display_name": {}}}
            if model._fields[name].type in relations
            else {}
            for name in {
                node.get("name")
                for node in etree.fromstring(view["arch"]).iter("field")
            }
        }

    def fill(self, count):
        now = fields.Datetime.now()
        root = self.env.ref("base.user_root")
        self.env["dcrm.interaction"].with_user(root).create(
            [
                {
                    "subject": f"Talk {number}",
                    "partner_id": (self.jan if number % 2 else self.mia).id,
                    "channel": ("phone", "email", "visit")[number % 3],
                    "date": now - timedelta(hours=number),
                    "user_id": self.users["agent" if number % 2 else "nobody"].id,
                    "company_id": self.company_a.id,
                    "mood": "4",
                    "promise_ids": [(0, 0, {"name": "x"})] if number < 3 else [],
                }
                for number in range(count)
            ]
        )
        self.env.flush_all()

    def page(self, role="agent"):
        """Return what the browser asks for, and how many queries that takes."""
        domain, view, model = self.timeline(role)
        specification = self.specification(view, model)
        limit = int(etree.fromstring(view["arch"]).get("limit"))
        for _attempt in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = model.web_search_read(
                domain, specification, limit=limit, order="date desc, id desc"
            )
            panel = {
                name: model.search_panel_select_multi_range(
                    name, search_domain=domain, enable_counters=True
                )["values"]
                for name in ("channel", "partner_id", "user_id")
            }
        return found, panel, self.env.cr.sql_log_count - before

    def test_the_same_queries_for_ten_and_for_many(self):
        self.fill(10)
        costs = {role: self.page(role)[2] for role in ("agent", "seller")}
        self.fill(MANY - 10)
        for role, cost in costs.items():
            with self.subTest(role):
                found, panel, many = self.page(role)
                # But for the one that counts what is not on the first page.
                self.assertEqual(many, cost + 1)
                self.assertLessEqual(many, 15)
                self.assertEqual(len(found["records"]), 40, "a page of them")
                self.assertEqual(found["length"], MANY)
                self.assertEqual(
                    {
                        each["display_name"]: each["__count"]
                        for each in panel["channel"]
                    },
                    {"Phone": 3334, "E-mail": 3333, "Visit": 3333},
                )

    def test_by_channel_and_person(self):
        self.fill(12)
        domain, _view, model = self.timeline("seller")
        _found, panel, _cost = self.page("seller")
        self.assertEqual(
            {each["id"] for each in panel["partner_id"]}, set((self.jan | self.mia).ids)
        )
        talks = model.search(
            [*domain, ("channel", "=", "visit"), ("partner_id", "=", self.jan.id)]
        )
        self.assertEqual(set(talks.mapped("subject")), {"Talk 5", "Talk 11"})

    def test_of_the_whole_customer_and_of_nobody_else(self):
        self.fill(2)
        self.log(partner=self.leo)
        for each in (self.bistro, self.jan):
            domain, _view, model = self.timeline("seller", each)
            self.assertEqual(model.search(domain).commercial_partner_id, self.bistro)
        domain, _view, model = self.timeline("other_seller")
        self.assertFalse(model.search(domain), "not their customer")

    def test_page_of_the_customer_leads_to_it(self):
        self.fill(9)
        page = self.env_as("seller")["dcrm.customer.page"].page(self.bistro.id)
        [section] = [each for each in page["sections"] if each["key"] == "contacts"]
        [block] = section["blocks"]
        action = block["more"]
        model = self.env_as("seller")[action["res_model"]]
        self.assertEqual(len(model.search(action["domain"])), 9)
        self.assertEqual(action["views"][0][1], "kanban")

    def test_mood_and_links_are_told(self):
        self.fill(1)
        order = self.order(self.jan, 10)
        self.users["agent"].group_ids += self.env.ref(
            "sales_team.group_sale_salesman_all_leads"
        )
        self.log("agent", mood="1", learned="Closes down", order_id=order.id)
        found, _panel, _cost = self.page()
        first = found["records"][0]
        self.assertEqual((first["mood"], first["learned"]), ("1", "Closes down"))
        self.assertEqual(found["records"][1]["promise_state"], "open")
