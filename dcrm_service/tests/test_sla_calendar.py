"""Working hours and holidays that change while a ticket is open."""

from odoo.fields import Command
from odoo.tests import tagged

from ..models import dcrm_sla_recount
from .common_sla import CourseCase, utc


@tagged("post_install", "-at_install")
class TestSlaCalendar(CourseCase):
    def setUp(self):
        super().setUp()
        self.asked = self.ticket(self.partner())

    def reasons(self, ticket=None):
        return self.changes(self.clock(ticket or self.asked))

    def holiday(self, start, stop, calendar=None, company=None, **values):
        leaves = self.env["resource.calendar.leaves"]
        return leaves.with_company(company or self.company_a).create(
            {
                "name": "Flood",
                "calendar_id": calendar and calendar.id,
                "date_from": utc(start),
                "date_to": utc(stop),
                **values,
            }
        )

    def test_a_holiday_that_comes_moves_and_goes(self):
        flood = self.holiday("2026-03-04 12:00", "2026-03-04 14:00", self.hours_a)
        self.assertDue(self.asked, "2026-03-05 12:00")
        flood.date_to = utc("2026-03-04 15:00")
        self.assertDue(self.asked, "2026-03-05 13:00")
        flood.unlink()
        self.assertDue(self.asked, "2026-03-05 10:00")
        self.assertEqual(self.reasons(), ["Holidays changed: Flood"] * 3)
        change = self.clock(self.asked).change_ids.sorted("id")[0]
        self.assertEqual(change.deadline_before, utc("2026-03-05 10:00"))
        self.assertEqual(change.deadline, utc("2026-03-05 12:00"))
        note = self.asked.message_ids.filtered(lambda each: "Flood" in each.body)
        self.assertTrue(note)
        self.assertNoViolations()

    def test_a_holiday_of_the_whole_company(self):
        theirs = self.ticket(self.partner(), self.team_b)
        self.policy("B", 8, company=self.company_b)
        self.holiday("2026-03-04 12:00", "2026-03-04 14:00")
        self.assertDue(self.asked, "2026-03-05 12:00")
        self.assertFalse(theirs.sla_change_ids)

    def test_who_is_away_alone_stops_nothing(self):
        resource = self.env["resource.resource"].create(
            {"name": "Ann", "calendar_id": self.hours_a.id}
        )
        self.holiday(
            "2026-03-04 12:00",
            "2026-03-04 14:00",
            self.hours_a,
            resource_id=resource.id,
        )
        self.assertFalse(self.reasons())

    def test_other_hours(self):
        lines = self.hours_a.attendance_ids
        lines.hour_to = 13
        # Three hours on Wednesday, four on Thursday, one on Friday.
        self.assertDue(self.asked, "2026-03-06 10:00")
        self.assertEqual(self.reasons(), ["Working hours changed: Hours of Company A"])
        self.assertNoViolations()

    def test_what_changes_line_by_line_is_one_change(self):
        self.hours_a.write(
            {
                "attendance_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "name": "Open",
                                "dayofweek": str(day),
                                "hour_from": 8,
                                "hour_to": 20,
                            }
                        )
                        for day in range(5)
                    ),
                ]
            }
        )
        self.assertDue(self.asked, "2026-03-04 18:00")
        self.assertEqual(len(self.reasons()), 1)

    def test_another_time_zone(self):
        self.hours_a.tz = "UTC"
        self.assertDue(self.asked, "2026-03-04 18:00")
        self.hours_a.tz = "America/New_York"
        # Nine to five over there is from three in the afternoon here.
        self.assertDue(self.asked, "2026-03-04 23:00")

    def test_no_hours_any_more(self):
        self.hours_a.attendance_ids.unlink()
        self.assertDue(self.asked, "2026-03-04 18:00")
        self.assertNoViolations()

    def test_the_team_gets_other_hours(self):
        night = self.make_hours(self.company_a, hours=((20, 24),), days=range(7))
        self.team_a.resource_calendar_id = night
        self.assertDue(self.asked, "2026-03-06 00:00")
        self.assertEqual(
            self.reasons(), ["Working hours of Care A: Hours of Company A"]
        )
        self.team_a.resource_calendar_id = False
        self.company_a.resource_calendar_id = self.hours_a
        self.assertDue(self.asked, "2026-03-05 10:00")
        self.assertNoViolations()

    def test_only_what_is_not_reached(self):
        closed = self.ticket(self.partner())
        closed.stage_id = self.stage_solved
        self.answer(self.asked)
        self.holiday("2026-03-04 12:00", "2026-03-04 14:00", self.hours_a)
        self.assertDue(closed, "2026-03-05 10:00")
        self.assertDue(self.asked, "2026-03-05 10:00")
        self.assertEqual(self.asked.resolution_deadline, utc("2026-03-11 12:00"))

    def test_policies_are_not_asked_again(self):
        self.everyone.first_response_hours = 1
        self.holiday("2026-03-04 12:00", "2026-03-04 14:00", self.hours_a)
        self.assertDue(self.asked, "2026-03-05 12:00")
        self.assertEqual(self.clock(self.asked).promised_hours, 8)

    def test_while_it_waits(self):
        self.answer(self.asked)
        self.asked.stage_id = self.stage_waiting
        self.holiday("2026-03-04 12:00", "2026-03-04 14:00", self.hours_a)
        solution = self.clock(self.asked, "resolution")
        self.assertEqual(solution.remaining_hours, 40)
        self.later("2026-03-04 15:00")
        self.asked.stage_id = self.stage_progress
        # Three of the five hours were worked: the clock stood still for those.
        self.assertEqual(solution.deadline, utc("2026-03-11 15:00"))
        self.assertNoViolations()

    def test_many_are_left_to_the_cron(self):
        self.patch(dcrm_sla_recount, "AT_ONCE", 0)
        self.holiday("2026-03-04 12:00", "2026-03-04 14:00", self.hours_a)
        self.assertDue(self.asked, "2026-03-05 10:00")
        self.assertIn("It is being counted anew.", self.clock(self.asked).summary)
        self.run_cron("cron_recount_clocks")
        self.assertDue(self.asked, "2026-03-05 12:00")
        self.assertNotIn("counted anew", self.clock(self.asked).summary)
        self.assertFalse(self.env["dcrm.sla.recount"].search([]))
        self.assertEqual(self.reasons(), ["Holidays changed: Flood"])
        self.assertNoViolations()

    def test_what_was_broken_may_be_kept_after_all(self):
        self.later("2026-03-05 11:00")
        self.notice()
        self.assertTrue(self.asked.is_late)
        self.holiday("2026-03-04 12:00", "2026-03-04 17:00", self.hours_a)
        self.assertFalse(self.asked.is_late)
        self.assertFalse(self.clock(self.asked).noticed_at)
        self.assertDue(self.asked, "2026-03-05 15:00")
