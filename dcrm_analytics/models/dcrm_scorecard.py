from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..queries import scorecard

PURCHASE = "dcrm.purchase"
SCORE = "dcrm.customer.score"
LIFECYCLE = "dcrm.customer.lifecycle"


class DcrmScorecard(models.AbstractModel):
    """How selling does, in a dozen figures, each against a period before."""

    _name = "dcrm.scorecard"
    _description = "Scorecard"

    @api.model
    @api.readonly
    def figures(self, filters=None, baseline=None):
        """Return the figures of a period, of the customers that the user may see.

        :param dict filters: as ``dcrm.dashboard.sections`` takes them
        :param dict baseline: ``date_from`` and ``date_to`` of the period to compare
            with; default: the one that the filters say
        :return: list of figures as the dashboard has them, each with a ``key``, a
            ``baseline`` (the value of that period, ``None``: not known), a ``change``
            (a share of the baseline, ``None``: there is nothing to compare with) and
            ``better`` (``more``, ``less`` or ``None``). The value is ``None`` where it
            is not known.
        :raises AccessError: for who may not read scores, or not of that company
        :raises UserError: for a period that ends before it begins
        """
        dashboard = self.env["dcrm.dashboard"]
        filters = dashboard._filters(filters)
        if baseline:
            baseline = self.env[SCORE]._checked_filters(baseline)
            period = {name: baseline[name] for name in ("date_from", "date_to")}
            before = dashboard._filters({**filters, **period})
        else:
            before = dashboard._baseline(filters)
        scorecard = self.with_company(filters["company_id"])
        was = {each["key"]: each["value"] for each in scorecard._period(before)}
        return [
            {
                **figure,
                "baseline": was.get(figure["key"]),
                "change": self._change(figure["value"], was.get(figure["key"])),
            }
            for figure in scorecard._period(filters)
        ]

    def _topics(self):
        """Return the names of the topics, for addons to extend with ``super()``.

        The method ``_figures_<topic>(filters)`` returns the figures of a period.
        """
        return ["sales", "selling_cost", "success", "customers", "share"]

    def _period(self, filters):
        return [
            figure
            for topic in self._topics()
            for figure in getattr(self, f"_figures_{topic}")(filters)
        ]

    @staticmethod
    def _change(value, before):
        if value is None or not before:
            return None
        return (value - before) / abs(before)

    def _figure(self, key, label, value, unit, model=None, domain=(), **more):
        """Return a figure as the dashboard has it, with ``key`` and ``better``."""
        more.setdefault("better", "more")
        if model is None:
            more["measure"] = None
        return self.env["dcrm.dashboard"]._figure(
            label, value, unit, model, domain, key=key, **more
        )

    # -- what the period is about ------------------------------------------------------

    def _customers(self, filters, path="partner_id"):
        """Return the domain of whatever is of the filters' company and customers."""
        domain = Domain("company_id", "=", filters["company_id"])
        for name in ("user_id", "industry_id"):
            if filters[name]:
                domain &= Domain(f"{path}.{name}", "=", filters[name])
        return domain

    def _between(self, filters, field="date"):
        return Domain(field, ">=", filters["date_from"]) & Domain(
            field, "<=", filters["date_to"]
        )

    def _purchases(self, filters):
        return self._customers(filters) & self._between(filters)

    # -- topics ------------------------------------------------------------------------

    def _figures_sales(self, filters):
        """Sales and margin of the purchases, and sales by who sold: read once."""
        domain = self._purchases(filters)
        sold = domain & Domain("user_id", "!=", False)
        known = domain & Domain("margin_known", "=", True)
        groups = self.env[PURCHASE]._read_group(
            domain, ["user_id", "margin_known"], ["amount:sum", "margin:sum"]
        )
        total = self.env["res.company"].browse(filters["company_id"]).currency_id.round
        sales = total(sum(amount for _who, _known, amount, _margin in groups))
        by_seller = [(who.id, each) for who, _known, each, _margin in groups if who]
        by_sellers = total(sum(each for _who, each in by_seller))
        sellers = len({who for who, _each in by_seller})
        of_known = [group[2:] for group in groups if group[1]]
        amount = total(sum(each for each, _margin in of_known))
        margin = total(sum(each for _amount, each in of_known))
        return [
            self._figure(
                "sales",
                self.env._("Sales"),
                sales,
                "money",
                PURCHASE,
                domain,
                measure="amount:sum",
            ),
            self._figure(
                "sales_per_seller",
                self.env._("Sales per salesperson"),
                by_sellers / sellers if sellers else None,
                "money",
                PURCHASE,
                sold,
                hint=self.env._(
                    "%s salespeople sold; of the sales that name one", sellers
                ),
            ),
            self._figure(
                "margin",
                self.env._("Margin"),
                margin if amount else None,
                "money",
                PURCHASE,
                known,
                measure="margin:sum",
                hint=self.env._("Of the purchases whose margin is known"),
            ),
            self._figure(
                "margin_rate",
                self.env._("Margin of sales"),
                margin / amount if amount else None,
                "percent",
                PURCHASE,
                known,
            ),
        ]

    def _figures_customers(self, filters):
        """Who bought and who did for the first time; customers by state of their
        lifecycle at the end, buyers by value class."""
        domain = self._purchases(filters)
        buyers = self._buyers_by_class(filters)
        first = self._customers(filters) & self._between(filters, "first_purchase_date")
        return [
            self._figure(
                "customers",
                self.env._("Customers who bought"),
                sum(buyers.values()),
                "number",
                PURCHASE,
                domain,
                measure="partner_id:count_distinct",
            ),
            self._figure(
                "new_customers",
                self.env._("New customers"),
                self.env[SCORE].search_count(first),
                "number",
                SCORE,
                first,
            ),
            *self._states(filters),
            *(
                self._value_class(filters, key, label, buyers.get(key, 0))
                for key, label in self.env[SCORE]
                ._fields["value_class"]
                ._description_selection(self.env)
            ),
        ]

    def _states(self, filters):
        end = filters["date_to"]
        there = (
            self._customers(filters)
            & Domain("entered_on", "<=", end)
            & (Domain("left_on", "=", False) | Domain("left_on", ">", end))
        )
        stays = self.env[LIFECYCLE]
        counts = dict(stays._read_group(there, ["state"], ["__count"]))
        states = stays._fields["state"]._description_selection(self.env)
        return [
            self._figure(
                f"lifecycle_{state}",
                label,
                counts.get(state, 0),
                "number",
                LIFECYCLE,
                there & Domain("state", "=", state),
                better="less" if state == "lost" else "more",
                hint=self.env._("At the end of the period"),
            )
            for state, label in states
        ]

    def _buyers_by_class(self, filters):
        """Return ``{value class, None: not known: how many customers bought}``."""
        purchases = self._selected(PURCHASE, self._purchases(filters), "partner_id")
        own = Domain("company_id", "=", filters["company_id"])
        scores = self._selected(SCORE, own, "partner_id", "value_class")
        return dict(self.env.execute_query(scorecard.buyers(purchases, scores)))

    def _selected(self, name, domain, *fields_):
        """Return the SQL that selects fields of what the user may see of a model."""
        model = self.env[name]
        query = model._search(domain)
        return query.select(
            *(
                SQL(
                    "%s AS %s",
                    model._field_to_sql(query.table, field, query),
                    SQL.identifier(field),
                )
                for field in fields_
            )
        )

    def _value_class(self, filters, value_class, label, count):
        domain = self._purchases(filters) & Domain(
            "partner_id.value_class", "=", value_class
        )
        return self._figure(
            f"value_class_{value_class}",
            self.env._("Class %s customers who bought", label),
            count,
            "number",
            PURCHASE,
            domain,
            measure="partner_id:count_distinct",
            context={"allowed_company_ids": self.env.companies.ids},
            hint=self.env._("By the value class that they have now"),
        )

    def _figures_share(self, filters):
        """What customers spend with us of what they spend: known of the present."""
        company = self.env["res.company"].browse(filters["company_id"])
        today = company._customer_scoring_today()
        domain = self._customers(filters)
        share = None
        if fields.Date.to_date(filters["date_to"]) >= today:
            [[known]] = self.env[SCORE]._read_group(domain, [], ["share_of_wallet:avg"])
            share = None if known is False else known
        return [
            self._figure(
                "share",
                self.env._("Customer share"),
                share,
                "percent",
                SCORE,
                domain,
                measure="share_of_wallet:avg",
                hint=self.env._(
                    "On average, where it is known or estimated; known of today only"
                ),
            )
        ]
