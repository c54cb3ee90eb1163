from odoo import api, fields, models

from ..queries import points_order as queries
from .dcrm_points_account import POINTS


class DcrmPointsEntitlement(models.Model):
    """What a confirmed order earns in a club, were it billed, paid and kept in full.

    Made when the order is confirmed, for each club at which it may earn; it follows
    the lines of the order, and the ledger follows it (``sale.order._settle_points``).
    """

    _name = "dcrm.points.entitlement"
    _description = "Points of an Order"
    _order = "id"
    _rec_name = "order_id"

    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, ondelete="cascade"
    )
    club_id = fields.Many2one(
        "dcrm.club", required=True, readonly=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        related="club_id.company_id", store=True, precompute=True, index=True
    )
    partner_id = fields.Many2one(related="order_id.partner_id.commercial_partner_id")
    points = fields.Float(
        digits=POINTS,
        required=True,
        readonly=True,
        default=0.0,
        help="What the order earns when it is billed, paid and kept in full",
    )
    earn_on = fields.Selection(
        [
            ("order", "The order is confirmed"),
            ("invoice", "The invoice is posted"),
            ("paid", "The invoice is paid"),
        ],
        "Earns When",
        required=True,
        readonly=True,
        default="order",
        help="As the club had it when the order was confirmed",
    )
    opening_issued = fields.Float(
        "Earned before the Ledger",
        digits=POINTS,
        readonly=True,
        default=0.0,
        help="Points that the order had brought before the club kept them: they are "
        "part of the opening",
    )
    opening_used = fields.Float(
        "Redeemed before the Ledger", digits=POINTS, readonly=True, default=0.0
    )

    _unique_order = models.Constraint(
        "UNIQUE(order_id, club_id)", "The order's points at this club are known."
    )
    _sane = models.Constraint(
        "CHECK (points >= 0 AND opening_issued >= 0 AND opening_used >= 0)",
        "An order does not earn less than nothing.",
    )

    @api.model
    def _grant(self, order, points):
        """Set what an order that is being confirmed earns.

        :param points: ``{club: points}`` of the clubs at which it may earn
        """
        known = {each.club_id: each for each in self.search(self._of(order))}
        for club, each in known.items():
            each._set(points.get(club, 0.0), club.earn_on)
        self.create(
            [
                {
                    "order_id": order.id,
                    "club_id": club.id,
                    "points": earned,
                    "earn_on": club.earn_on,
                }
                for club, earned in points.items()
                if club not in known
            ]
        )

    def _set(self, points, earn_on):
        if self.points != points:
            self.points = points
        if self.earn_on != earn_on:
            self.earn_on = earn_on

    @api.model
    def _claim(self, orders):
        """Return what these orders earn, for this transaction alone to settle.

        They are written, not only locked: whoever settles an order at the same time,
        and does not see what happens to it here, fails as a serialization failure and
        is tried again.
        """
        self.flush_model()
        ids = orders.ids and self.env.execute_query(queries.claim(orders.ids))
        return self.browse(sorted(id_ for [id_] in ids))

    @api.model
    def _of(self, orders):
        """Return the domain of what these orders earn."""
        return [("order_id", "in", orders.ids)]

    @api.model
    def _adopt(self, club, card_ids):
        """Remember what orders of before brought to cards that the ledger takes over.

        Cancelled or refunded, they take it back as those do that come later.
        """
        self.env.flush_all()
        self.env.execute_query(
            queries.adopt(club.id, club.company_id.id, self.env.uid, card_ids)
        )
        self.invalidate_model(flush=False)
