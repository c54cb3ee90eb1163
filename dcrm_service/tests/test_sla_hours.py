"""Deadlines on calendars of every make, to the minute."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_sla import UTC, SlaCase, utc


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
