from datetime import UTC, timedelta

from odoo import models

from ..compute.sla_clock import FOREVER, tidy

# How far the host is asked ahead at a time, and when asking is given up.
CHUNK = timedelta(days=28)
SILENCE = timedelta(days=730)
HORIZON = timedelta(days=7300)


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _service_time(self, company, start):
        """Yield the working time of a company from an instant on, without end.

        No calendar, one without any hours and one of flexible hours, which does not
        say when, are round the clock. So is every calendar from where it has had no
        working time for two years, or twenty years after the start.

        :param company: whose holidays count, beside those of every company
        :param datetime start: naive UTC
        :return: generator of (start, stop), naive UTC, disjoint, ascending
        """
        last = begin = start.replace(second=0, microsecond=0)
        while (
            self._has_service_hours()
            and begin - last < SILENCE
            and begin - start < HORIZON
        ):
            work = self._service_intervals(company, begin, begin + CHUNK)
            yield from work
            begin += CHUNK
            last = begin if work else last
        yield begin, FOREVER

    def _has_service_hours(self):
        return not self.flexible_hours and any(
            not hours.display_type
            and hours.day_period != "lunch"
            and hours.hour_to > hours.hour_from
            for hours in self.attendance_ids
        )

    def _service_intervals(self, company, start, stop):
        """Return the working time between two instants, in whole minutes."""
        holidays = [
            ("time_type", "=", "leave"),
            ("company_id", "in", [False, company.id]),
        ]
        intervals = self._work_intervals_batch(
            start.replace(tzinfo=UTC), stop.replace(tzinfo=UTC), domain=holidays
        )[False]
        return tidy(
            (
                begin.astimezone(UTC).replace(tzinfo=None),
                end.astimezone(UTC).replace(tzinfo=None),
            )
            for begin, end, _hours in intervals
        )
