from odoo import api, models

from .account_move_points import PAID


class AccountPartialReconcile(models.Model):
    """Payments of invoices, made and undone, settle the points of orders."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._get_points_documents()._settle_points_of_orders(PAID)
        return partials

    def unlink(self):
        documents = self._get_points_documents()
        result = super().unlink()
        documents._settle_points_of_orders(PAID)
        return result

    def _get_points_documents(self):
        return (self.debit_move_id | self.credit_move_id).move_id
