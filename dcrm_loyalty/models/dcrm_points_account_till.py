from odoo import models
from odoo.exceptions import UserError

from ..compute import earning
from .dcrm_points_account import POINTS


class DcrmPointsAccount(models.Model):
    """What orders of the till ask of an account."""

    _inherit = "dcrm.points.account"

    def _may_earn_at_till(self, order):
        """Tell whether the order is of the club's company, and whose it is a member."""
        club = self.club_id
        return order.company_id == club.company_id and self._is_open_to_holder()

    def _settle_at_till(self, order, told, used):
        """Post what an order of the till earns and redeems, and undo what it refunds.

        The till counts what comes back off what is bought, and takes nothing back
        where more comes back: what falls on it the ledger finds by itself.

        :param told: what the order earns, as the till has it
        :param used: what its rewards cost
        :raise UserError: the till tells what no rule gives, or takes back what the
            refunded orders do not hold
        """
        program = self.club_id.program_id
        held, undo = self._to_undo_at_till(order)
        taken = sum(points for move, points in undo if move.kind != "redeem")
        most = program._get_most_at_till(order)
        if told > most + 0.5 * 10 ** -POINTS[1] or -told > held:
            raise UserError(
                self.env._(
                    "%(order)s can not bring %(points)s points of %(club)s: by its "
                    "rules it earns %(most)s at most, and what it refunds holds "
                    "%(held)s.",
                    order=order.display_name,
                    points=round(told, POINTS[1]),
                    club=self.club_id.name,
                    most=round(most, POINTS[1]),
                    held=round(held, POINTS[1]),
                )
            )
        for move, points in undo:
            if move.kind == "redeem":
                move.account_id._living()._reverse(move, points, document=order)
        earned = min(told + taken, most)
        if earned > 0 and self._may_earn_at_till(order):
            self._lock()
            self._issue_of_order(earned, document=order)
        for move, points in undo:
            if move.kind != "redeem":
                move.account_id._living()._reverse(move, points, document=order)
        if used > 0:
            self._post("redeem", -used, document=order)

    def _to_undo_at_till(self, order):
        """Return what the orders hold that an order of the till refunds, and is due.

        :return: ``(points issued that they hold, [(move, points to be reversed)])``
        """
        held, undo = 0.0, []
        program = self.club_id.program_id
        for bought in order.lines.refunded_orderline_id.order_id:
            roots, holds = self._holds_at_till(bought)
            held += sum(hold.points for hold in holds if hold.issuing)
            if not holds:
                continue
            earned, used = program._get_parts_kept_at_till(bought, order)
            issued = sum(m.points + m.pending for m in roots if m.kind != "redeem")
            cost = -sum(m.points for m in roots if m.kind == "redeem")
            undo += [
                (move, points)
                for step, move, points in earning.steps(
                    earning.part(issued, earned), earning.part(cost, used), holds
                )
                if step == "reverse"
            ]
        return held, undo

    def _holds_at_till(self, order):
        """Return what an order of the till has in the club: moves, and what holds."""
        moves = self.env["dcrm.points.move"].sudo()
        rows = [
            row
            for (_order, account_id), rows in moves._of_documents(order).items()
            if self.browse(account_id).club_id == self.club_id
            for row in rows
        ]
        return moves.browse([id_ for id_, *_ in rows]), [
            earning.Hold(moves.browse(id_), issues, abs(float(points + pending)))
            for id_, issues, points, pending in rows
        ]
