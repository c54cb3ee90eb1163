from odoo import api, fields, models
from odoo.tools.misc import formatLang

from ..queries import points as queries
from .sale_order_points import CONFIRMED


class SaleOrder(models.Model):
    """What an order earns and what it can use, on its form and for the customer."""

    _inherit = "sale.order"

    points_note = fields.Text(
        "Points",
        compute="_compute_points_note",
        compute_sudo=True,
        help="What the order earns at clubs, and which points it can use",
    )

    @api.depends(
        "state",
        "company_id",
        "partner_id",
        "currency_id",
        "date_order",
        "order_line.price_total",
        "order_line.product_uom_qty",
        "order_line.points_cost",
    )
    def _compute_points_note(self):
        for order in self:
            order.points_note = "\n".join(order._tell_points())

    def _tell_points(self):
        """Yield sentences on what an order that is not confirmed earns and can use."""
        clubs = self.company_id._points_clubs().filtered("active")
        if self.state not in ("draft", "sent") or not clubs:
            return
        for club, points in self._points_of(self._earning_clubs()).items():
            if points:
                yield self._tell_earned(club, points)
        accounts = self.env["dcrm.points.account"].search(
            [
                ("club_id", "in", clubs.ids),
                ("partner_id", "=", self.partner_id.commercial_partner_id.id),
            ]
        )
        for account in accounts:
            yield from self._tell_usable(account)

    def _tell_earned(self, club, points):
        values = {"points": self._format_club_points(club, points), "club": club.name}
        if club.earn_on == "order":
            told = self.env._("Earns %(points)s of %(club)s.", **values)
        elif club.earn_on == "invoice":
            told = self.env._(
                "Earns %(points)s of %(club)s once it is invoiced.", **values
            )
        else:
            told = self.env._("Earns %(points)s of %(club)s once it is paid.", **values)
        if not club.pending_days:
            return told
        return self.env._(
            "%(sentence)s They can be used %(days)s days later.",
            sentence=told,
            days=club.pending_days,
        )

    def _tell_usable(self, account):
        """Yield what the customer can use of an account, and what it is enough for."""
        club, card = account.club_id, account.card_id
        if self._get_card_refusal(card):
            return
        points = self._get_real_points_for_coupon(card)
        values = {"points": self._format_club_points(club, points), "club": club.name}
        rewards = club.program_id.reward_ids.sorted("required_points")
        enough = rewards.filtered(lambda each: each.required_points <= points)
        if account.debt:
            yield self.env._(
                "%(points)s of %(club)s are owed: what is earned works them off first.",
                points=self._format_club_points(club, account.debt),
                club=club.name,
            )
        elif enough:
            yield self.env._(
                "%(points)s of %(club)s can be used, enough for: %(rewards)s.",
                rewards=", ".join(enough.mapped("description")),
                **values,
            )
        elif points > 0 and rewards:
            yield self.env._(
                "%(points)s of %(club)s are there; %(reward)s takes %(needed)s.",
                reward=rewards[0].description,
                needed=self._format_club_points(club, rewards[0].required_points),
                **values,
            )

    def _format_club_points(self, club, points):
        digits = 0 if points == int(points) else 2
        number = formatLang(self.env, points, digits=digits)
        return f"{number} {club.program_id.portal_point_name or ''}".strip()

    # -- what a confirmed order has brought, at the host's places ----------------------

    def _compute_loyalty_data(self):
        result = super()._compute_loyalty_data()
        orders = self.filtered(lambda order: order.id and order.state == CONFIRMED)
        if not (orders := orders._of_points_companies()):
            return result
        sums, accounts = {}, self.env["dcrm.points.account"].sudo()
        for (
            res_id,
            account_id,
            _move,
            issuing,
            points,
            pending,
        ) in self.env.execute_query(queries.moves_of_document(self._name, orders.ids)):
            issued, used, of = sums.setdefault(res_id, [0.0, 0.0, set()])
            moved = float(points + pending)
            issued, used = (issued + moved, used) if issuing else (issued, used - moved)
            sums[res_id] = [issued, used, of | {account_id}]
        for order in orders.filtered(lambda order: order.id in sums):
            issued, used, of = sums[order.id]
            names = set(accounts.browse(of).card_id.mapped("point_name"))
            told = order.loyalty_data or {"issued": 0.0, "cost": 0.0}
            order.loyalty_data = {
                "point_name": names.pop() if len(names) == 1 else self.env._("Points"),
                "issued": told["issued"] + issued,
                "cost": told["cost"] + used,
            }
        return result
