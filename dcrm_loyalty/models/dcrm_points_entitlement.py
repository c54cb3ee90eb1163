from collections import namedtuple

from odoo import api, fields, models
from odoo.tools import split_every

from ..queries import points_order as queries
from .dcrm_points_account import POINTS

# How many orders the audit counts anew together.
BATCH = 1000

Entitled = namedtuple(
    "Entitled", "order club points opening_issued opening_used earn_on terms"
)


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
    terms = fields.Json(
        readonly=True,
        help="The rules, and the lines as they see them, by which it earns its points: "
        "what becomes of the program later changes nothing",
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
    def _grant(self, earned):
        """Set what orders that are being confirmed earn, and claim them.

        :param earned: ``{order: {club: (points, terms)}}``, the clubs at which each may
            earn
        :return: as :meth:`_claim`
        """
        rows = [
            (order.id, club.id, points, points and terms or None)
            for order, clubs in earned.items()
            for club, (points, terms) in clubs.items()
        ]
        orders = self.env["sale.order"].concat(*earned)
        if not rows:
            return self._claim(orders, points=0.0)
        return self._entitled(queries.grant(orders.ids, rows, self.env.uid))

    @api.model
    def _claim(self, orders, **values):
        """Return what these orders earn, for this transaction alone to settle.

        They are written, not only locked: whoever settles an order at the same time,
        and does not see what happens to it here, fails as a serialization failure and
        is tried again.

        :return: a list of :class:`Entitled`
        """
        if not orders:
            return []
        return self._entitled(queries.claim(orders.ids, **values))

    def _entitled(self, query):
        self.flush_model()
        self.env["dcrm.club"].flush_model(["earn_on", "company_id"])
        rows = self.env.execute_query(query)
        self.invalidate_model(flush=False)
        return self._read_entitled(rows)

    def _read_entitled(self, rows):
        """Return :class:`Entitled` for rows that tell of entitlements."""
        ids = [order_id for order_id, *_rest in rows]
        orders = self.env["sale.order"].sudo().browse(ids)
        clubs = self.env["dcrm.club"].sudo()
        return [
            Entitled(
                orders.browse(order_id).with_prefetch(orders.ids),
                clubs.browse(club_id),
                *map(float, points),
                on,
                terms,
            )
            for order_id, club_id, *points, on, terms in sorted(rows)
        ]

    @api.model
    def _get_due(self, companies):
        """Return what settling would leave to orders that earn by their documents.

        :return: a list of ``(order id, club id, least points, most points)``
        """
        found = {
            (order_id, club_id): exact
            for order_id, club_id, exact in self.env.execute_query(
                queries.entitled_of_documents(tuple(companies.ids))
            )
        }
        orders = list(dict.fromkeys(order_id for order_id, _club_id in found))
        due = []
        for batch in split_every(BATCH, orders):
            rows = self.env.execute_query(queries.entitled(batch))
            known = self._read_entitled(rows)
            issued = self.env["sale.order"]._points_issued(known)
            for each in known:
                key = each.order.id, each.club.id
                if key in found:
                    points = issued[each.order, each.club]
                    due.append((*key, points, points if found[key] else each.points))
            self.env.invalidate_all()
        return due

    @api.model
    def _revise(self, entitled, points, terms):
        """Set what an order earns at a club after a change; return it."""
        values = {"points": points, "terms": terms}
        if values == {"points": entitled.points, "terms": entitled.terms}:
            return entitled
        known = self.search(
            [
                ("order_id", "=", entitled.order.id),
                ("club_id", "=", entitled.club.id),
            ]
        )
        known.write(values)
        return entitled._replace(**values)

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
