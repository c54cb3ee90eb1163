from odoo import api, fields, models
from odoo.fields import Domain

SELLER = "dcrm_analytics.group_dcrm_seller"


class ResPartner(models.Model):
    """What a customer owes the current company, as far as the user may see it."""

    _inherit = "res.partner"

    customer_receivable = fields.Monetary(
        "Owed",
        compute="_compute_customer_receivable",
        search="_search_customer_receivable",
        compute_sudo=False,
        currency_field="customer_receivable_currency_id",
        groups=SELLER,
        help="What the customer owes the current company, less what is to be allocated",
    )
    customer_overdue = fields.Monetary(
        "Overdue",
        compute="_compute_customer_receivable",
        search="_search_customer_overdue",
        compute_sudo=False,
        currency_field="customer_receivable_currency_id",
        groups=SELLER,
        help="What the customer owes beyond the due date, nothing deducted",
    )
    customer_days_late = fields.Float(
        "Days Late",
        compute="_compute_customer_days_late",
        compute_sudo=False,
        digits=(16, 1),
        aggregator=None,
        groups=SELLER,
        help="By how many days the customer pays late, on average and by amount, over "
        "the last 365 days. Negative: before the due date.",
    )
    customer_receivable_currency_id = fields.Many2one(
        "res.currency", compute="_compute_customer_receivable_currency_id"
    )

    @api.depends_context("company")
    def _compute_customer_receivable_currency_id(self):
        self.customer_receivable_currency_id = self.env.company.currency_id

    @api.depends("commercial_partner_id")
    @api.depends_context("company", "uid")
    def _compute_customer_receivable(self):
        own = Domain("partner_id", "in", self.commercial_partner_id.ids)
        owed = self._customers_owing(own)
        overdue = self._customers_owing(own & self._domain_overdue())
        for partner in self:
            customer_id = partner.commercial_partner_id.id
            partner.customer_receivable = owed.get(customer_id, 0.0)
            partner.customer_overdue = overdue.get(customer_id, 0.0)

    @api.depends("commercial_partner_id")
    @api.depends_context("company", "uid")
    def _compute_customer_days_late(self):
        days = self.env["dcrm.receivable"].days_late(self.commercial_partner_id.ids)
        for partner in self:
            partner.customer_days_late = days.get(partner.commercial_partner_id.id)

    @api.model
    def _search_customer_receivable(self, operator, value):
        return self._domain_owing(Domain.TRUE, operator, value)

    @api.model
    def _search_customer_overdue(self, operator, value):
        return self._domain_owing(self._domain_overdue(), operator, value)

    @api.model
    def _domain_overdue(self):
        return Domain("days_overdue", ">", 0) & Domain("residual", ">", 0)

    @api.model
    def _domain_owing(self, domain, operator, value):
        """Return the domain of the partners who owe so much of the items in a domain.

        Whoever has no item owes nothing.
        """
        if operator not in (">", ">=", "<", "<=", "in"):
            return NotImplemented
        if operator == "in":
            value = tuple(float(each or 0) for each in value)
            nothing = 0.0 in value
        else:
            value = float(value or 0)
            nothing = {">": 0 > value, ">=": 0 >= value, "<": 0 < value}.get(
                operator, 0 <= value
            )
        wanted = self._customers_owing(domain, [("residual:sum", operator, value)])
        found = Domain("commercial_partner_id", "in", list(wanted))
        if nothing:
            owing = list(self._customers_owing(domain))
            found |= Domain("commercial_partner_id", "not in", owing)
        return found

    @api.model
    def _customers_owing(self, domain, having=()):
        """Return ``{customer id: amount}`` of open items in the current company."""
        here = Domain("company_id", "=", self.env.company.id)
        # What is owed now, from wherever the customer was opened.
        rows = (
            self.env["dcrm.receivable"]
            ._on(None)
            ._read_group(
                here & domain & Domain("partner_id", "!=", False),
                ["partner_id"],
                ["residual:sum"],
                having=list(having),
            )
        )
        return {partner.id: amount for partner, amount in rows}

    def action_open_customer_receivables(self):
        """Return the action that lists what these customers owe."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dcrm_analytics.dcrm_receivable_action"
        )
        customers = self.commercial_partner_id
        return {
            **action,
            "domain": [("partner_id", "in", customers.ids)],
            "context": {},
        }
