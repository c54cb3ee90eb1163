from odoo import models


class AccountMoveLine(models.Model):
    """Finding what is open among all lines that ever were.

    The host's index of lines that are not reconciled holds all that never can be, too.
    """

    _inherit = "account.move.line"

    _dcrm_open_idx = models.Index(
        "(account_id) WHERE amount_residual <> 0 OR amount_residual_currency <> 0"
    )
