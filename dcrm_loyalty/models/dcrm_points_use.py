from odoo import fields, models

from .dcrm_points_account import POINTS


class DcrmPointsUse(models.Model):
    """Which points a debit took: so many of that lot. Uses are only ever added."""

    _name = "dcrm.points.use"
    _description = "Use of Points"
    _order = "id desc"
    _rec_name = "lot_id"

    debit_id = fields.Many2one(
        "dcrm.points.move",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    lot_id = fields.Many2one(
        "dcrm.points.lot", required=True, readonly=True, index=True, ondelete="restrict"
    )
    credit_id = fields.Many2one(related="lot_id.move_id")
    company_id = fields.Many2one(related="debit_id.company_id")
    points = fields.Float(digits=POINTS, required=True, readonly=True)

    _positive = models.Constraint(
        "CHECK (points > 0 AND points = round(points, 4))", "A use takes some points."
    )
