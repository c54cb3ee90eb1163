from odoo import api, models

from ..queries import score_value


class DcrmCustomerScore(models.Model):
    """Who is most valuable, by what the company says: monetary value, revenue, profit.

    By monetary value, each customer alone, nothing is done here.
    """

    _inherit = "dcrm.customer.score"

    @api.model
    def _gather(self, company, day, schemes, stale=False):
        """Gather the values, too, that value classes go by."""
        rules = company._value_class_rules()
        if rules and rules.by_group and stale:
            self.env.cr.execute(score_value.widen(company.id))
        gathered = super()._gather(company, day, schemes, stale=stale)
        if rules:
            self.env.cr.execute(
                score_value.values(company.id, day, rules.basis, rules.by_group, stale)
            )
        return gathered

    def _explain_value_class(self):
        """Say, too, by what the class is, and the value that it was given for."""
        company = self.company_id.sudo()
        rules = company._value_class_rules()
        basis = rules.basis if rules else "monetary"
        labels = dict(
            company._fields["value_class_basis"]._description_selection(self.env)
        )
        return {
            **super()._explain_value_class(),
            "basis": basis,
            "basis_text": labels[basis],
            "by_group": bool(rules and rules.by_group),
            "share_a": company.value_class_share_a,
            "share_b": company.value_class_share_b,
        }
