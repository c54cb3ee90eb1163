from collections.abc import Collection
from datetime import date
from operator import itemgetter

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

SELLER = "dcrm_analytics.group_dcrm_seller"
MONTHS = 12


class DcrmDashboard(models.AbstractModel):
    """The manager's dashboard: sections that load one by one, made of figures.

    A figure is a dict ``label``, ``value``, ``unit`` (``number``, ``money``,
    ``percent``: a share of one, ``days``) and what it counts: ``model``, ``domain``
    and ``name`` of the list that it opens. Its ``measure``, an aggregate as
    ``_read_group`` takes it, over the domain is its value; of a share, ``base`` is the
    domain that it is a share of. ``measure`` is None of what no single aggregate says.

    Everything is read with the user's own rights.
    """

    _name = "dcrm.dashboard"
    _description = "Dashboard"

    @api.model
    def _sections(self):
        """Return the sections, for addons to extend with ``super()``.

        Each is a dict ``key``, ``name``, ``note`` (what it shows, in a sentence),
        ``models`` (which the user must be able to read), ``width`` (columns of twelve)
        and ``sequence`` (its place). The method ``_section_<key>(filters)`` returns its
        blocks.
        """
        return []

    @api.model
    def _in_order(self, sections):
        """Return sections that stand in their order, given as tuples ``key, name, note,
        models, width``."""
        names = ("key", "name", "note", "models", "width")
        return [
            {**dict(zip(names, section, strict=True)), "sequence": 10 * number}
            for number, section in enumerate(sections)
        ]

    @api.model
    @api.readonly
    def sections(self, filters=None):
        """Return what the dashboard shows a user, before any figure.

        :param dict filters: ``company_id``, ``date_from``, ``date_to``, ``user_id``
            (the customer's salesperson), ``industry_id``, ``baseline`` (``before`` or
            ``year``); what is missing is the current company, the last twelve months,
            everybody, the period before
        :return: dict ``filters`` (complete), ``options`` (``users``, ``industries``:
            ids and names of customers' salespeople and industries), ``currency_id``,
            ``today`` (the day that scores are of),
            ``state`` and ``scoring`` as ``rfm_grid`` of the scores has them, ``run_id``
            (a refresh under way) and ``sections``: dicts ``key, name, note, width``
        :raises AccessError: for who may not read scores, or not of that company
        :raises UserError: for a period that ends before it begins
        """
        filters = self._filters(filters)
        company = self.env["res.company"].browse(filters["company_id"])
        return {
            "filters": filters,
            "options": self._options(company),
            "currency_id": company.currency_id.id,
            "today": fields.Date.to_string(company._customer_scoring_today()),
            "state": self._state(company),
            "scoring": company.sudo().customer_scoring,
            "run_id": self._run_under_way(company).id,
            "sections": [
                {name: section[name] for name in ("key", "name", "note", "width")}
                for section in sorted(self._sections(), key=itemgetter("sequence"))
                if self._may_see(section)
            ],
        }

    @api.model
    @api.readonly
    def section(self, key, filters=None):
        """Return the blocks of one section.

        :param filters: as :meth:`sections`
        :return: dict ``key``, ``missing`` (a sentence where there is nothing to show,
            else None) and ``blocks``: dicts of a ``kind``: ``figures`` (``figures``),
            ``bars`` (``rows`` with ``label``, ``color``, ``figures``), ``matrix``
            (``rows``, ``columns``, ``cells`` with ``row``, ``column``, ``figures``,
            ``shade``), ``chart`` (``type``, ``labels``, ``series`` with ``label``,
            ``unit``, ``figures``) and ``flow`` (``flows`` with ``from``, ``to``,
            ``customers``, ``figure``)
        :raises AccessError: for who may not see it, or not of that company
        :raises UserError: for a section that there is not
        """
        filters = self._filters(filters)
        section = next((each for each in self._sections() if each["key"] == key), None)
        if section is None:
            raise UserError(self.env._("The dashboard has no section %s.", key))
        if not self._may_see(section):
            raise AccessError(self.env._("This section is not for you to see."))
        dashboard = self.with_company(filters["company_id"])
        blocks = getattr(dashboard, f"_section_{key}")(filters)
        if isinstance(blocks, str):
            return {"key": key, "missing": blocks, "blocks": []}
        return {"key": key, "missing": None, "blocks": blocks}

    def _may_use(self):
        """Tell whether the dashboard is for the user: a hook for other dashboards."""
        return self.env.su or self.env.user.has_group(SELLER)

    def _state(self, company):
        """Tell whether there is something to show: a hook for other dashboards."""
        return self.env["dcrm.customer.score"]._grid_state(company)

    def _may_see(self, section):
        return all(self.env[model].has_access("read") for model in section["models"])

    # -- filters -----------------------------------------------------------------------

    def _filters(self, filters):
        """Return complete filters, once it is certain that they may be asked for."""
        if not self._may_use():
            raise AccessError(self.env._("The dashboard is not for you to see."))
        filters = self.env["dcrm.customer.score"]._checked_filters(filters)
        company = self.env["dcrm.customer.score"]._company_of_grid(
            filters.get("company_id")
        )
        last = fields.Date.to_date(filters.get("date_to"))
        last = last or company._customer_scoring_today()
        first = fields.Date.to_date(filters.get("date_from"))
        first = first or last - relativedelta(months=MONTHS, days=-1)
        if first > last:
            raise UserError(self.env._("The period ends before it begins."))
        year = filters.get("baseline") == "year"
        return {
            "company_id": company.id,
            "date_from": fields.Date.to_string(first),
            "date_to": fields.Date.to_string(last),
            "user_id": filters["user_id"],
            "industry_id": filters["industry_id"],
            "baseline": "year" if year else "before",
        }

    def _baseline(self, filters):
        """Return the filters of the period that the filters' is compared with.

        That is as many days before it, or the same days a year earlier.
        """
        first = fields.Date.to_date(filters["date_from"])
        last = fields.Date.to_date(filters["date_to"])
        if filters["baseline"] == "year":
            year = relativedelta(years=1)
            first, last = first - year, last - year
        else:
            one = relativedelta(days=1)
            first, last = first - (last - first) - one, first - one
        return {
            **filters,
            "date_from": fields.Date.to_string(first),
            "date_to": fields.Date.to_string(last),
        }

    def _customers(self, filters):
        """Return the domain of the scores of the customers that filters are about."""
        domain = Domain("company_id", "=", filters["company_id"])
        for name in ("user_id", "industry_id"):
            if filters[name]:
                domain &= Domain(name, "=", filters[name])
        return domain

    def _options(self, company):
        """Return whose customers, and of which industries, there are to choose."""
        scores = self.env["dcrm.customer.score"]
        own = [("company_id", "=", company.id)]
        return {
            "users": self._chosen(scores, own, "user_id"),
            "industries": self._chosen(scores, own, "industry_id"),
        }

    def _chosen(self, model, domain, field):
        """Return ids and names of what records have in a field, by name."""
        found = (record for [record] in model._read_group(domain, [field]) if record)
        named = [{"id": each.id, "name": each.sudo().display_name} for each in found]
        return sorted(named, key=itemgetter("name"))

    def _run_under_way(self, company):
        return self.env["dcrm.run"].search(
            [
                ("kind", "=", "refresh"),
                ("company_id", "=", company.id),
                ("state", "in", ("waiting", "running")),
            ],
            limit=1,
        )

    # -- figures -----------------------------------------------------------------------

    def _figure(self, label, value, unit, model, domain, **more):
        """Return a figure; ``more``: ``measure``, ``base``, ``name``, ``hint`` …"""
        return {
            "label": label,
            "value": value,
            "unit": unit,
            "model": model,
            "domain": _plain(Domain(domain)),
            "name": more.pop("name", label),
            "measure": more.pop("measure", "__count" if unit == "number" else None),
            **more,
        }


def _plain(domain):
    """Return a domain as it can be sent: in lists and words."""
    return [
        [name, operator, _sendable(value)] if operator else name
        for name, operator, value in (
            (part, None, None) if isinstance(part, str) else part for part in domain
        )
    ]


def _sendable(value):
    if isinstance(value, Domain):
        return _plain(value)
    if isinstance(value, date):
        return fields.Date.to_string(value)
    if isinstance(value, Collection) and not isinstance(value, str):
        return list(value)
    return value
