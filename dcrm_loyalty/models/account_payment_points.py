from odoo import models

from .account_move_points import PAID

# What of a payment without an entry tells what is paid.
PAYING = {"state", "invoice_ids", "amount", "currency_id"}


class AccountPayment(models.Model):
    """Payments without an entry of their own pay invoices, too, before the bank."""

    _inherit = "account.payment"

    def write(self, vals):
        if PAYING.isdisjoint(vals):
            return super().write(vals)
        documents = self.invoice_ids
        result = super().write(vals)
        (documents | self.invoice_ids)._settle_points_of_orders(PAID)
        return result

    def unlink(self):
        documents = self.invoice_ids
        result = super().unlink()
        documents._settle_points_of_orders(PAID)
        return result
