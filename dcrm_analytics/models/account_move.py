from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    # What changed since the last synchronisation is found by this index.
    _dcrm_write_date_idx = models.Index("(write_date)")
