from odoo import models


class ResourceResource(models.Model):
    _inherit = "resource.resource"

    def _absent(self, at):
        """Return those of these resources who are on leave at a naive UTC instant."""
        leaves = self.env["resource.calendar.leaves"].sudo()
        return leaves.search(
            [
                ("resource_id", "in", self.ids),
                ("time_type", "=", "leave"),
                ("date_from", "<=", at),
                ("date_to", ">", at),
            ]
        ).resource_id
