"""Which policy wins, what it promises, and to the minute until when."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ServiceCase

UTC = ZoneInfo("UTC")


def utc(text, zone="Europe/Brussels"):
    """Return the naive UTC instant of a time in a zone."""
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC).replace(tzinfo=None)


class SlaCase(ServiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.premier, cls.preferred, cls.standard = (
            cls.env.ref(f"dcrm_analytics.service_level_{name}")
            for name in ("premier", "preferred", "standard")
        )
        cls.everyone = cls.policy("Everyone", 8, 40)

    @classmethod
    def policy(cls, name, answer=0, solution=0, company=None, **values):
        return cls.env["dcrm.sla.policy"].create(
            {
                "name": name,
                "company_id": (company or cls.company_a).id,
                "first_response_hours": answer,
                "resolution_hours": solution,
                **values,
            }
        )

    def served(self, level, company=None):
        """Return a customer who has a service level in a company."""
        partner = self.partner()
        partner.with_company(company or self.company_a).service_level_id = level
        return partner

    def clock(self, ticket, target="first_response"):
        return ticket.clock_ids.filtered(lambda clock: clock.target == target)

    def assertDue(self, ticket, answer, zone="Europe/Brussels"):
        self.assertEqual(ticket.first_response_deadline, utc(answer, zone))


@tagged("post_install", "-at_install")
class TestSlaPolicy(SlaCase):
    def setUp(self):
        super().setUp()
        freezer = freeze_time("2026-03-04 09:00:00")  # a Wednesday, 10:00 in Brussels
        freezer.start()
        self.addCleanup(freezer.stop)

    def test_who_differs_only_in_service_level_is_promised_otherwise(self):
        self.policy("Premier", 2, 8, service_level_ids=[self.premier.id])
        rich = self.ticket(self.served(self.premier))
        poor = self.ticket(self.served(self.standard))
        self.assertDue(rich, "2026-03-04 12:00")
        self.assertEqual(rich.resolution_deadline, utc("2026-03-05 10:00"))
        self.assertDue(poor, "2026-03-05 10:00")
        self.assertEqual(poor.resolution_deadline, utc("2026-03-11 10:00"))
        self.assertEqual(self.clock(rich).policy_id.name, "Premier")
        self.assertNoViolations()

    def test_the_shortest_promise_wins_for_each_target_by_itself(self):
        quick = self.policy("Quick answer", 1)
        thorough = self.policy("Quick solution", 6, 4)
        ticket = self.ticket(self.partner())
        self.assertEqual(self.clock(ticket).policy_id, quick)
        self.assertEqual(self.clock(ticket, "resolution").policy_id, thorough)
        self.assertEqual(self.clock(ticket, "resolution").promised_hours, 4)

    def test_what_a_policy_covers(self):
        kind, other_kind = self.env["dcrm.ticket.kind"].search([], limit=2)
        team = self.make_team("Other", self.company_a, self.hours_a)
        cases = {
            "team_ids": (team.ids, {"team": team}, {"team": self.team_a}),
            "kind_ids": (
                kind.ids,
                {"kind_id": kind.id},
                {"kind_id": other_kind.id},
            ),
            "priority": ("2", {"priority": "3"}, {"priority": "1"}),
        }
        for field, (value, covered, other) in cases.items():
            with self.subTest(field):
                policy = self.policy("Narrow", 1, **{field: value})
                self.assertEqual(self.clock(self.ticket(**covered)).policy_id, policy)
                self.assertEqual(
                    self.clock(self.ticket(**other)).policy_id, self.everyone
                )
                policy.active = False
                self.assertEqual(
                    self.clock(self.ticket(**covered)).policy_id, self.everyone
                )

    def test_a_policy_of_an_archived_team_does_not_cover_every_team(self):
        team = self.make_team("Gone", self.company_a)
        self.policy("Gone", 1, team_ids=team.ids)
        team.active = False
        self.assertEqual(self.clock(self.ticket()).policy_id, self.everyone)

    def test_policies_of_a_company_and_of_all(self):
        theirs = self.policy("B", 1, company=self.company_b)
        self.assertEqual(self.clock(self.ticket()).policy_id, self.everyone)
        self.assertEqual(self.clock(self.ticket(team=self.team_b)).policy_id, theirs)
        shared = self.policy("All", 0.5)
        shared.company_id = False
        for team in (self.team_a, self.team_b):
            self.assertEqual(self.clock(self.ticket(team=team)).policy_id, shared)

    def test_a_level_is_that_of_the_tickets_company(self):
        self.policy("Premier", 1, service_level_ids=[self.premier.id])
        customer = self.served(self.premier, self.company_b)
        self.assertFalse(self.ticket(customer).service_level_id)
        self.assertEqual(
            self.ticket(customer, self.team_b).service_level_id, self.premier
        )

    def test_without_a_policy_nothing_is_promised(self):
        self.everyone.active = False
        ticket = self.ticket(self.partner())
        self.assertFalse(ticket.clock_ids)
        self.assertFalse(ticket.next_deadline)
        self.assertFalse(ticket.is_late)
        self.assertFalse(ticket.sla_state)

    def test_hours_that_are_none(self):
        for hours in (-1, float("nan"), float("inf"), 1e308, 10_001):
            for target in ("first_response_hours", "resolution_hours"):
                with (
                    self.subTest(hours=hours, target=target),
                    self.assertRaisesRegex(ValidationError, "promises"),
                    self.cr.savepoint(),
                ):
                    self.everyone[target] = hours

    def test_a_policy_that_set_deadlines_can_be_archived_only(self):
        self.ticket()
        with self.assertRaisesRegex(UserError, "archive it"):
            self.everyone.unlink()
        self.policy("Never used", 1).unlink()

    def test_fractions_of_hours_are_minutes(self):
        for hours, minutes in ((1 / 3, 20), (0.25, 15), (1.01, 61), (0.001, 1)):
            with self.subTest(hours):
                self.everyone.first_response_hours = hours
                self.assertEqual(
                    self.ticket().first_response_deadline,
                    datetime(2026, 3, 4, 9) + timedelta(minutes=minutes),
                )


@tagged("post_install", "-at_install")
class TestSlaHours(SlaCase):
    """The deadline on calendars of every make, beside a walk minute by minute."""

    def opened(self, text, hours, calendar, zone="Europe/Brussels"):
        """Return a ticket opened at a local time and promised hours on a calendar."""
        self.team_a.resource_calendar_id = calendar
        self.everyone.write({"first_response_hours": hours, "resolution_hours": 0})
        return self.ticket(opened_at=utc(text, zone))

    def walk(self, text, hours, zone, open_at):
        """Return the UTC instant after so many minutes that ``open_at`` says count."""
        instant, left = utc(text, zone), round(hours * 60)
        while left:
            local = instant.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
            left -= bool(open_at(local))
            instant += timedelta(minutes=1)
        return instant

    def holiday(self, start, stop, calendar=None, company=None, zone=None):
        company = company or self.company_a
        leaves = self.env["resource.calendar.leaves"].with_company(company)
        holiday = leaves.create(
            {
                "name": "Holiday",
                "calendar_id": calendar and calendar.id,
                "date_from": utc(start, zone or "Europe/Brussels"),
                "date_to": utc(stop, zone or "Europe/Brussels"),
            }
        )
        # The host computes it by the company of whoever asks first.
        self.assertEqual(holiday.company_id, company)
        return holiday

    def test_evening_weekend_and_lunch(self):
        hours = self.make_hours(self.company_a, hours=((9, 12), (13, 17.5)))

        def open_at(local):
            minute = local.hour * 60 + local.minute
            return local.weekday() < 5 and (540 <= minute < 720 or 780 <= minute < 1050)

        for opened in (
            "2026-03-04 08:00",
            "2026-03-04 11:59",
            "2026-03-04 12:00",
            "2026-03-04 17:30",
            "2026-03-06 16:45",
            "2026-03-07 03:00",
        ):
            for promised in (1 / 60, 1, 3, 7.5, 8, 37.5, 60):
                with self.subTest(opened=opened, promised=promised):
                    self.assertEqual(
                        self.opened(opened, promised, hours).first_response_deadline,
                        self.walk(opened, promised, "Europe/Brussels", open_at),
                    )

    def test_seconds_are_kept(self):
        ticket = self.opened("2026-03-04 16:30:17", 1, self.hours_a)
        self.assertDue(ticket, "2026-03-05 09:30:17")
        ticket = self.opened("2026-03-04 15:30:17", 1, self.hours_a)
        self.assertDue(ticket, "2026-03-04 16:30:17")

    def test_time_zones(self):
        for zone in ("Pacific/Auckland", "America/St_Johns", "Asia/Kathmandu", "UTC"):
            hours = self.make_hours(self.company_a, zone=zone)
            with self.subTest(zone):
                ticket = self.opened("2026-03-06 16:00", 2, hours, zone)
                self.assertDue(ticket, "2026-03-09 10:00", zone)

    def test_holidays_of_the_calendar_and_of_the_company(self):
        self.holiday("2026-03-05 00:00", "2026-03-05 23:59:59", self.hours_a)
        self.holiday("2026-03-06 00:00", "2026-03-06 23:59:59")
        # What other companies celebrate stops nobody.
        self.holiday("2026-03-09 00:00", "2026-03-10 23:59:59", company=self.company_b)
        ticket = self.opened("2026-03-04 16:00", 2, self.hours_a)
        self.assertDue(ticket, "2026-03-09 10:00")

    def test_half_a_holiday(self):
        self.holiday("2026-03-05 09:00", "2026-03-05 12:30", self.hours_a)
        ticket = self.opened("2026-03-04 16:00", 2, self.hours_a)
        self.assertDue(ticket, "2026-03-05 13:30")

    def test_night_and_day_has_no_gap_at_midnight(self):
        hours = self.make_hours(self.company_a, hours=((0, 24),), days=range(7))
        ticket = self.opened("2026-03-04 22:13:05", 24 * 25 + 1, hours)
        # Spring has one hour less.
        self.assertDue(ticket, "2026-03-30 00:13:05")

    def test_no_calendar_an_empty_one_and_a_flexible_one_are_round_the_clock(self):
        empty = self.make_hours(self.company_a, hours=())
        lunch = self.make_hours(self.company_a, hours=((12, 13),))
        lunch.attendance_ids.day_period = "lunch"
        flexible = self.make_hours(self.company_a)
        flexible.schedule_type = "flexible"
        self.company_a.resource_calendar_id = False
        for calendar in (self.env["resource.calendar"], empty, lunch, flexible):
            with self.subTest(calendar=calendar.name):
                ticket = self.opened("2026-03-06 23:30", 3, calendar)
                self.assertDue(ticket, "2026-03-07 02:30")
                self.assertIn("round the clock", self.clock(ticket).explanation)

    def test_a_team_without_hours_has_those_of_the_company(self):
        self.company_a.resource_calendar_id = self.hours_a
        ticket = self.opened("2026-03-06 16:30", 1, self.env["resource.calendar"])
        self.assertDue(ticket, "2026-03-09 09:30")
        ticket = self.ticket(
            team=self.env["dcrm.ticket.team"],
            company_id=self.company_a.id,
            opened_at=utc("2026-03-06 16:30"),
        )
        self.assertFalse(ticket.team_id)
        self.assertDue(ticket, "2026-03-09 09:30")

    def test_closed_for_years_is_round_the_clock_at_last(self):
        self.holiday("2026-03-01 00:00", "2036-03-01 00:00", self.hours_a)
        ticket = self.opened("2026-03-04 10:00", 5, self.hours_a)
        self.assertGreater(ticket.first_response_deadline, utc("2028-03-01 00:00"))
        self.assertLess(ticket.first_response_deadline, utc("2028-05-01 00:00"))

    def test_two_week_calendars(self):
        self.hours_a.switch_calendar_type()
        lines = self.hours_a.attendance_ids.filtered(lambda each: not each.display_type)
        lines.filtered(lambda each: each.week_type == "0").unlink()

        def open_at(local):
            # The host's week of the first kind is that of even ordinals of weeks.
            line = lines.browse()
            kind = line.get_week_type(local.date())
            return kind and local.weekday() < 5 and 9 <= local.hour < 17

        for opened in ("2026-03-04 10:00", "2026-03-11 10:00", "2026-03-13 16:59"):
            with self.subTest(opened):
                ticket = self.opened(opened, 30, self.hours_a)
                self.assertEqual(
                    ticket.first_response_deadline,
                    self.walk(opened, 30, "Europe/Brussels", open_at),
                )

    def test_the_night_that_clocks_change(self):
        """An hour of work is an hour, whatever the clock on the wall says."""
        nights = self.make_hours(self.company_a, hours=((0, 8),), days=range(7))

        def open_at(local):
            return local.hour < 8

        cases = [
            # Spring forward on 29 March, back on 25 October, in Brussels.
            ("2026-03-28 23:00", 4, "Europe/Brussels"),
            ("2026-03-29 01:30", 2, "Europe/Brussels"),
            ("2026-10-24 23:00", 4, "Europe/Brussels"),
            ("2026-10-25 01:30", 9, "Europe/Brussels"),
            # Half an hour only, on 5 April and 4 October.
            ("2026-04-04 23:00", 4, "Australia/Lord_Howe"),
            ("2026-10-03 23:00", 4, "Australia/Lord_Howe"),
        ]
        for opened, promised, zone in cases:
            nights.tz = zone
            with self.subTest(opened=opened, zone=zone):
                self.assertEqual(
                    self.opened(opened, promised, nights, zone).first_response_deadline,
                    self.walk(opened, promised, zone, open_at),
                )

    @mute_logger("odoo.sql_db")
    def test_a_thousand_hours(self):
        ticket = self.opened("2024-02-28 16:00", 1000, self.hours_a)
        # 125 working days after 29 February of a leap year, eight hours each.
        self.assertDue(ticket, "2024-08-21 16:00")


@tagged("post_install", "-at_install")
class TestSlaCourse(SlaCase):
    """What becomes of a promise while the ticket goes its way."""

    def setUp(self):
        super().setUp()
        self.freezer = freeze_time()
        self.addCleanup(self.now("2026-03-04 10:00").stop)

    def now(self, text):
        self.freezer = freeze_time(utc(text))
        self.frozen = self.freezer.start()
        self.env.invalidate_all()
        return self.freezer

    def later(self, text):
        self.frozen.move_to(utc(text))
        self.env.invalidate_all()

    def states(self, ticket):
        return tuple(
            self.clock(ticket, target).state
            for target in ("first_response", "resolution")
        )

    def notice(self):
        """Run the cron that notices what has passed."""
        cron = self.env.ref("dcrm_service.cron_notice_breaches")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def found(self, ticket, model="dcrm.ticket", field="sla_state"):
        """Return the states in which a search finds the ticket or its clocks."""
        domain = [("id", "in", ticket.ids)]
        return [
            state
            for state in ("running", "met", "breached", False)
            if self.env[model].search([*domain, (field, "=", state)])
        ]

    def test_a_promise_is_kept(self):
        ticket = self.ticket(self.partner())
        self.assertEqual(self.states(ticket), ("running", "running"))
        self.later("2026-03-04 12:00")
        self.answer(ticket)
        self.assertEqual(ticket.first_response_at, utc("2026-03-04 12:00"))
        self.assertEqual(self.states(ticket), ("met", "running"))
        self.assertEqual(ticket.next_deadline, utc("2026-03-11 10:00"))
        self.later("2026-03-11 10:00")
        ticket.stage_id = self.stage_solved
        self.assertEqual(self.states(ticket), ("met", "met"))
        self.assertFalse(ticket.next_deadline)
        self.assertEqual(self.found(ticket), ["met"])
        self.assertNoViolations()

    def answer(self, ticket, role="agent", **values):
        return ticket.with_env(self.env_as(role)).message_post(
            body="We are on it.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            **values,
        )

    def test_a_promise_is_broken_without_anybody_doing_anything(self):
        ticket = self.ticket(self.partner())
        self.later("2026-03-05 10:00")
        self.assertEqual(self.states(ticket), ("running", "running"))
        self.assertFalse(ticket.is_late)
        self.later("2026-03-05 10:01")
        self.assertEqual(self.states(ticket), ("breached", "running"))
        self.assertTrue(ticket.is_late)
        self.assertEqual(self.found(ticket), ["breached"])
        late = self.env["dcrm.ticket"].search([("is_late", "=", True)])
        self.assertIn(ticket, late)
        self.answer(ticket)
        self.assertEqual(self.states(ticket), ("breached", "running"))
        # It was late, and is not any more.
        self.assertFalse(ticket.is_late)
        on_time = self.env["dcrm.ticket"].search([("is_late", "=", False)])
        self.assertIn(ticket, on_time)
        self.assertNoViolations()

    def test_every_state_is_found_by_search(self):
        running = self.ticket(self.partner())
        self.everyone.active = False
        free = self.ticket(self.partner())
        self.everyone.active = True
        met = self.ticket(self.partner(), stage_id=self.stage_solved.id)
        self.assertEqual(self.found(running), ["running"])
        self.assertEqual(self.found(free), [False])
        self.assertEqual(self.found(met), ["met"])
        self.later("2026-04-04 10:00")
        self.assertEqual(self.found(running), ["breached"])
        for ticket, states in ((running, ["breached"]), (met, ["met"])):
            clock = self.clock(ticket)
            self.assertEqual(self.found(clock, clock._name, "state"), states)

    def test_nothing_is_met_at_birth(self):
        """Not without a stage, either."""
        for stage in (self.stage_new, self.env["dcrm.ticket.stage"]):
            ticket = self.ticket(self.partner(), stage_id=stage.id)
            self.assertFalse(ticket.closed_at)
            self.assertFalse(ticket.first_response_at)
            self.assertEqual(self.states(ticket), ("running", "running"))

    def test_opening_again_takes_the_closing_back(self):
        ticket = self.ticket(self.partner())
        self.later("2026-03-04 12:00")
        ticket.stage_id = self.stage_solved
        self.assertEqual(ticket.closed_at, utc("2026-03-04 12:00"))
        self.later("2026-03-06 09:00")
        ticket.stage_id = self.stage_progress
        self.assertFalse(ticket.closed_at)
        self.assertEqual(self.clock(ticket, "resolution").state, "running")
        # Thirty-eight hours were left, and have been left alone meanwhile.
        self.assertEqual(ticket.resolution_deadline, utc("2026-03-12 15:00"))
        change = self.clock(ticket, "resolution").change_ids
        self.assertEqual(change.reason, "Opened again")
        self.assertEqual(change.deadline_before, utc("2026-03-11 10:00"))
        self.assertEqual(ticket.pause_ids.started_at, utc("2026-03-04 12:00"))
        # It was answered when it was solved first.
        self.assertEqual(ticket.first_response_at, utc("2026-03-04 12:00"))
        self.assertNoViolations()

    def test_opening_again_and_again(self):
        ticket = self.ticket(self.partner())
        for day in (5, 9, 11):
            self.later(f"2026-03-{day:02} 10:00")
            ticket.stage_id = self.stage_solved
            self.later(f"2026-03-{day:02} 15:00")
            ticket.stage_id = self.stage_progress
        self.assertEqual(len(ticket.pause_ids), 3)
        # Forty hours were promised, and fifteen did not count.
        self.assertEqual(ticket.resolution_deadline, utc("2026-03-12 17:00"))
        self.assertNoViolations()

    def test_what_was_late_stays_late_when_it_is_opened_again(self):
        ticket = self.ticket(self.partner())
        self.later("2026-03-20 10:00")
        ticket.stage_id = self.stage_solved
        self.later("2026-03-25 10:00")
        ticket.stage_id = self.stage_progress
        self.assertEqual(ticket.resolution_deadline, utc("2026-03-11 10:00"))
        self.assertTrue(ticket.is_late)
        self.assertNoViolations()

    def test_a_change_sets_it_anew_and_keeps_what_it_was(self):
        urgent = self.policy("Urgent", 1, priority="3")
        ticket = self.ticket(self.partner())
        ticket.priority = "3"
        clock = self.clock(ticket)
        self.assertEqual(clock.policy_id, urgent)
        self.assertDue(ticket, "2026-03-04 11:00")
        change = clock.change_ids
        self.assertEqual(change.deadline_before, utc("2026-03-05 10:00"))
        self.assertEqual(change.policy_before_id, self.everyone)
        self.assertEqual(change.reason, "Priority: Urgent")
        note = ticket.message_ids.filtered(lambda each: "Priority: Urgent" in each.body)
        self.assertTrue(note)
        for words in ("4 Mar 2026 11:00", "5 Mar 2026 10:00", "policy Urgent"):
            self.assertIn(words, note[0].body)
        ticket.priority = "0"
        self.assertDue(ticket, "2026-03-05 10:00")
        self.assertEqual(len(clock.change_ids), 2)
        self.assertNoViolations()

    def test_a_change_that_changes_nothing_leaves_no_trace(self):
        ticket = self.ticket(self.partner())
        before = len(ticket.message_ids)
        ticket.write(
            {
                "priority": "1",
                "kind_id": self.env["dcrm.ticket.kind"].search([], limit=1).id,
            }
        )
        self.assertFalse(ticket.sla_change_ids)
        self.assertEqual(len(ticket.message_ids), before)

    def test_what_was_reached_is_not_promised_anew(self):
        ticket = self.ticket(self.partner())
        self.answer(ticket)
        self.policy("Urgent", 0.5, 2, priority="3")
        ticket.priority = "3"
        self.assertDue(ticket, "2026-03-05 10:00")
        self.assertEqual(ticket.resolution_deadline, utc("2026-03-04 12:00"))

    def test_a_promise_that_ends_is_kept_in_the_history(self):
        kind = self.env["dcrm.ticket.kind"].search([], limit=1)
        self.everyone.kind_ids = kind
        ticket = self.ticket(self.partner(), kind_id=kind.id)
        ticket.kind_id = False
        self.assertFalse(ticket.next_deadline)
        clock = self.clock(ticket)
        self.assertFalse(clock.state)
        self.assertEqual(clock.change_ids.policy_before_id, self.everyone)
        self.assertNoViolations()

    def test_open_tickets_follow_the_customers_level(self):
        self.policy("Premier", 1, 4, service_level_ids=self.premier.ids)
        customer = self.served(self.standard)
        open_, closed = self.ticket(customer), self.ticket(customer)
        theirs = self.ticket(customer, self.team_b)
        closed.stage_id = self.stage_solved
        contact = self.partner(parent_id=customer.id)
        of_contact = self.ticket(contact)
        self.assertEqual(of_contact.service_level_id, self.standard)
        customer.with_company(self.company_a).service_level_id = self.premier
        for ticket in (open_, of_contact):
            self.assertEqual(ticket.service_level_id, self.premier)
            self.assertDue(ticket, "2026-03-04 11:00")
            self.assertEqual(
                set(ticket.sla_change_ids.mapped("reason")), {"Service level: Premier"}
            )
        self.assertEqual(closed.service_level_id, self.standard)
        self.assertDue(closed, "2026-03-05 10:00")
        self.assertFalse(theirs.service_level_id)
        self.assertNoViolations()

    def test_a_posted_purchase_that_lifts_the_class_lifts_the_next_deadline(self):
        self.company_a.customer_scoring = True
        self.policy("Premier", 1, 4, service_level_ids=self.premier.ids)
        large, small = self.partner(), self.partner()
        self.purchase(large, 900.0)
        self.purchase(small, 30.0)
        self.refresh()
        self.assertEqual(self.ticket(large).service_level_id, self.premier)
        ticket = self.ticket(small)
        self.assertNotEqual(ticket.service_level_id, self.premier)
        self.assertDue(ticket, "2026-03-05 10:00")
        self.purchase(small, 9000.0)
        self.refresh(full=True)
        self.assertEqual(ticket.service_level_id, self.premier)
        self.assertDue(ticket, "2026-03-04 11:00")
        self.assertDue(self.ticket(small), "2026-03-04 11:00")
        self.assertNoViolations()

    def test_other_contact_other_customer_other_level(self):
        self.policy("Premier", 1, 4, service_level_ids=self.premier.ids)
        ticket = self.ticket(self.served(self.standard))
        ticket.partner_id = self.served(self.premier)
        self.assertEqual(ticket.service_level_id, self.premier)
        self.assertDue(ticket, "2026-03-04 11:00")

    def test_merged_customers_have_one_level(self):
        self.policy("Premier", 1, 4, service_level_ids=self.premier.ids)
        into, gone = self.served(self.standard), self.served(self.premier)
        tickets = self.ticket(into) | self.ticket(gone)
        closed = self.ticket(gone, stage_id=self.stage_solved.id)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((into | gone).ids, into, extra_checks=False)
        self.assertEqual((tickets | closed).commercial_partner_id, into)
        for ticket in tickets:
            self.assertEqual(ticket.service_level_id, self.standard)
            self.assertDue(ticket, "2026-03-05 10:00")
        self.assertEqual(closed.service_level_id, self.premier)
        self.assertNoViolations()

    def test_policies_and_holidays_are_applied_to_open_tickets_on_demand(self):
        ticket, closed = self.ticket(self.partner()), self.ticket(self.partner())
        closed.stage_id = self.stage_solved
        self.everyone.first_response_hours = 4
        self.env["resource.calendar.leaves"].create(
            {
                "calendar_id": self.hours_a.id,
                "date_from": utc("2026-03-04 12:00"),
                "date_to": utc("2026-03-04 14:00"),
            }
        )
        self.assertDue(ticket, "2026-03-05 10:00")
        self.everyone.with_env(self.env_as("service_manager")).action_apply()
        self.assertDue(ticket, "2026-03-04 16:00")
        self.assertDue(closed, "2026-03-05 10:00")
        self.assertNoViolations()

    def test_a_deadline_that_has_passed_is_noticed_once(self):
        ticket = self.ticket(self.partner())

        def notes():
            return [
                each.body for each in ticket.message_ids if " was due " in each.body
            ]

        self.notice()
        self.assertFalse(notes())
        self.later("2026-03-06 10:00")
        self.notice()
        self.notice()
        [note] = notes()
        self.assertIn("nobody has answered", note)
        self.assertIn("5 Mar 2026 10:00 (Europe/Brussels)", note)
        self.later("2026-03-12 10:00")
        self.notice()
        self.assertEqual(len(notes()), 2)
        self.assertTrue(all(ticket.clock_ids.mapped("noticed_at")))

    def test_what_is_set_anew_is_noticed_anew(self):
        ticket = self.ticket(self.partner())
        self.later("2026-03-06 10:00")
        self.notice()
        self.everyone.first_response_hours = 24
        self.everyone.action_apply()
        self.assertFalse(self.clock(ticket).noticed_at)
        self.assertFalse(ticket.is_late)

    def test_the_deadline_in_words(self):
        ticket = self.ticket(self.partner()).with_context(tz="Europe/Brussels")
        words = self.clock(ticket)
        self.assertEqual(
            words.summary, "Answer due tomorrow at 10:00\u202fAM, in 24 hours."
        )
        self.assertIn("Everyone: 8 h from today at 10:00", words.explanation)
        self.assertIn("Hours of Company A (Europe/Brussels)", words.explanation)
        self.later("2026-03-05 12:30")
        self.assertIn("Answer was due today at 10:00", words.summary)
        self.assertIn("late", words.summary)
        self.answer(ticket)
        self.assertIn("Answered today at 12:30", words.summary)
        self.assertIn("late", words.summary)
        self.later("2026-03-09 12:30")
        ticket.stage_id = self.stage_solved
        self.assertIn("Solved today at 12:30", self.clock(ticket, "resolution").summary)
        self.assertIn("early", self.clock(ticket, "resolution").summary)

    def test_many_at_once_are_promised_as_each_by_itself(self):
        self.policy("Premier", 2, 8, service_level_ids=self.premier.ids)
        customers = [self.served(self.premier), self.served(self.standard)]
        values = [
            {
                "name": f"{number}",
                "partner_id": customers[number % 2].id,
                "team_id": (self.team_a, self.team_b)[number % 3 == 0].id,
                "company_id": (self.company_a, self.company_b)[number % 3 == 0].id,
                "opened_at": utc("2026-03-01 10:00") + timedelta(hours=7 * number),
            }
            for number in range(12)
        ]
        self.policy("B", 3, company=self.company_b)
        together = self.env["dcrm.ticket"].create(values)
        for ticket, each in zip(together, values, strict=True):
            alone = self.env["dcrm.ticket"].create(each)
            for field in ("first_response_deadline", "resolution_deadline"):
                self.assertEqual(ticket[field], alone[field])
        self.assertNoViolations()

    def test_calendars_of_a_company_are_its_own(self):
        with self.assertRaises(UserError), self.cr.savepoint():
            self.team_a.resource_calendar_id = self.hours_b
        with self.assertRaises(UserError), self.cr.savepoint():
            self.everyone.team_ids = [Command.set(self.team_b.ids)]
