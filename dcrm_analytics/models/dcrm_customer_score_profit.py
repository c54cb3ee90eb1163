from odoo import api, fields, models

from ..queries import profit_score


class DcrmCustomerScore(models.Model):
    """What a customer has brought all in all, and the group that it belongs to."""

    _inherit = "dcrm.customer.score"

    profit = fields.Monetary(
        readonly=True,
        help="Revenue less all costs that are known, of all time and all sources",
    )
    # Written for each customer by a refresh, so that groups add up as lists do.
    group_id = fields.Many2one(
        "res.partner",
        readonly=True,
        ondelete="set null",
        help="The topmost parent of the customer: its subsidiaries roll up to it",
    )

    @api.model
    def _write_profit(self, company, customers=None):
        """Renew profit and group of a company's scores; return how many changed.

        :param SQL customers: only of these ids, a subselect in parentheses
        """
        self.env.flush_all()
        self.env.cr.execute(profit_score.write(company.id, customers))
        count = self.env.cr.rowcount
        self.invalidate_model(["profit", "group_id"])
        return count
