from odoo import models

from ..queries import profit_ledger

# What of a posted line the P&L reads; the host lets some of it be changed.
READ = {
    "account_id",
    "amount_currency",
    "balance",
    "credit",
    "date",
    "debit",
    "display_type",
    "move_id",
    "partner_id",
}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def write(self, vals):
        """Mark the entries as changed whose posted lines now say something else.

        The host changes lines of an entry without writing the entry itself.
        """
        result = super().write(vals)
        if not READ.isdisjoint(vals):
            moves = self.filtered(lambda line: line.parent_state == "posted").move_id
            if moves:
                self.env.cr.execute(profit_ledger.touch(moves.ids))
                moves.invalidate_recordset(["write_date"])
        return result
