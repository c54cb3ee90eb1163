from odoo import models

from ..queries import points_order as queries

# Orders that payments concern.
PAID = ("paid",)


class AccountMove(models.Model):
    """Documents that bill orders: what happens to them settles the orders' points."""

    _inherit = "account.move"

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self._settle_points_of_orders()
        elif "matched_payment_ids" in vals:
            self._settle_points_of_orders(PAID)
        return result

    def _settle_points_of_orders(self, earn_on=()):
        """Settle the points of the orders that these documents bill.

        :param earn_on: only of those that earn then; empty: all
        """
        documents = self.filtered(lambda move: move.is_sale_document(True))
        if not documents:
            return
        self.env.flush_all()
        orders = self.env.execute_query(
            queries.orders_of_documents(documents.ids, earn_on)
        )
        if orders:
            orders = self.env["sale.order"].browse([id_ for [id_] in orders])
            reason = ", ".join(name for name in documents.mapped("name") if name)
            orders._settle_points(reason)

    def _get_paid_part(self):
        """Return how much of the document is paid, from 0 to 1.

        Payments that have no entry of their own until the bank tells count at once, as
        the host shows them. What credit notes settle is not to be paid any more; what
        is written off never is.
        """
        self.ensure_one()
        credited, forgiven = (
            sum(
                match.debit_amount_currency
                for match in self.line_ids.matched_credit_ids
                if settles(match.credit_move_id.move_id)
            )
            for settles in (
                lambda move: move.move_type == "out_refund",
                lambda move: move._writes_off(),
            )
        )
        total = self.currency_id.round(self.amount_total - credited)
        if not total:
            return 1.0
        open_ones = self.matched_payment_ids.filtered(lambda pay: not pay.move_id)
        under_way, done = (
            sum(
                pay.currency_id._convert(
                    pay.amount, self.currency_id, self.company_id, pay.date
                )
                for pay in open_ones
                if pay.state in states
            )
            for states in (("in_process",), ("in_process", "paid"))
        )
        paid = max(total - self.amount_residual - forgiven + under_way, done)
        return min(1.0, max(0.0, paid / total))

    def _writes_off(self):
        """Tell whether the entry settles by an expense: nobody has paid anything.

        What is set off against other debts, and what a bank or a cash account takes
        in, whatever it costs, pays.
        """
        self.ensure_one()
        accounts = self.line_ids.account_id
        return (
            self.move_type == "entry"
            and not (self.origin_payment_id or self.statement_line_id)
            and bool({"expense", "income"} & set(accounts.mapped("internal_group")))
            and "asset_cash" not in accounts.mapped("account_type")
        )

    def _get_unpaid_part(self):
        """Return how much of a credit note is for what was never paid, from 0 to 1."""
        self.ensure_one()
        unpaid = sum(
            match.credit_amount_currency
            * (1 - match.debit_move_id.move_id._get_paid_part())
            for match in self.line_ids.matched_debit_ids
            if match.debit_move_id.move_id.is_sale_document(True)
        )
        return min(1.0, unpaid / self.amount_total) if self.amount_total else 0.0
