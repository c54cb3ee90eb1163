from contextlib import contextmanager

from odoo import api, fields, models

from ..compute import billing, earning
from ..queries import points_order as queries
from .points_context import LATER

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

    points_account_ids = fields.Many2many(
        "dcrm.points.account",
        compute="_compute_points_account_ids",
        compute_sudo=True,
        groups="dcrm_analytics.group_dcrm_seller",
        help="What the customer has at the clubs of the company",
    )

    @api.depends("company_id", "partner_id")
    def _compute_points_account_ids(self):
        accounts = self.env["dcrm.points.account"]._find(
            self.company_id._points_clubs(), self.partner_id.commercial_partner_id
        )
        for order in self:
            order.points_account_ids = accounts.filtered(
                lambda account, order=order: (
                    account.company_id == order.company_id
                    and account.partner_id == order.partner_id.commercial_partner_id
                )
            )

    def _find_points_account(self, club):
        """Return the account of the order's customer at a club, or none."""
        accounts = self.sudo().points_account_ids
        return accounts.filtered(lambda account: account.club_id == club)

    def _open_points_account(self, club):
        """Return the account of the order's customer at a club, new where is none."""
        account = self._find_points_account(club)
        if not account:
            accounts = self.env["dcrm.points.account"].sudo()
            account = accounts._make(club, self.partner_id)
            self.invalidate_recordset(["points_account_ids"], flush=False)
        return account

    def write(self, vals):
        if vals.keys().isdisjoint({"state", "order_line"}):
            return super().write(vals)
        if vals.get("state") == CONFIRMED:
            self._check_confirmed_by_hand()
        with self._settling_points() as orders:
            return super(SaleOrder, orders).write(vals)

    def _of_points_companies(self):
        """Return the orders of companies with clubs that keep points."""
        return self.filtered(lambda order: order.company_id._points_clubs())

    def _get_kept_club(self, program):
        """Return the club that keeps the points of a program, maybe of elsewhere."""
        clubs = self.company_id._points_clubs()
        club = clubs.filtered(lambda club: club.program_id == program)
        if club or program.company_id == self.company_id:
            return club
        return program._kept_clubs().get(program.id, club)

    @contextmanager
    def _settling_points(self):
        """Change orders inside; their points are settled at the end of the outermost.

        Yields the orders with which to change them.
        """
        kept = self._of_points_companies()
        if not kept or self.env.context.get("dcrm_points_later") is LATER:
            yield self
            return
        before = kept._confirmed()
        yield self.with_context(dcrm_points_later=LATER)
        now = kept._confirmed()
        self._settle_entitled(
            now | before,
            (now - before)._grant_points()
            + (now & before)._revise_points()
            + self.env["dcrm.points.entitlement"].sudo()._claim(before - now),
        )

    def _confirmed(self):
        return self.filtered(lambda order: order.state == CONFIRMED)

    # -- what orders earn --------------------------------------------------------------

    def _grant_points(self):
        """Return what orders earn, remembered now that they are confirmed."""
        if not self:
            return []
        earned = {order: order._earned(order._earning_clubs()) for order in self.sudo()}
        return self.env["dcrm.points.entitlement"].sudo()._grant(earned)

    def _revise_points(self):
        """Return what orders earn, remembered after a change of their lines."""
        entitlements = self.env["dcrm.points.entitlement"].sudo()
        known = entitlements._claim(self)
        clubs = {}
        for each in known:
            clubs[each.order] = clubs.get(each.order, each.club) | each.club
        earned = {order: order._earned(of) for order, of in clubs.items()}
        return [
            entitlements._revise(each, *earned[each.order][each.club]) for each in known
        ]

    # -- settling ----------------------------------------------------------------------

    def _settle_points(self, reason=False):
        """Bring the ledger to what the orders deserve now.

        :param reason: why, as the moves tell it
        :raise UserError: where there are not enough points to redeem
        """
        entitled = self.env["dcrm.points.entitlement"].sudo()._claim(self)
        self._settle_entitled(self, entitled, reason)

    def _settle_entitled(self, orders, entitled, reason=False):
        """Settle orders, given what they earn."""
        orders = orders.sudo().sorted("id")
        if not orders:
            return
        holds = orders._points_holds(entitled)
        issued = orders._points_issued(entitled)
        for order in orders:
            used = order._points_used()
            clubs = dict.fromkeys(
                [club for of, club in [*holds, *issued] if of == order] + [*used]
            )
            for club in clubs:
                key = order, club
                steps = earning.steps(
                    issued.get(key, 0.0), used.get(club, 0.0), holds.get(key, [])
                )
                order._settle_club(club, list(steps), reason)

    def _points_holds(self, entitled):
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
        for key, holds in self._points_opened(entitled).items():
            held.setdefault(key, []).extend(holds)
        return held

    def _points_opened(self, entitled):
        """Return ``{(order, club): [hold]}``: what openings have of earlier orders."""
        opened = [each for each in entitled if each.opening_issued or each.opening_used]
        if not opened:
            return {}
        back = {
            (order_id, club_id): (float(issued), float(used))
            for order_id, club_id, issued, used in self.env.execute_query(
                queries.reversed_of_openings([each.order.id for each in opened])
            )
        }
        result = {}
        for each in opened:
            issued, used = back.get((each.order.id, each.club.id), (0.0, 0.0))
            result[each.order, each.club] = [
                earning.Hold("issued", True, each.opening_issued - issued),
                earning.Hold("used", False, each.opening_used - used),
            ]
        return result

    def _points_issued(self, entitled):
        """Return ``{(order, club): points}`` that the orders are to have brought."""
        entitled = [each for each in entitled if each.order.state == CONFIRMED]
        paid = any(each.earn_on == "paid" for each in entitled)
        billed = (
            self.browse()
            .union(*(each.order for each in entitled))
            ._get_billed_lines(paid)
        )
        return {
            (each.order, each.club): each.order._get_points_deserved(each, billed)
            for each in entitled
        }

    def _get_points_deserved(self, entitled, billed):
        """Return what the order has earned by now of what it is entitled to.

        :param billed: what :meth:`_get_billed_lines` returned
        """
        lines = self.order_line.ids if billed else ()
        billed = {id_: billed[id_] for id_ in lines if id_ in billed}
        if not billed:
            return entitled.points if entitled.earn_on == "order" else 0.0
        exact = bool(entitled.terms)
        terms = (
            earning.Terms.load(entitled.terms)
            if exact
            else self._get_points_terms(entitled.club.program_id)
        )
        return earning.deserved(entitled.points, entitled.earn_on, terms, billed, exact)

    def _points_used(self):
        """Return ``{club: points}`` that the order is to have taken.

        A credit note of a reward gives its points back, in proportion.
        """
        used = {}
        if self.state != CONFIRMED:
            return used
        lines = self.order_line.filtered("coupon_id")
        kept = lines._get_kept_parts()
        for line in lines:
            if club := self._get_kept_club(line.coupon_id.program_id):
                points = earning.part(line._get_points_used(), kept.get(line.id, 1.0))
                used[club] = used.get(club, 0.0) + points
        return used

    def _settle_club(self, club, steps, reason):
        """Take the steps that lead to what the order deserves at a club."""
        if not steps:
            return
        values = {"document": self, "reason": reason}
        if any(not isinstance(move, models.Model) for _kind, move, _points in steps):
            account = self._open_points_account(club)
            account._lock()
        for kind, move, points in steps:
            if kind == "issue":
                account._issue_of_order(points, **values)
            elif kind == "redeem":
                account._add("redeem", -points, **values)
            elif move in OPENED:
                account._add("reverse", OPENED[move] * points, **values)
            else:
                move.account_id._living()._reverse(move, points, **values)

    # -- what is billed of them --------------------------------------------------------

    def _get_billed_lines(self, paid=True):
        """Return ``{order line id: Bills}`` of the lines that documents bill.

        :param paid: also what is paid of them
        """
        if not self.order_line.invoice_lines:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(queries.billed(self.ids))
        moves = self.env["account.move"].sudo().browse({row[1] for row in rows})
        lines = self.env["sale.order.line"].browse(row[0] for row in rows)
        billed = {}
        for line_id, move_id, refunds, amount, currency_id, quantity in rows:
            order = lines.browse(line_id).with_prefetch(lines.ids).order_id
            move = moves.browse(move_id).with_prefetch(moves.ids)
            amount = order._in_order_currency(amount, currency_id, move)
            part = 0.0
            if paid:
                part = move._get_unpaid_part() if refunds else move._get_paid_part()
            bills = billed.setdefault(line_id, billing.Bills())
            bills.add(refunds, amount, quantity, part)
        return billed

    def _in_order_currency(self, amount, currency_id, move):
        if currency_id == self.currency_id.id:
            return amount
        currency = self.env["res.currency"].browse(currency_id)
        day = move.invoice_date or move.date
        return currency._convert(
            amount, self.currency_id, self.company_id, day, round=False
        )
