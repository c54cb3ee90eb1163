"""What screens of tickets show and cost, and who sees which tickets."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_sla import SlaCase

LIST = {
    name: {}
    for name in (
        "number",
        "name",
        "next_deadline",
        "next_at_risk_at",
        "deadline_text",
        "is_late",
        "sla_state",
        "priority",
    )
} | {
    name: {"fields": {"display_name": {}}}
    for name in (
        "commercial_partner_id",
        "service_level_id",
        "kind_id",
        "stage_id",
        "user_id",
    )
}
FORM = {
    **LIST,
    "clock_ids": {"fields": {"summary": {}, "explanation": {}, "state": {}}},
    "sla_change_ids": {"fields": {"reason": {}, "deadline": {}}},
}


@tagged("post_install", "-at_install")
class TestTicketScreen(SlaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls("test_counters_of_teams")
        cls.policy("Premier", 2, 8, service_level_ids=cls.premier.ids)
        cls.teams = cls.env["dcrm.ticket.team"].create(
            [
                {
                    "name": f"Team {number}",
                    "company_id": cls.company_a.id,
                    "resource_calendar_id": cls.hours_a.id,
                }
                for number in range(40)
            ]
        )
        customers = [case.served(cls.premier), case.served(cls.standard)]
        kinds = cls.env["dcrm.ticket.kind"].search([], limit=2)
        agents = [cls.users["agent"], cls.users["other_agent"]]
        past = fields.Datetime.now() - timedelta(days=40)
        cls.tickets = cls.env["dcrm.ticket"].create(
            [
                {
                    "name": f"Ticket {number}",
                    "team_id": cls.teams[number % 40].id,
                    "partner_id": customers[number % 2].id,
                    "kind_id": kinds[number // 2 % 2].id,
                    "user_id": number % 4 < 2 and agents[number % 4].id,
                    **({"opened_at": past} if number % 8 == 0 else {}),
                }
                for number in range(80)
            ]
        )
        cls.env.flush_all()

    def cost(self, records, work):
        """Return the number of queries of ``work`` on records, warm."""
        for _attempt in range(2):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            work(records)
        return self.env.cr.sql_log_count - before

    def assertConstantCost(self, records, work, most):
        half = len(records) // 2
        single = self.cost(records[:half], work)
        double = self.cost(records, work)
        self.assertEqual(single, double)
        self.assertLessEqual(double, most)

    def test_lists_and_kanbans_cost_the_same_however_long(self):
        for role in ("agent", "seller_all"):
            tickets = self.tickets.with_env(self.env_as(role))
            with self.subTest(role=role, view="list"):
                self.assertConstantCost(
                    tickets,
                    lambda some: some.web_search_read(
                        [("id", "in", some.ids)],
                        LIST,
                        order="next_deadline, value_class",
                    ),
                    22,
                )
            with self.subTest(role=role, view="kanban"):
                self.assertConstantCost(
                    tickets,
                    lambda some: some.read_progress_bar(
                        [("id", "in", some.ids)],
                        "stage_id",
                        {
                            "field": "sla_state",
                            "colors": {"breached": "danger", "running": "info"},
                        },
                    ),
                    4,
                )
            with self.subTest(role=role, view="form"):
                self.assertConstantCost(tickets, lambda some: some.web_read(FORM), 25)

    def test_counters_of_teams_cost_the_same_however_many(self):
        counters = ("open_count", "unassigned_count", "mine_count", "late_count")
        self.assertConstantCost(
            self.teams.with_env(self.env_as("agent")),
            lambda teams: teams.read(counters),
            6,
        )

    def test_creating_costs_little_more_for_many(self):
        """A ticket more costs what its own rows cost, and no search of its own."""

        def create(count):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env["dcrm.ticket"].create(
                [
                    {"name": "Leaks", "team_id": self.team_a.id, "priority": "1"}
                    for _number in range(count)
                ]
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        create(1)
        few, many = create(10), create(60)
        self.assertLessEqual((many - few) / 50, 0.1)

    def test_opening_again_and_levels_of_many_cost_no_search_each(self):
        self.env["dcrm.sla.policy"].search([]).first_response_hours = 3

        def apply(tickets):
            tickets._set_clocks("Policies")
            self.env.flush_all()

        self.assertConstantCost(self.tickets, apply, 20)

    def test_counters_of_teams(self):
        team = self.teams[0].with_env(self.env_as("agent"))
        # Tickets 0 and 40: one agent's, both from long ago.
        self.assertEqual(team.open_count, 2)
        self.assertEqual(team.mine_count, 2)
        self.assertEqual(team.unassigned_count, 0)
        self.assertEqual(team.late_count, 2)
        self.tickets[0].stage_id = self.stage_solved
        self.tickets[40].user_id = False
        self.env.invalidate_all()
        self.assertEqual(team.open_count, 1)
        self.assertEqual(team.mine_count, 0)
        self.assertEqual(team.unassigned_count, 1)
        action = team.with_context(ticket_filter="late").action_open_tickets()
        self.assertEqual(action["domain"], [("team_id", "=", team.id)])
        self.assertEqual(action["context"]["search_default_late"], 1)

    def test_groups_by_state_are_what_each_ticket_says(self):
        self.tickets[:5].stage_id = self.stage_solved
        self.env.flush_all()
        tickets = self.env_as("agent")["dcrm.ticket"]
        domain = [("id", "in", self.tickets.ids)]
        groups = dict(tickets._read_group(domain, ["sla_state"], ["__count"]))
        said = self.tickets.mapped("sla_state")
        self.assertEqual(groups, {state: said.count(state) for state in set(said)})
        self.assertGreaterEqual(len(groups), 3)

    def test_buttons(self):
        ticket = self.tickets[1].with_env(self.env_as("agent"))
        ticket.action_assign_to_me()
        self.assertEqual(ticket.user_id, self.users["agent"])
        ticket.action_close()
        self.assertEqual(ticket.stage_id, self.stage_solved)
        ticket.action_reopen()
        self.assertEqual(ticket.stage_id, self.stage_progress)
        self.stage_solved.active = False
        with self.assertRaisesRegex(UserError, "No stage closes"):
            ticket.action_close()

    def test_the_form(self):
        with Form(self.env_as("agent")["dcrm.ticket"]) as form:
            form.name = "Leaks"
            form.partner_id = self.served(self.premier)
            self.assertTrue(form.team_id)
            self.assertEqual(form.stage_id, self.stage_new)
            form.priority = "2"
        ticket = form.record
        self.assertEqual(ticket.service_level_id, self.premier)
        self.assertEqual(len(ticket.clock_ids), 2)

    # -- who sees what ---------------------------------------------------------------

    def seen(self, role, model="dcrm.ticket"):
        try:
            return self.env_as(role)[model].search([])
        except AccessError:
            return None

    def test_who_sees_which_tickets(self):
        own = self.ticket(self.partner(seller="seller"))
        theirs = self.ticket(self.partner(seller="seller_b"), self.team_b)
        everybody = self.tickets | own
        for role, expected in {
            "agent": everybody,
            "service_manager": everybody,
            "seller": own,
            "other_seller": own.browse(),
            "seller_all": everybody,
            "manager": everybody,
            "agent_b": theirs,
            "seller_b": theirs,
            "agent_ab": everybody | theirs,
            "nobody": None,
        }.items():
            for model, of in (
                ("dcrm.ticket", lambda tickets: tickets),
                ("dcrm.sla.clock", lambda tickets: tickets.clock_ids),
                ("dcrm.sla.clock.change", lambda tickets: tickets.sla_change_ids),
                ("dcrm.sla.pause", lambda tickets: tickets.pause_ids),
            ):
                with self.subTest(role=role, model=model):
                    found = self.seen(role, model)
                    if expected is None:
                        self.assertIsNone(found)
                    else:
                        self.assertEqual(set(found.ids), set(of(expected).ids))

    def test_who_may_do_what(self):
        own = self.ticket(self.partner(seller="seller"))
        policy, clock = self.everyone, own.clock_ids[0]
        allowed = {
            "agent": {"write ticket", "create ticket"},
            "service_manager": {
                "write ticket",
                "create ticket",
                "unlink ticket",
                "write team",
                "write stage",
                "write policy",
            },
        }
        for role in ("agent", "service_manager", "seller", "seller_all", "nobody"):
            env = self.env_as(role)
            tries = {
                "write ticket": lambda env=env: own.with_env(env).write({"name": "x"}),
                "create ticket": lambda env=env: env["dcrm.ticket"].create(
                    {"name": "x"}
                ),
                "unlink ticket": lambda env=env: own.with_env(env).unlink(),
                "write team": lambda env=env: self.team_a.with_env(env).write(
                    {"name": "x"}
                ),
                "write stage": lambda env=env: self.stage_new.with_env(env).write(
                    {"name": "x"}
                ),
                "write policy": lambda env=env: policy.with_env(env).write(
                    {"name": "x"}
                ),
                "apply policy": lambda env=env: policy.with_env(env).action_apply(),
                "write clock": lambda env=env: clock.with_env(env).write(
                    {"deadline": False}
                ),
                "delete clock": lambda env=env: clock.with_env(env).unlink(),
            }
            may = allowed.get(role, set())
            if role == "service_manager":
                may = may | {"apply policy"}
            for name, attempt in tries.items():
                with self.subTest(role=role, attempt=name):
                    savepoint = self.cr.savepoint()
                    try:
                        attempt()
                        done = True
                    except AccessError:
                        done = False
                    savepoint.close(rollback=True)
                    self.env.invalidate_all()
                    self.assertEqual(done, name in may)

    def test_a_policy_is_applied_in_the_managers_companies_only(self):
        theirs = self.ticket(team=self.team_b)
        shared = self.policy("Shared", 1)
        shared.company_id = False
        self.assertFalse(theirs.clock_ids)
        shared.with_env(self.env_as("service_manager")).action_apply()
        self.assertFalse(theirs.clock_ids)
        self.assertEqual(self.tickets[1].clock_ids[0].policy_id, shared)
