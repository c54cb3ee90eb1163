from odoo import fields, models


class ResUsers(models.Model):
    """Who can be told that a request has climbed to them, and why others can not."""

    _inherit = "res.users"

    def _away(self):
        """Return those of these users of whom a resource is on leave now."""
        resources = self.env["resource.resource"].sudo()
        found = resources.search([("user_id", "in", self.ids)])
        return found._absent(fields.Datetime.now()).user_id

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
