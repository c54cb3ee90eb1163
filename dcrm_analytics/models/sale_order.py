from odoo import models

from ..queries import purchase_invoice


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # What changed since the last synchronisation is found by this index.
    _dcrm_write_date_idx = models.Index("(write_date)")

    def unlink(self):
        """Mark what billed the orders as changed: it bills no order any more."""
        billed = self.sudo().order_line.invoice_lines.move_id
        result = super().unlink()
        if billed:
            self.env.cr.execute(purchase_invoice.touch(billed.ids))
            billed.invalidate_recordset(["write_date"])
        return result
