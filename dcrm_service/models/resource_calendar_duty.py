from datetime import UTC, timedelta

from odoo import models

MOMENT = timedelta(minutes=1)


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _at_work(self, resource_of, company, at):
        """Return who is at work by this calendar, or by none: round the clock.

        :param dict resource_of: of users to their resource, empty: of no time zone
            of their own
        :param company: whose holidays count
        :param datetime at: naive UTC
        :return: list of the users
        """
        if not self or not self._has_service_hours():
            return list(resource_of)
        resources = self.env["resource.resource"].union(*resource_of.values())
        begin = at.replace(tzinfo=UTC)
        work = self._work_intervals_batch(
            begin,
            begin + MOMENT,
            resources=resources,
            domain=[
                ("time_type", "=", "leave"),
                ("company_id", "in", [False, company.id]),
            ],
        )
        return [user for user, resource in resource_of.items() if work[resource.id]]
