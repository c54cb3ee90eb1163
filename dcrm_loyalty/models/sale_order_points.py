from contextlib import contextmanager

from odoo import models

from ..compute import earning
from ..queries import points_order as queries

# In the context of who changes an order that is confirmed: its points are settled once,
# at the end. An object, since no request can send one.
LATER = object()

CONFIRMED = "sale"

# What openings hold of earlier orders has no move of its own; reversed, it moves points
# down or up.
OPENED = {"issued": -1, "used": 1}


class SaleOrder(models.Model):
    """The points of orders: the ledger is brought to what an order deserves now.

    Whatever happens to an order or to its documents ends in :meth:`_settle_points`,
    which posts the difference between what the order deserves and what the ledger holds
    of it. What happens twice counts once.
    """

    _inherit = "sale.order"

    def write(self, vals):
        if vals.keys().isdisjoint({"state", "order_line"}):
            return super().write(vals)
        with self._settling_points() as orders:
            return super(SaleOrder, orders).write(vals)

    def _of_points_companies(self):
        """Return the orders of companies with clubs that keep points."""
        return self.filtered(lambda order: order.company_id._points_clubs())

    @contextmanager
    def _settling_points(self):
        """Change orders inside; their points are settled at the end of the outermost.

        Yields the orders with which to change them.
        """
        kept = self._of_points_companies()
        if not kept or self.env.context.get("dcrm_points_later") is LATER:
            yield self
            return
        before = {order: order.state for order in kept}
        yield self.with_context(dcrm_points_later=LATER)
        for order, state in before.items():
            if order.state == CONFIRMED and state != CONFIRMED:
                order._grant_points()
            elif order.state == CONFIRMED:
                order._revise_points()
        changed = [
            order.id for order in kept if CONFIRMED in (before[order], order.state)
        ]
        self.browse(changed)._settle_points()

    # -- what orders earn --------------------------------------------------------------

    def _grant_points(self):
        """Remember what an order earns, now that it is confirmed."""
        for order in self.sudo():
            clubs = order._earning_clubs()
            points = order._points_of(clubs)
            self.env["dcrm.points.entitlement"].sudo()._grant(order, points)

    def _revise_points(self):
        """Remember what an order earns after a change of its lines."""
        entitlements = self.env["dcrm.points.entitlement"].sudo()
        for order in self.sudo():
            known = entitlements.search(entitlements._of(order))
            points = order._points_of(known.club_id)
            for each in known:
                each._set(points[each.club_id], each.earn_on)

    # -- settling ----------------------------------------------------------------------

    def _settle_points(self, reason=False):
        """Bring the ledger to what the orders deserve now.

        :param reason: why, as the moves tell it
        :raise UserError: where there are not enough points to redeem
        """
        orders = self.sudo().sorted("id")
        entitlements = self.env["dcrm.points.entitlement"].sudo()._claim(orders)
        holds = orders._points_holds(entitlements)
        issued = orders._points_issued(entitlements)
        for order in orders:
            used = order._points_used()
            for club in (
                self.env["dcrm.club"]
                .sudo()
                .union(*(club for of, club in [*holds, *issued] if of == order), *used)
            ):
                order._settle_club(
                    club,
                    earning.steps(
                        issued.get((order, club), 0.0),
                        used.get(club, 0.0),
                        holds.get((order, club), []),
                    ),
                    reason,
                )

    def _points_holds(self, entitlements):
        """Return ``{(order, club): [hold]}``: what the ledger has of the orders."""
        moves = self.env["dcrm.points.move"].sudo()
        accounts = self.env["dcrm.points.account"].sudo()
        held = {}
        for (order_id, account_id), rows in moves._of_documents(self).items():
            key = self.browse(order_id), accounts.browse(account_id).club_id
            held.setdefault(key, []).extend(
                earning.Hold(
                    moves.browse(id_),
                    issuing,
                    float(points + pending) * (1 if issuing else -1),
                )
                for id_, issuing, points, pending in rows
            )
        for key, holds in self._points_opened(entitlements).items():
            held.setdefault(key, []).extend(holds)
        return held

    def _points_opened(self, entitlements):
        """Return ``{(order, club): [hold]}``: what openings have of earlier orders."""
        opened = entitlements.filtered(lambda e: e.opening_issued or e.opening_used)
        if not opened:
            return {}
        back = {
            (order_id, club_id): (float(issued), float(used))
            for order_id, club_id, issued, used in self.env.execute_query(
                queries.reversed_of_openings(opened.order_id.ids)
            )
        }
        result = {}
        for each in opened:
            issued, used = back.get((each.order_id.id, each.club_id.id), (0.0, 0.0))
            result[each.order_id, each.club_id] = [
                earning.Hold("issued", True, each.opening_issued - issued),
                earning.Hold("used", False, each.opening_used - used),
            ]
        return result

    def _points_issued(self, entitlements):
        """Return ``{(order, club): points}`` that the orders are to have brought."""
        entitlements = entitlements.filtered(lambda e: e.order_id.state == CONFIRMED)
        paid = "paid" in entitlements.mapped("earn_on")
        billed = entitlements.order_id._get_billed_lines(paid)
        return {
            (each.order_id, each.club_id): earning.part(
                each.points, each.order_id._get_points_share(each, billed)
            )
            for each in entitlements
        }

    def _points_used(self):
        """Return ``{club: points}`` that the order is to have taken."""
        used = {}
        if self.state != CONFIRMED:
            return used
        for line in self.order_line.filtered("coupon_id"):
            program = line.coupon_id.program_id
            if club := program._kept_clubs().get(program.id):
                used[club] = used.get(club, 0.0) + line._get_points_used()
        return used

    def _settle_club(self, club, steps, reason):
        """Take the steps that lead to what the order deserves at a club."""
        for kind, move, points in steps:
            values = {"document": self, "reason": reason}
            account = self._get_points_account(club)
            if kind == "issue":
                account._issue_of_order(points, **values)
            elif kind == "redeem":
                account._post("redeem", -points, **values)
            elif move in OPENED:
                account._post("reverse", OPENED[move] * points, **values)
            else:
                move.account_id._living()._reverse(move, points, **values)

    def _get_points_account(self, club):
        """Return the account of the order's customer: a new one where is none."""
        return self.env["dcrm.points.account"].sudo()._open(club, self.partner_id)

    # -- what is billed of them --------------------------------------------------------

    def _get_billed_lines(self, paid=True):
        """Return ``{order line id: amounts}`` of the lines that documents bill.

        :param paid: also what is paid of them
        """
        if not self:
            return {}
        self.env.flush_all()
        lines, moves = self.env["sale.order.line"], self.env["account.move"].sudo()
        billed = {}
        for line_id, move_id, refunds, amount, currency_id in self.env.execute_query(
            queries.billed(self.ids)
        ):
            order, move = lines.browse(line_id).order_id, moves.browse(move_id)
            amount = order._in_order_currency(amount, currency_id, move)
            sums = billed.setdefault(line_id, {"invoiced": 0.0, "refunded": 0.0})
            sums["refunded" if refunds else "invoiced"] += amount
            if paid and not refunds:
                part = amount * move._get_paid_part()
                sums["paid"] = sums.get("paid", 0.0) + part
        return billed

    def _in_order_currency(self, amount, currency_id, move):
        if currency_id == self.currency_id.id:
            return amount
        currency = self.env["res.currency"].browse(currency_id)
        day = move.invoice_date or move.date
        return currency._convert(
            amount, self.currency_id, self.company_id, day, round=False
        )

    def _get_points_share(self, entitlement, billed):
        """Return which part of its points the order has earned by now, from 0 to 1.

        :param billed: what :meth:`_get_billed_lines` returned
        """
        if not billed and entitlement.earn_on == "order":
            return 1.0
        lines = self._get_lines_of_points(entitlement.club_id.program_id)
        return earning.share(
            entitlement.earn_on,
            [
                earning.Billed(line.price_subtotal, **billed.get(line.id, {}))
                for line in lines
            ],
        )
