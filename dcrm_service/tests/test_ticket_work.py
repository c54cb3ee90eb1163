"""Checklists and macros: what is done to tickets again and again."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common_interaction import InteractionCase


class WorkCase(InteractionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.question, cls.fault = cls.env["dcrm.ticket.kind"].create(
            [{"name": "Asked"}, {"name": "Fault"}]
        )

    def checklist(self, *items, **values):
        """Return a list with items by name; those that end in ! are required."""
        return self.env["dcrm.ticket.checklist"].create(
            {
                "name": "Steps",
                "company_id": self.company_a.id,
                "is_automatic": True,
                "item_ids": [
                    Command.create(
                        {"name": name.rstrip("!"), "is_required": name.endswith("!")}
                    )
                    for name in items
                ],
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestTicketChecklist(WorkCase):
    def names(self, ticket):
        return ticket.check_ids.mapped("name")

    def test_tickets_of_its_kind_and_team_have_it(self):
        other = self.make_team("Other", self.company_a)
        self.checklist("Ask", kind_ids=self.fault.ids, team_ids=self.team_a.ids)
        self.checklist("Not by itself", is_automatic=False)
        self.assertEqual(self.names(self.ticket(kind_id=self.fault.id)), ["Ask"])
        self.assertFalse(self.names(self.ticket(kind_id=self.question.id)))
        self.assertFalse(self.names(self.ticket(team=other, kind_id=self.fault.id)))
        self.assertFalse(
            self.names(self.ticket(team=self.team_b, kind_id=self.fault.id))
        )

    def test_for_all_companies(self):
        self.checklist("Greet", company_id=False)
        self.assertEqual(self.names(self.ticket(team=self.team_b)), ["Greet"])

    def test_another_kind_has_other_items_and_keeps_what_is_done(self):
        self.checklist("Ask", "Look", kind_ids=self.question.ids)
        self.checklist("Repair", kind_ids=self.fault.ids)
        ticket = self.ticket(kind_id=self.question.id)
        ticket.check_ids[0].is_done = True
        ticket.kind_id = self.fault
        self.assertEqual(sorted(self.names(ticket)), ["Ask", "Repair"])
        ticket.kind_id = self.question
        self.assertEqual(sorted(self.names(ticket)), ["Ask", "Look"])

    def test_who_did_it_and_when(self):
        self.checklist("Ask")
        ticket = self.ticket()
        check = ticket.check_ids.with_env(self.env_as("agent"))
        check.is_done = True
        self.assertEqual(check.done_by_id, self.users["agent"])
        at = check.done_at
        self.assertTrue(at)
        check.with_env(self.env_as("other_agent")).is_done = True
        self.assertEqual((check.done_by_id, check.done_at), (self.users["agent"], at))
        self.assertEqual(ticket.check_text, "1 / 1")
        check.is_done = False
        self.assertFalse(check.done_by_id or check.done_at)

    def test_what_is_required_is_done_before_closing(self):
        self.checklist("Ask", "Call back!")
        ticket = self.ticket()
        mine = ticket.with_env(self.env_as("agent"))
        with self.assertRaises(UserError) as caught:
            mine.action_close()
        self.assertIn("Call back", str(caught.exception))
        with self.assertRaises(UserError):
            mine.stage_id = self.stage_solved
        ticket.check_ids.filtered("is_required").is_done = True
        mine.action_close()
        self.assertTrue(ticket.closed_at)

    def test_the_customers_word_closes_it_all_the_same(self):
        self.checklist("Call back!")
        ticket = self.ticket()
        ticket._close_in_portal()
        self.assertTrue(ticket.closed_at)

    def test_agents_tick_and_add_and_change_nothing_else(self):
        self.checklist("Call back!")
        ticket = self.ticket()
        env = self.env_as("agent")
        check = ticket.check_ids.with_env(env)
        for values in (
            {"is_required": False},
            {"name": "Nothing"},
            {"done_by_id": self.users["other_agent"].id},
            {"done_at": "2020-01-01 00:00:00"},
            {"item_id": False},
            {"ticket_id": self.ticket().id},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                check.write(values)
        added = check.create({"ticket_id": ticket.id, "name": "Thank them"})
        added.name = "Thank her"
        # As the form of the ticket does it.
        ticket.with_env(env).check_ids = [
            Command.create({"name": "Ask", "is_done": True, "sequence": 9}),
            Command.update(added.id, {"is_done": True}),
        ]
        self.assertEqual(len(ticket.check_ids.filtered("is_done")), 2)
        with self.assertRaises(AccessError):
            check.create(
                {"ticket_id": ticket.id, "name": "X", "done_at": "2020-01-01 00:00:00"}
            )
        with self.assertRaises(AccessError):
            check.unlink()

    def test_nobody_adds_to_a_ticket_that_is_not_theirs(self):
        far = self.ticket(team=self.team_b)
        checks = self.env_as("agent")["dcrm.ticket.check"]
        with self.assertRaises(AccessError):
            checks.create({"ticket_id": far.id, "name": "Mine"})

    def test_seen_as_tickets_are(self):
        self.checklist("Ask")
        own, other = (
            self.ticket(self.partner(seller=seller))
            for seller in ("seller", "other_seller")
        )
        found = self.env_as("seller")["dcrm.ticket.check"].search([])
        self.assertEqual(found.sudo().ticket_id, own)
        found = self.env_as("agent")["dcrm.ticket.check"].search([])
        self.assertEqual(found.sudo().ticket_id, own | other)
        self.assertFalse(self.env_as("agent_b")["dcrm.ticket.check"].search([]))

    def test_many_tickets_cost_no_search_each(self):
        self.checklist("Ask", "Look")

        def cost(count):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env["dcrm.ticket"].create(
                [{"name": "X", "team_id": self.team_a.id}] * count
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        cost(1)
        plain = self.cost_without_lists(cost)
        self.assertLessEqual(cost(20) - cost(1), plain + 20)

    def cost_without_lists(self, cost):
        lists = self.env["dcrm.ticket.checklist"].search([])
        lists.active = False
        cost(1)
        outcome = cost(20) - cost(1)
        lists.active = True
        return outcome


@tagged("post_install", "-at_install")
class TestTicketMacro(WorkCase):
    def setUp(self):
        super().setUp()
        self.asked = self.ticket(self.jan, name="The oven is cold")
        self.template = self.env["mail.template"].create(
            {
                "name": "Photo",
                "model_id": self.env["ir.model"]._get_id("dcrm.ticket"),
                "subject": "About {{ object.number }}",
                "body_html": "<p>Please send a photo.</p>",
                "partner_to": "{{ object.partner_id.id }}",
            }
        )

    def macro(self, **values):
        return self.env["dcrm.ticket.macro"].create(
            {"name": "Ask for a photo", "company_id": self.company_a.id, **values}
        )

    def run_as(self, role, macro, *tickets):
        macro.with_env(self.env_as(role)).run([ticket.id for ticket in tickets])
        self.env.invalidate_all()

    def test_all_of_it_with_one_click(self):
        tag, kept = self.env["dcrm.ticket.tag"].create(
            [{"name": "Photo"}, {"name": "Oven"}]
        )
        self.asked.tag_ids = kept
        macro = self.macro(
            stage_id=self.stage_waiting.id,
            kind_id=self.fault.id,
            priority="2",
            tag_ids=tag.ids,
            assign="me",
            template_id=self.template.id,
            checklist_id=self.checklist("Look at it", is_automatic=False).id,
            activity_type_id=self.env.ref("mail.mail_activity_data_todo").id,
            activity_summary="Ask again",
            activity_days=3,
        )
        self.run_as("agent", macro, self.asked)
        self.assertEqual(self.asked.stage_id, self.stage_waiting)
        self.assertEqual(self.asked.kind_id, self.fault)
        self.assertEqual(self.asked.priority, "2")
        self.assertEqual(self.asked.tag_ids, tag | kept)
        self.assertEqual(self.asked.user_id, self.users["agent"])
        self.assertEqual(self.asked.check_ids.mapped("name"), ["Look at it"])
        [said] = self.asked.message_ids.filtered(
            lambda message: message.message_type == "comment"
        )
        self.assertEqual(said.preview, "Please send a photo.")
        self.assertEqual(said.author_id, self.users["agent"].partner_id)
        self.assertIn(self.jan, said.notified_partner_ids)
        self.assertTrue(self.asked.first_response_at)
        activity = self.asked.activity_ids
        self.assertEqual(activity.summary, "Ask again")
        self.assertEqual(activity.user_id, self.users["agent"])

    def test_what_it_says_nothing_of_stays(self):
        self.asked.write({"user_id": self.users["other_agent"].id, "priority": "1"})
        self.run_as("agent", self.macro(kind_id=self.fault.id), self.asked)
        self.assertEqual(self.asked.user_id, self.users["other_agent"])
        self.assertEqual(self.asked.priority, "1")
        self.assertEqual(self.asked.stage_id, self.stage_new)
        self.run_as("agent", self.macro(assign="nobody"), self.asked)
        self.assertFalse(self.asked.user_id)

    def test_closing_comes_after_the_answer_and_heeds_the_checklist(self):
        macro = self.macro(template_id=self.template.id, stage_id=self.stage_solved.id)
        self.run_as("agent", macro, self.asked)
        self.assertLessEqual(self.asked.first_response_at, self.asked.closed_at)
        self.checklist("Call back!")
        other = self.ticket(self.jan)
        with self.assertRaises(UserError):
            self.run_as("agent", macro, other)

    def test_only_where_it_is_for(self):
        other = self.make_team("Other", self.company_a)
        macro = self.macro(team_ids=other.ids)
        theirs = self.ticket(self.jan, team=other)
        macros = self.env_as("agent")["dcrm.ticket.macro"]
        self.assertFalse(macros.of_tickets(self.asked.ids))
        self.assertEqual(
            [each["id"] for each in macros.of_tickets(theirs.ids)], macro.ids
        )
        self.assertFalse(macros.of_tickets((theirs | self.asked).ids))
        with self.assertRaises(UserError):
            self.run_as("agent", macro, self.asked)

    def test_of_a_company(self):
        macro = self.macro(company_id=self.company_b.id, priority="3")
        shared = self.macro(company_id=False, priority="3")
        with self.assertRaises(AccessError):
            self.run_as("agent", macro, self.asked)
        with self.assertRaises(UserError):
            self.run_as("agent_ab", macro, self.asked)
        self.run_as("agent", shared, self.asked)
        self.assertEqual(self.asked.priority, "3")

    def test_with_the_rights_of_who_runs_it(self):
        macro = self.macro(priority="3")
        for role in ("seller_all", "nobody"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.run_as(role, macro, self.asked)
        far = self.ticket(self.jan, team=self.team_b)
        with self.assertRaises(AccessError):
            self.run_as("agent", macro, far)
        with self.assertRaises(AccessError):
            self.env_as("agent")["dcrm.ticket.macro"].of_tickets(far.ids)
        with self.assertRaises(AccessError):
            macro.with_env(self.env_as("agent")).priority = "1"

    def test_not_on_a_merged_one_and_not_once_it_is_put_away(self):
        macro = self.macro(priority="3")
        other = self.ticket(self.jan)
        self.asked._merge_into(other)
        with self.assertRaises(UserError):
            self.run_as("agent", macro, self.asked)
        macro.active = False
        with self.assertRaises(UserError):
            self.run_as("agent", macro, other)

    def test_a_stage_of_another_team(self):
        other = self.make_team("Other", self.company_a)
        theirs = self.env["dcrm.ticket.stage"].create(
            {"name": "Workshop", "team_ids": other.ids}
        )
        with self.assertRaises(UserError):
            self.run_as("agent", self.macro(stage_id=theirs.id), self.asked)

    def test_what_it_refers_to_is_of_its_company(self):
        with self.assertRaises(UserError):
            self.macro(team_ids=self.team_b.ids)
        with self.assertRaises(UserError):
            self.macro(
                checklist_id=self.checklist("X", company_id=self.company_b.id).id
            )
        self.assertTrue(issubclass(ValidationError, UserError))

    def test_on_many_from_the_list(self):
        macro = self.macro(priority="3")
        other = self.ticket(self.jan)
        wizard = (
            self.env_as("agent")["dcrm.ticket.macro.run"]
            .with_context(
                active_model="dcrm.ticket", active_ids=(self.asked | other).ids
            )
            .create({"macro_id": macro.id})
        )
        self.assertEqual(wizard.suitable_ids, macro)
        wizard.action_run()
        self.assertEqual((self.asked | other).mapped("priority"), ["3", "3"])


@tagged("post_install", "-at_install")
class TestCannedAnswer(WorkCase):
    def test_an_agent_has_own_ones_and_those_of_groups(self):
        """The host's own, as they are: shared with a team by a group of its people."""
        group = self.env["res.groups"].create({"name": "Night team"})
        self.users["other_agent"].group_ids += group
        answers = self.env["mail.canned.response"]
        shared = answers.create(
            {"source": "hello", "substitution": "Good day", "group_ids": group.ids}
        )
        own = self.env_as("agent")["mail.canned.response"].create(
            {"source": "mine", "substitution": "My own"}
        )
        found = {
            role: self.env_as(role)["mail.canned.response"].search(
                [("id", "in", (shared | own).ids)]
            )
            for role in ("agent", "other_agent")
        }
        self.assertEqual(found["agent"], own)
        self.assertEqual(found["other_agent"], shared)
