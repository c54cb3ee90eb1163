from odoo import api, fields, models
from odoo.exceptions import ValidationError

# More than that, in per cent a year, is a slip of the keyboard.
MOST = 1000


class ResCompany(models.Model):
    """What late payment and selling cost a company."""

    _inherit = "res.company"

    late_payment_rate = fields.Float(
        "Cost of Late Payment",
        digits=(16, 4),
        help="Per cent a year of what a customer owes beyond its due date; it lowers "
        "what the customer is worth. 0: not counted.",
    )
    selling_cost_account_ids = fields.Many2many(
        "account.account",
        "res_company_selling_cost_account_rel",
        "company_id",
        "account_id",
        "Accounts of the Cost of Selling",
        domain="[('internal_group', '=', 'expense')]",
        help="What is posted on them is what selling cost: wages and commissions of "
        "salespeople, travel, advertising. Empty: the cost of selling is not known.",
    )

    @api.constrains("late_payment_rate")
    def _check_late_payment_rate(self):
        if not all(0 <= company.late_payment_rate <= MOST for company in self):
            raise ValidationError(
                self.env._(
                    "The cost of late payment is between 0 and %s per cent a year.",
                    MOST,
                )
            )
