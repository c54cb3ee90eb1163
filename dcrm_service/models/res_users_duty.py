from odoo import fields, models


class ResUsers(models.Model):
    """Who is at work: by their hours, and unless they are absent."""

    _inherit = "res.users"

    def _on_duty(self, calendar, company, at=None):
        """Return those of these users who are at work, in as many queries for many.

        Who has working hours of their own, as a resource of the company, works by
        those; the others by ``calendar``; where there are no hours, round the clock.
        An absence of a resource of theirs, in whichever company, is one.

        :param calendar: working hours of who has none of their own; may be empty
        :param company: whose holidays count
        :param datetime at: naive UTC; default: now
        """
        at = at or fields.Datetime.now()
        resources = self.env["resource.resource"].sudo()
        resources = resources.search([("user_id", "in", self.ids)])
        absent = resources._absent(at).user_id
        here = resources.filtered(
            lambda resource: resource.company_id == company and resource.calendar_id
        )
        own = {resource.user_id: resource for resource in reversed(here)}
        by_calendar = {}
        for user in self - absent:
            resource = own.get(user, resources.browse())
            hours = resource.calendar_id or calendar.sudo()
            by_calendar.setdefault(hours, {})[user] = resource
        at_work = {
            user
            for hours, users in by_calendar.items()
            for user in hours._at_work(users, company, at)
        }
        return self.filtered(lambda user: user in at_work)
