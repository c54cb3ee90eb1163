from odoo import api, models

from ..queries import points_leave as queries
from ..queries import points_ledger


class DcrmPointsAccount(models.Model):
    """Cards go on without a ledger, as the host has them, when DCRM is uninstalled."""

    _inherit = "dcrm.points.account"

    @api.model
    def _leave_to_host(self):
        """Leave the host's cards with their balances, and its history up to date.

        The guards of the database go first: with them, without us, no order could be
        confirmed.
        """
        self.env.flush_all()
        self.env.cr.execute(points_ledger.drop())
        kinds = self.env["dcrm.points.move"]._fields["kind"]
        labels = dict(kinds._description_selection(self.env))
        pending = self.env._("Pending points, which can be used now")
        owed = self.env._("Owed points, which are forgiven")
        for statement in (
            queries.add_history(labels, self.env.uid),
            queries.settle_accounts(pending, owed, self.env.uid),
            queries.follow_cards(),
            queries.forget_order_points(),
            queries.add_order_points(self.env.uid),
        ):
            self.env.cr.execute(statement)
        self.env.invalidate_all(flush=False)
