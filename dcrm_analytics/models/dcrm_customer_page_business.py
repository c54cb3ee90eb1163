from datetime import timedelta

from odoo import models
from odoo.fields import Domain

# How many quotations and opportunities are named.
SHOWN = 4
# How many open ones are looked at: nobody has more with one customer, or counts them.
MOST = 80
OFFERED = ("draft", "sent")


class DcrmCustomerPage(models.Model):
    """What is under way: quotations, orders to invoice or to deliver, opportunities.

    Each as far as the reader may read its documents.
    """

    _inherit = "dcrm.customer.page"

    def _page_facts(self):
        return {
            **super()._page_facts(),
            "quotations": self._open_quotations(),
            "to_invoice": self._to_invoice(),
            "to_deliver": self._to_deliver(),
            "opportunities": self._open_opportunities(),
        }

    def _domain_of_customer(self, company_optional=False):
        """Return the domain of documents of this customer in the current company."""
        companies = [self.env.company.id, *([False] if company_optional else [])]
        return Domain("partner_id.commercial_partner_id", "=", self.id) & Domain(
            "company_id", "in", companies
        )

    def _open_quotations(self):
        """Return the quotations, those that expire first coming first."""
        if not self._may_read("sale.order"):
            return None
        return self.env["sale.order"].search_fetch(
            self._domain_of_customer() & Domain("state", "in", OFFERED),
            ["name", "state", "validity_date", "amount_untaxed", "currency_id"],
            order="validity_date, date_order desc, id desc",
            limit=MOST,
        )

    def _domain_to_invoice(self):
        return self._domain_of_customer() & Domain(
            [("state", "=", "sale"), ("invoice_status", "=", "to invoice")]
        )

    def _to_invoice(self):
        """Return the number of orders to invoice, and what is to be invoiced of them.

        Untaxed, in the company's currency at today's rate.
        """
        if not self._may_read("sale.order.line"):
            return None
        lines = self.env["sale.order.line"]
        [[count, amount]] = lines._read_group(
            Domain("order_id", "any", self._domain_to_invoice())
            & Domain("untaxed_amount_to_invoice", "!=", 0),
            [],
            ["order_id:count_distinct", "untaxed_amount_to_invoice:sum_currency"],
        )
        return count, amount or 0.0

    def _domain_to_deliver(self):
        return self._domain_of_customer() & Domain(
            [("state", "=", "sale"), ("delivery_status", "not in", ("full", False))]
        )

    def _to_deliver(self):
        """Return the number of orders to deliver; None where nothing is delivered."""
        orders = "sale.order"
        if not self._may_read(orders) or (
            "delivery_status" not in self.env[orders]._fields
        ):
            return None
        return self.env[orders].search_count(self._domain_to_deliver())

    def _open_opportunities(self):
        if not self._may_read("crm.lead"):
            return None
        return self.env["crm.lead"].search_fetch(
            self._domain_of_customer(company_optional=True)
            & Domain([("type", "=", "opportunity"), ("won_status", "=", "pending")]),
            ["name", "expected_revenue", "date_deadline"],
            order="expected_revenue desc, id desc",
            limit=MOST,
        )

    # -- in words --------------------------------------------------------------------

    def _section_business(self, facts):
        asked = ("quotations", "to_invoice", "to_deliver", "opportunities")
        if all(facts[name] is None for name in asked):
            return None
        lines = self._quotation_lines(facts) + self._opportunity_lines(facts)
        figures = self._figures(self._business_figures(facts))
        return self._section(
            "business",
            self.env._("Open business"),
            "fa-handshake-o",
            [figures, self._lines(lines)],
            empty=None if figures else self.env._("Nothing is under way."),
        )

    def _business_figures(self, facts):
        return [
            self._count_of(
                self.env._("Quotations"),
                facts["quotations"],
                "amount_untaxed",
                Domain("state", "in", OFFERED),
            ),
            self._count_of(
                self.env._("Opportunities"),
                facts["opportunities"],
                "expected_revenue",
                Domain([("type", "=", "opportunity"), ("won_status", "=", "pending")]),
            ),
            self._figure_to_invoice(facts["to_invoice"]),
            self._figure_to_deliver(facts["to_deliver"]),
        ]

    def _count_of(self, label, records, amount_field, domain):
        """Return the figure of open documents: how many, worth how much."""
        if not records:
            return None
        own = self._domain_of_customer(company_optional=records._name == "crm.lead")
        company = self.env.company
        currencies = {
            record: record.currency_id
            if "currency_id" in record._fields
            else company.currency_id
            for record in records
        }
        amount = sum(
            currency._convert(record[amount_field], company.currency_id, company)
            for record, currency in currencies.items()
        )
        more = len(records) == MOST
        return self._figure(
            label,
            self.env._("%s or more", MOST) if more else self._number(len(records)),
            note=None if more else self._whole_money(amount),
            action=self._list(label, records._name, own & domain),
        )

    def _figure_to_invoice(self, to_invoice):
        count, amount = to_invoice or (0, 0.0)
        return count and self._figure(
            self.env._("To invoice"),
            self._number(count),
            note=self._whole_money(amount),
            action=self._list(
                self.env._("Orders to Invoice"), "sale.order", self._domain_to_invoice()
            ),
        )

    def _figure_to_deliver(self, count):
        return count and self._figure(
            self.env._("To deliver"),
            self._number(count),
            action=self._list(
                self.env._("Orders to Deliver"), "sale.order", self._domain_to_deliver()
            ),
        )

    def _quotation_lines(self, facts):
        today, quotations = facts["today"], facts["quotations"] or []
        return [
            self._line(
                quotation.name,
                icon="fa-file-text-o",
                detail=self._quotation_in_words(quotation, today),
                aside=self._money(quotation.amount_untaxed, quotation.currency_id),
                tone="warning" if self._is_expiring(quotation, today) else None,
                action=self._open(quotation),
            )
            for quotation in quotations[:SHOWN]
        ]

    def _quotation_in_words(self, quotation, today):
        state = self._name_of(quotation, "state")
        if not (until := quotation.validity_date):
            return state
        words = {"state": state, "day": self._when(until, today)}
        if until < today:
            return self.env._("%(state)s, expired %(day)s", **words)
        return self.env._("%(state)s, expires %(day)s", **words)

    def _is_expiring(self, quotation, today):
        """Whether a quotation has expired, or does within the week."""
        until = quotation.validity_date
        return until and until <= today + timedelta(7)

    def _opportunity_lines(self, facts):
        today = facts["today"]
        return [
            self._line(
                lead.name,
                icon="fa-star-o",
                detail=lead.date_deadline
                and self.env._("expected %s", self._when(lead.date_deadline, today)),
                aside=self._whole_money(lead.expected_revenue),
                action=self._open(lead),
            )
            for lead in (facts["opportunities"] or [])[:SHOWN]
        ]
