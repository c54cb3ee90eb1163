from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..queries import segment_flow as queries

# How far back flows begin where nobody says.
DAYS = 90


class DcrmSegmentStay(models.Model):
    """Flows: who was in which segment on one day, and in which on another."""

    _inherit = "dcrm.segment.stay"

    @api.model
    @api.readonly
    def flows(self, filters=None):
        """Return how customers flowed between segments from one day to another.

        A day is as it ended. Of the customers that the user sees, those count who had
        a segment on one of the days; ``from`` or ``to`` of nobody is before the first
        or after the last segment.

        :param dict filters: ``company_id`` (default: the current), ``date_from``
            (default: 90 days before ``date_to``), ``date_to`` (default: today),
            ``user_id`` (the customer's salesperson), ``industry_id``
        :return: list, most customers first, of dicts ``from, to`` (dicts ``id, name,
            color, sequence``; without a segment id is False), ``customers``, and
            ``model`` and ``domain`` of exactly these; who stayed is among them
        :raises AccessError: for who may not read stays, or not of that company
        :raises UserError: if the days are not in order, or still to come
        """
        self.browse().check_access("read")
        filters = self.env["dcrm.customer.score"]._checked_filters(filters)
        company = self.env["dcrm.customer.score"]._company_of_grid(
            filters.get("company_id")
        )
        first, last = self._days_of_flows(company, filters)
        customers = self._domain_of_filters(filters)
        stays = self._search(
            Domain("company_id", "=", company.id)
            & customers.map_conditions(
                lambda condition: Domain(
                    f"partner_id.{condition.field_expr}",
                    condition.operator,
                    condition.value,
                )
            )
        )
        rows = self.env.execute_query(queries.flows(stays.subselect(), first, last))
        described = self.env["dcrm.segment"]._describe_flows(rows)
        for flow in described:
            domain = (
                customers
                & self._domain_of_customers_in(company, flow["from"]["id"], first)
                & self._domain_of_customers_in(company, flow["to"]["id"], last)
            )
            flow.update(model="res.partner", domain=list(domain))
        return described

    @api.model
    @api.readonly
    def flow_screen(self, filters=None):
        """Return what the screen of flows shows, with the filters as they were taken.

        :param filters, raises: as :meth:`flows`
        :return: dict ``filters`` (all of them, days as text), ``today``, ``flows`` and
            ``entered_from``: the first day that a stay is known of, or False
        """
        filters = self.env["dcrm.customer.score"]._checked_filters(filters)
        company = self.env["dcrm.customer.score"]._company_of_grid(
            filters["company_id"]
        )
        first, last = self._days_of_flows(company, filters)
        earliest = self.search(
            [("company_id", "=", company.id)], order="entered_on", limit=1
        )
        taken = {
            **filters,
            "company_id": company.id,
            "date_from": str(first),
            "date_to": str(last),
        }
        return {
            "filters": taken,
            "today": str(company._customer_scoring_today()),
            "entered_from": earliest.entered_on and str(earliest.entered_on),
            "flows": self.flows(taken),
        }

    @api.model
    def _days_of_flows(self, company, filters):
        today = company._customer_scoring_today()
        last = fields.Date.to_date(filters.get("date_to")) or today
        first = fields.Date.to_date(filters.get("date_from")) or last - timedelta(DAYS)
        if first > last:
            raise UserError(self.env._("The first day is after the last."))
        if last > max(today, company._customer_today()):
            raise UserError(self.env._("%s is still to come.", last))
        return first, last

    @api.model
    def _domain_of_filters(self, filters):
        """Return the domain of the customers that filters leave."""
        return Domain.AND(
            Domain(name, "=", filters[name])
            for name in ("user_id", "industry_id")
            if filters.get(name)
        )

    @api.model
    def _domain_of_customers_in(self, company, segment_id, day):
        """Return the domain of the customers in a segment on a day, or in none."""
        stays = (
            Domain("company_id", "=", company.id)
            & Domain("entered_on", "<=", str(day))
            & (Domain("left_on", "=", False) | Domain("left_on", ">", str(day)))
        )
        if segment_id:
            stays &= Domain("segment_id", "=", segment_id)
        operator = "any" if segment_id else "not any"
        return Domain("segment_stay_ids", operator, list(stays))
