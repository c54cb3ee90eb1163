"""Who is given a ticket: by the team's rule, who is at work, skilled, has least."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo import fields
from odoo.fields import Command
from odoo.tests import BaseCase, tagged

from ..compute.assignment import Agent, Request, share_out
from .common import ServiceCase

ALL_DAY = ((0, 24),)

examples = settings(
    max_examples=60, deadline=None, suppress_health_check=list(HealthCheck)
)


@tagged("post_install", "-at_install")
class TestTicketAssign(ServiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The team works all week, but for who has hours of their own.
        cls.hours_a = cls.make_hours(cls.company_a, ALL_DAY, range(7))
        cls.other_day = cls.make_hours(
            cls.company_a,
            ALL_DAY,
            [(fields.Date.today().weekday() + 3) % 7],
        )
        cls.team_a.resource_calendar_id = cls.hours_a
        cls.one, cls.two = cls.users["agent"], cls.users["other_agent"]
        cls.team_a.write(
            {
                "assignment": "balanced",
                "member_ids": [Command.set((cls.one | cls.two).ids)],
            }
        )
        cls.kind, cls.other_kind = cls.env["dcrm.ticket.kind"].create(
            [{"name": "Leak"}, {"name": "Crack"}]
        )
        cls.cron = cls.env.ref("dcrm_service.cron_share_out_tickets")

    def share_out(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()

    def tickets(self, count, **values):
        customer = self.partner()
        return self.env["dcrm.ticket"].union(
            *(self.ticket(customer, **values) for _number in range(count))
        )

    def skill(self, user, **values):
        return self.env["dcrm.ticket.agent"].create(
            {"team_id": self.team_a.id, "user_id": user.id, **values}
        )

    def test_by_hand_nothing_happens(self):
        self.team_a.assignment = "hand"
        tickets = self.tickets(2)
        self.share_out()
        self.assertFalse(tickets.user_id)

    def test_a_new_team_is_by_hand(self):
        self.assertEqual(self.make_team("New", self.company_a).assignment, "hand")

    def test_a_ticket_that_comes_is_shared_out_at_once(self):
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", self.cron.id)])
        triggers.unlink()
        self.ticket(self.partner(), user_id=self.one.id)
        self.ticket(self.partner(), self.team_b)
        self.assertFalse(triggers.search([("cron_id", "=", self.cron.id)]))
        self.ticket(self.partner())
        self.assertTrue(triggers.search([("cron_id", "=", self.cron.id)]))

    def test_balanced_by_what_is_open(self):
        self.tickets(3, user_id=self.one.id)
        # What is closed or waits for the customer is no work.
        self.tickets(5, user_id=self.two.id, stage_id=self.stage_solved.id)
        self.tickets(5, user_id=self.two.id, stage_id=self.stage_waiting.id)
        tickets = self.tickets(5)
        self.share_out()
        load = self.env["dcrm.ticket"]._load_of(self.one | self.two)
        self.assertEqual(load, {self.one: 4, self.two: 4})
        self.assertTrue(all(ticket.user_id for ticket in tickets))

    def test_load_in_another_company_counts(self):
        self.users["agent_ab"].company_ids |= self.company_a
        self.team_a.member_ids = self.one | self.users["agent_ab"]
        for _number in range(2):
            self.ticket(self.partner(), self.team_b, user_id=self.users["agent_ab"].id)
        tickets = self.tickets(2)
        self.share_out()
        self.assertEqual(tickets.user_id, self.one)

    def test_in_turn_whatever_is_open(self):
        self.team_a.assignment = "turn"
        self.tickets(7, user_id=self.one.id)
        first = self.tickets(3)
        self.share_out()
        self.assertEqual(
            [ticket.user_id for ticket in first], [self.one, self.two, self.one]
        )
        again = self.tickets(1)
        self.share_out()
        self.assertEqual(again.user_id, self.two)

    def test_the_most_urgent_first(self):
        self.skill(self.one, most_open=1)
        self.team_a.member_ids = self.one
        normal, urgent = self.tickets(1), self.tickets(1, priority="3")
        self.share_out()
        self.assertEqual(urgent.user_id, self.one)
        self.assertFalse(normal.user_id)

    def test_only_who_is_skilled(self):
        self.skill(self.one, kind_ids=[Command.set(self.kind.ids)])
        self.skill(self.two, kind_ids=[Command.set(self.other_kind.ids)])
        leak = self.tickets(3, kind_id=self.kind.id)
        third = self.env["dcrm.ticket.kind"].create({"name": "Noise"})
        nobodys = self.tickets(1, kind_id=third.id)
        self.share_out()
        self.assertEqual(leak.user_id, self.one)
        self.assertFalse(nobodys.user_id)

    def test_the_skilled_before_who_takes_everything(self):
        self.tickets(4, user_id=self.one.id)
        parent = self.env["product.category"].create({"name": "Machines"})
        self.product.categ_id = parent.create(
            {"name": "Espresso", "parent_id": parent.id}
        )
        self.skill(self.one, category_ids=[Command.set(parent.ids)])
        machine = self.tickets(1, product_id=self.product.id)
        self.share_out()
        self.assertEqual(machine.user_id, self.one)

    def test_the_customers_language(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        dutch = self.env.ref("base.lang_nl")
        english = self.env.ref("base.lang_en")
        self.skill(self.one, lang_ids=[Command.set(english.ids)])
        self.skill(self.two, lang_ids=[Command.set(dutch.ids)])
        self.tickets(3, user_id=self.two.id)
        ticket = self.ticket(self.partner(lang="nl_NL"))
        self.share_out()
        self.assertEqual(ticket.user_id, self.two)

    def test_the_customers_own_people_first(self):
        self.tickets(5, user_id=self.two.id)
        company = self.partner(is_company=True, user_id=self.two.id)
        ticket = self.ticket(self.partner(parent_id=company.id, user_id=False))
        self.share_out()
        self.assertEqual(ticket.user_id, self.two)
        self.team_a.dedicated_first = False
        again = self.ticket(company)
        self.share_out()
        self.assertEqual(again.user_id, self.one)

    def test_own_people_who_are_not_of_the_team_are_not_asked(self):
        ticket = self.ticket(self.partner(seller="seller"))
        self.share_out()
        self.assertIn(ticket.user_id, self.one | self.two)

    # -- who is at work --------------------------------------------------------------

    def test_nobody_at_work_gets_none_until_they_come(self):
        self.team_a.resource_calendar_id = self.other_day
        ticket = self.tickets(1)
        self.share_out()
        self.assertFalse(ticket.user_id)
        self.team_a.resource_calendar_id = self.hours_a
        self.share_out()
        self.assertTrue(ticket.user_id)

    def resource(self, user, calendar, company=None):
        company = company or self.company_a
        return self.env["resource.resource"].create(
            {
                "name": user.name,
                "user_id": user.id,
                "company_id": company.id,
                "calendar_id": calendar.id,
                "tz": calendar.tz or "UTC",
            }
        )

    def leave(self, resource=None, calendar=None, **values):
        return self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "resource_id": resource and resource.id,
                "calendar_id": calendar and calendar.id,
                "date_from": fields.Datetime.now() - timedelta(days=1),
                "date_to": fields.Datetime.now() + timedelta(days=1),
                **values,
            }
        )

    def test_who_is_on_leave_gets_none(self):
        self.leave(self.resource(self.one, self.hours_a))
        tickets = self.tickets(4)
        self.share_out()
        self.assertEqual(tickets.user_id, self.two)

    def test_on_leave_round_the_clock(self):
        self.team_a.resource_calendar_id = False
        self.company_a.resource_calendar_id = False
        resource = self.resource(self.one, self.env["resource.calendar"])
        self.leave(resource)
        tickets = self.tickets(2)
        self.share_out()
        self.assertEqual(tickets.user_id, self.two)

    def test_on_training_is_at_work_elsewhere_but_no_leave(self):
        self.leave(self.resource(self.one, self.hours_a), time_type="other")
        tickets = self.tickets(2)
        self.share_out()
        self.assertEqual(tickets.user_id, self.one | self.two)

    def test_on_leave_in_another_company_is_away(self):
        self.one.company_ids |= self.company_b
        self.leave(self.resource(self.one, self.hours_b, self.company_b))
        tickets = self.tickets(2)
        self.share_out()
        self.assertEqual(tickets.user_id, self.two)

    def test_hours_of_their_own(self):
        resource = self.resource(self.one, self.other_day)
        tickets = self.tickets(2)
        self.share_out()
        self.assertEqual(tickets.user_id, self.two)
        resource.calendar_id = self.hours_a
        self.team_a.resource_calendar_id = self.other_day
        later = self.tickets(2)
        self.share_out()
        self.assertEqual(later.user_id, self.one)

    def test_a_holiday_of_the_company(self):
        self.leave(calendar=self.hours_a)
        tickets = self.tickets(1)
        self.share_out()
        self.assertFalse(tickets.user_id)

    def test_a_holiday_of_another_company_is_none(self):
        holiday = self.leave()
        holiday.company_id = self.company_b
        tickets = self.tickets(1)
        self.share_out()
        self.assertTrue(tickets.user_id)
        holiday.company_id = self.company_a
        later = self.tickets(1)
        self.share_out()
        self.assertFalse(later.user_id)

    def test_as_many_queries_for_many_people(self):
        def people(count):
            return self.env["res.users"].union(
                *(
                    self.make_user(
                        f"m{next(self.numbers)}",
                        "dcrm_service.group_service_agent",
                        self.company_a,
                    )
                    for _number in range(count)
                )
            )

        def queries(users):
            for user in users:
                self.resource(user, self.hours_a)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertEqual(users._on_duty(self.hours_a, self.company_a), users)
            return self.cr.sql_log_count - before

        self.assertEqual(queries(people(2)), queries(people(12)))

    # -- what follows ----------------------------------------------------------------

    def test_handed_to_another_team(self):
        ticket = self.tickets(1)
        ticket.user_id = self.users["service_manager"]
        self.share_out()
        self.assertEqual(ticket.user_id, self.users["service_manager"])
        team = self.make_team(
            "Second line",
            self.company_a,
            self.hours_a,
            assignment="balanced",
            member_ids=[Command.set(self.two.ids)],
        )
        ticket.team_id = team
        self.assertFalse(ticket.user_id)
        self.share_out()
        self.assertEqual(ticket.user_id, self.two)

    def test_an_archived_member_gets_none(self):
        self.one.active = False
        tickets = self.tickets(2)
        self.share_out()
        self.assertEqual(tickets.user_id, self.two)

    def test_many_in_batches(self):
        tickets = self.tickets(1) + self.tickets(450)
        self.share_out()
        load = self.env["dcrm.ticket"]._load_of(self.one | self.two)
        self.assertEqual(sorted(load.values()), [225, 226])
        self.assertTrue(all(ticket.user_id for ticket in tickets))


class TestShareOut(BaseCase):
    """What holds of whatever is shared out among whomever."""

    @examples
    @given(
        st.lists(st.integers(0, 9), min_size=1, max_size=8),
        st.integers(0, 60),
    )
    def test_equals_end_up_equal(self, loads, count):
        agents = [Agent(user, load=load) for user, load in enumerate(loads)]
        taken = share_out(map(Request, range(count)), agents)
        self.assertEqual(len(taken), count)
        final = [
            load + list(taken.values()).count(user) for user, load in enumerate(loads)
        ]
        given_some = {final[user] for user in taken.values()}
        if given_some:
            self.assertLessEqual(max(given_some) - min(final), 1)

    @examples
    @given(
        st.lists(
            st.tuples(
                st.integers(0, 5),
                st.integers(0, 5),
                st.frozensets(st.integers(1, 3)),
            ),
            max_size=6,
        ),
        st.lists(
            st.tuples(st.frozensets(st.integers(1, 3)), st.lists(st.integers(0, 7))),
            max_size=30,
        ),
        st.booleans(),
    )
    def test_nobody_above_their_limit_or_without_the_skill(self, people, asked, turn):
        agents = [
            Agent(user, load=load, most=most, skills={"kind": skills})
            for user, (load, most, skills) in enumerate(people)
        ]
        requests = [
            Request(number, {"kind": needs}, tuple(dedicated))
            for number, (needs, dedicated) in enumerate(asked)
        ]
        taken = share_out(requests, agents, in_turn=turn)
        for user, (load, most, _skills) in enumerate(people):
            count = list(taken.values()).count(user)
            self.assertTrue(not count or not most or load + count <= most)
        for request in requests:
            user = taken.get(request.ticket)
            if user is not None and user not in request.dedicated:
                skills, needs = people[user][2], request.needs["kind"]
                self.assertTrue(not skills or not needs or skills & needs)
        # What was given changes nobody who was handed in.
        self.assertEqual([agent.load for agent in agents], [p[0] for p in people])
