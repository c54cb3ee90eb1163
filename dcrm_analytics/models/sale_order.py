from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # What changed since the last synchronisation is found by this index.
    _dcrm_write_date_idx = models.Index("(write_date)")
