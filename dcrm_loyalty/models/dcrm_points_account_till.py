from odoo import models


class DcrmPointsAccount(models.Model):
    """What orders of the till ask of an account."""

    _inherit = "dcrm.points.account"

    def _may_earn_at_till(self, order):
        """Tell whether the order is of the club's company, and whose it is a member."""
        club = self.club_id
        return order.company_id == club.company_id and self._is_open_to_holder()

    def _undo_at_till(self, order, earned, used):
        """Take back what an order brought that the till now refunds, and give back.

        What the refunded orders have in the ledger goes first; anything beyond that is
        taken, or given, without an order to name.

        :param earned: how many points to take back
        :param used: how many points to give back
        """
        values = {"document": order}
        for issuing, points in ((True, earned), (False, used)):
            left = points
            for move, holds in self._holds_at_till(order.refunded_order_id, issuing):
                part = min(left, holds)
                if part > 0:
                    move.account_id._living()._reverse(move, part, **values)
                    left -= part
            if round(left, 4) > 0:
                self._post("reverse", -left if issuing else left, **values)

    def _holds_at_till(self, orders, issuing):
        """Return ``[(move, points)]`` that still hold of orders of the till here."""
        moves = self.env["dcrm.points.move"].sudo()
        return [
            (moves.browse(id_), abs(float(points + pending)))
            for (_order, account_id), rows in moves._of_documents(orders).items()
            if self.browse(account_id)._living() == self
            for id_, issues, points, pending in rows
            if issues == issuing
        ]
