from odoo import models


class DcrmPurchase(models.Model):
    """Import of purchase history: the part of the facts that no document holds."""

    _inherit = "dcrm.purchase"
