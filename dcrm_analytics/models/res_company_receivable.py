from odoo import fields, models


class ResCompany(models.Model):
    """What the company makes of its customers' late payment."""

    _inherit = "res.company"

    late_payment_rate = fields.Float(
        "Cost of Late Payment",
        digits=(16, 4),
        help="Per cent a year of what a customer owes beyond its due date; it lowers "
        "what the customer is worth. 0: not counted.",
    )

    _late_payment_rate_positive = models.Constraint(
        "CHECK (late_payment_rate >= 0)",
        "The cost of late payment is a rate of 0 per cent or more.",
    )
