from odoo import models

from ..queries import profit_change, profit_score


class ResPartner(models.Model):
    """Whose profit it is: the commercial partner that a document's partner has now."""

    _inherit = "res.partner"

    def write(self, vals):
        """Have the documents read again of who becomes another customer's contact."""
        if {"parent_id", "is_company"}.isdisjoint(vals):
            return super().write(vals)
        family = self.sudo()._profit_family()
        before = {partner.id: partner.commercial_partner_id for partner in family}
        result = super().write(vals)
        moved = family.filtered(
            lambda partner: partner.commercial_partner_id != before[partner.id]
        )
        family._queue_profit(moved)
        return result

    def _profit_family(self):
        """Return the partners and all below them, archived ones included."""
        return self.with_context(active_test=False).search(
            [("id", "child_of", self.ids)]
        )

    def _queue_profit(self, moved):
        """Have the profit of ``moved``, and the groups of all partners, renewed."""
        self.env.flush_all()
        if moved:
            self.env.cr.execute(profit_change.add(moved.ids))
        self.env.cr.execute(profit_score.queue(self.ids))
