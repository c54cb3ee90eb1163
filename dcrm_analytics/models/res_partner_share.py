from odoo import fields, models


class ResPartner(models.Model):
    """How big a customer is: with its industry it says who its peers are."""

    _inherit = "res.partner"

    customer_size = fields.Selection(
        [
            ("micro", "Micro: up to 9 people"),
            ("small", "Small: 10 to 49"),
            ("medium", "Medium: 50 to 249"),
            ("large", "Large: 250 and more"),
        ],
        help="By the people who work there (European Commission, 2003/361/EC). "
        "Customers of the same industry and size are peers.",
    )
