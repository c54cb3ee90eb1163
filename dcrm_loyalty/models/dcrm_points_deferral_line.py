from odoo import api, fields, models

from .dcrm_points_account import POINTS


class DcrmPointsDeferralLine(models.Model):
    """What an invoice of an order granted and deferred, as a closing found it.

    The first row of an invoice says at what price and expectation; later ones say what
    changed by credit notes and the like. The sum of an invoice's rows is what it
    defers. Rows are only ever added.
    """

    _name = "dcrm.points.deferral.line"
    _description = "Points Granted by an Invoice"
    _order = "id desc"
    _rec_name = "invoice_id"

    deferral_id = fields.Many2one(
        "dcrm.points.deferral",
        "Points Of",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    period_id = fields.Many2one(
        "dcrm.points.deferral.period",
        "Closed In",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    club_id = fields.Many2one(
        "dcrm.club", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    day = fields.Date(
        "Up To", required=True, readonly=True, help="The last day of the closing"
    )
    entry_id = fields.Many2one(related="period_id.entry_id")
    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, ondelete="restrict", index=True
    )
    invoice_id = fields.Many2one(
        "account.move", required=True, readonly=True, ondelete="restrict", index=True
    )
    partner_id = fields.Many2one(
        related="invoice_id.commercial_partner_id", string="Customer"
    )
    points = fields.Float(
        digits=POINTS,
        readonly=True,
        required=True,
        help="By how much what the invoice grants has changed",
    )
    amount = fields.Monetary(
        "Deferred",
        readonly=True,
        required=True,
        help="By how much what the invoice defers has changed",
    )
    kept = fields.Float(
        "Part Kept",
        digits=(16, 10),
        readonly=True,
        required=True,
        aggregator=None,
        help="How much of the invoice was not refunded, from 0 to 1",
    )
    revenue = fields.Monetary("Invoiced", readonly=True, required=True, aggregator=None)
    goods = fields.Float(
        "Price of the Goods",
        digits=(16, 6),
        readonly=True,
        required=True,
        aggregator=None,
        help="What the goods of the invoice cost without points and before discounts",
    )
    others = fields.Float(
        "Price of Other Points",
        digits=(16, 6),
        readonly=True,
        required=True,
        default=0.0,
        aggregator=None,
        help="What the points cost by themselves that the invoice grants at other "
        "clubs whose points are deferred",
    )
    price = fields.Float(
        "Price of a Point",
        digits=(16, 6),
        readonly=True,
        required=True,
        aggregator=None,
    )
    rate = fields.Float(
        "Expected (%)",
        digits=(16, 4),
        readonly=True,
        required=True,
        aggregator=None,
        help="How many of the points were expected to be redeemed",
    )

    @api.depends("invoice_id", "deferral_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = self.env._(
                "%(invoice)s: %(points)s",
                invoice=line.invoice_id.sudo().name,
                points=line.deferral_id.display_name,
            )
