import pandas as pd

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..compute import concentration
from ..queries import profit_statement

# What a reconciliation tells of each line of the P&L.
SIDES = ("ledger", "customers", "difference")


class DcrmCustomerProfit(models.Model):
    """What the P&L says: by customer, beside the ledger, and of how few it hangs on.

    All with the rights of who asks.
    """

    _inherit = "dcrm.customer.profit"

    @api.model
    @api.readonly
    def statement(self, company=None, date_from=None, date_to=None):
        """Return the P&L of each customer of a company.

        :param company: a company or its id; default: the current one
        :param date_from, date_to: accounting days, both included; default: all
        :return: a pandas frame, a row a customer by id: ``partner_id``, ``documents``,
            ``cost_unknown`` (how many of them know no cost of goods), ``revenue``,
            ``goods``, ``margin``, further columns of cost, ``profit``; amounts in the
            company's currency, costs negative
        :raises AccessError: for a company that the user is not working in
        """
        company = self._company_asked(company)
        gross = ("revenue", "goods")
        costs = [name for name in self._profit_columns() if name not in gross]
        columns = (*gross, "margin", *costs, "profit")
        self.env.flush_all()
        query = self._search(self._domain_between(company, date_from, date_to))
        rows = self.env.execute_query(profit_statement.by_customer(query, columns))
        frame = pd.DataFrame(
            rows, columns=["partner_id", "documents", "cost_unknown", *columns]
        )
        return frame.astype(dict.fromkeys(columns, float))

    @api.model
    @api.readonly
    def reconcile(self, company=None, date_from=None, date_to=None):
        """Compare the customers' P&L with the host's accounts of the same days.

        :param company, date_from, date_to: as :meth:`statement`
        :return: ``{'revenue': {...}, 'goods': {...}}``, of each ``ledger`` (posted to
            its accounts, with the sign of the P&L), ``customers`` (the sum over
            customers), ``difference`` (the one less the other) and ``parts``: the same
            three of each part that either is made of, so of which the difference is
        :raises AccessError: unless an analyst asks, for a company of theirs
        """
        company = self._company_asked(company)
        table = self.env["dcrm.profit.reconciliation"]
        groups = table.with_context(allowed_company_ids=company.ids)._read_group(
            self._domain_between(company, date_from, date_to),
            ["line", "part"],
            [f"{side}:sum" for side in SIDES],
        )
        lines = {}
        for line, _label in table._fields["line"].selection:
            parts = {
                part: dict(zip(SIDES, sums, strict=True))
                for name, part, *sums in groups
                if name == line
            }
            lines[line] = {
                side: company.currency_id.round(
                    sum(part[side] for part in parts.values())
                )
                for side in SIDES
            }
            lines[line]["parts"] = parts
        return lines

    @api.model
    @api.readonly
    def concentration(self, filters=None):
        """Return how much of the revenue or profit hangs on how few customers.

        :param dict filters: ``company_id`` (default: the current one), ``date_from``,
            ``date_to``, ``user_id`` and ``industry_id`` (of the customer), ``basis``
            (``revenue`` or ``profit``) and ``by_group`` (subsidiaries as one); default:
            what the company's value classes go by
        :return: dict ``basis``, ``by_group``, ``customers`` (how many), ``top10_share``
            and ``gini`` (0 to 1, None of nothing), ``curve`` (at most 101 pairs of the
            share of customers, the greatest first, and the share of value that they
            reach), and ``over_time``: of each calendar quarter ``period`` (its first
            day), ``top10_share``, ``gini``, ``customers``
        :raises AccessError: for a company that the user is not working in
        """
        filters = self.env["dcrm.customer.score"]._checked_filters(filters)
        company = self._company_asked(filters.get("company_id"))
        basis = filters.get("basis") or company._value_class_column()
        if basis not in ("revenue", "profit"):
            raise ValueError(f"concentration is of revenue or profit, not {basis!r}")
        by_group = filters.get("by_group")
        if by_group is None:
            by_group = company.sudo().value_class_by_group
        self.env.flush_all()
        query = self._search(self._domain_of_filters(company, filters))
        [all_time, quarters] = (
            self.env.execute_query(
                profit_statement.values(query, basis, by_group, step)
            )
            for step in (None, "quarter")
        )
        found = concentration.concentration(all_time[0][1] if all_time else [])
        over_time = []
        for period, values in quarters:
            shares = concentration.concentration(values)
            del shares["curve"]
            over_time.append({"period": fields.Date.to_string(period), **shares})
        return {
            "basis": basis,
            "by_group": bool(by_group),
            **found,
            "over_time": over_time,
        }

    def action_open_document(self):
        """Return the action that opens what the row was read from.

        :raises AccessError: for who may not read it
        """
        self.ensure_one()
        document = self.move_id or self.purchase_id
        if not document:
            return self.partner_id.get_formview_action()
        document.check_access("read")
        return document.get_formview_action()

    @api.model
    def _company_asked(self, company):
        """Return the company asked for, once it is certain that the user works there.

        :raises AccessError: else
        :raises UserError: for what is no company
        """
        company = self.env["res.company"].browse(
            self.env["dcrm.customer.score"]._id_asked(getattr(company, "id", company))
            or self.env.company.id
        )
        if not self.env.su and company not in self.env.companies:
            raise AccessError(
                self.env._("Profit of a company that you are not working in.")
            )
        return company

    @api.model
    def _domain_between(self, company, date_from, date_to):
        day_asked = self.env["dcrm.customer.score"]._day_asked
        domain = Domain("company_id", "=", company.id)
        if date_from:
            domain &= Domain("date", ">=", day_asked(date_from))
        if date_to:
            domain &= Domain("date", "<=", day_asked(date_to))
        return domain

    @api.model
    def _domain_of_filters(self, company, filters):
        domain = self._domain_between(
            company, filters.get("date_from"), filters.get("date_to")
        )
        for name in ("user_id", "industry_id"):
            if filters.get(name):
                domain &= Domain(name, "=", filters[name])
        return domain
