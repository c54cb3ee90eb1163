from odoo import fields, models


class ResUsers(models.Model):
    """Who can be told that a request has climbed to them, and why others can not."""

    _inherit = "res.users"

    def _away(self):
        """Return those of these users of whom a resource is on leave now."""
        now = fields.Datetime.now()
        leaves = self.env["resource.calendar.leaves"].sudo()
        return leaves.search(
            [
                ("resource_id.user_id", "in", self.ids),
                ("time_type", "=", "leave"),
                ("date_from", "<=", now),
                ("date_to", ">", now),
            ]
        ).resource_id.user_id

    def _reason_not_to_tell(self, company, away):
        """Return why a user is passed over for tickets of a company, ``None``: is not.

        :param away: the users who are on leave
        """
        self.ensure_one()
        user = self.sudo()
        if not user.active or user.share:
            return "archived"
        if company not in user.company_ids:
            return "company"
        return "absent" if self in away else None
