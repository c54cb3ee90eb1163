from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models
from odoo.fields import Domain

ANALYST = "dcrm_analytics.group_dcrm_analyst"
SELLER_ALL = "dcrm_analytics.group_dcrm_seller_all"


class DcrmScorecard(models.AbstractModel):
    """What selling cost, and how much of what was offered was won."""

    _inherit = "dcrm.scorecard"

    def _figures_selling_cost(self, filters):
        """What is posted on the accounts that the company chose for it.

        For analysts, and of the whole company only: it is booked to no customer.
        """
        if filters["user_id"] or filters["industry_id"]:
            return []
        if not (self.env.su or self.env.user.has_group(ANALYST)):
            return []
        company = self.env["res.company"].browse(filters["company_id"]).sudo()
        domain = (
            Domain("company_id", "=", company.id)
            & Domain("account_id", "in", company.selling_cost_account_ids.ids)
            & Domain("parent_state", "=", "posted")
            & self._between(filters)
        )
        cost = sales = count = None
        if company.selling_cost_account_ids:
            lines = self.env["account.move.line"].sudo()
            [[cost, count]] = lines._read_group(domain, [], ["balance:sum", "__count"])
            cost = cost or 0.0
            [[sales]] = self.env["dcrm.purchase"]._read_group(
                self._purchases(filters), [], ["amount:sum"]
            )
        seen = count is not None and self._sees_lines(domain, count)
        return [
            self._cost("selling_cost", cost, "money", domain, seen, "balance:sum"),
            self._cost(
                "selling_cost_rate",
                cost / sales if sales else None,
                "percent",
                domain,
                seen,
            ),
        ]

    def _sees_lines(self, domain, count):
        """Whether the user may read all of the ``count`` entries of the domain."""
        lines = self.env["account.move.line"]
        return lines.has_access("read") and lines.search_count(domain) == count

    def _cost(self, key, value, unit, domain, seen, measure=None):
        known = seen and value is not None
        labels = {
            "selling_cost": self.env._("Cost of selling"),
            "selling_cost_rate": self.env._("Cost of selling of sales"),
        }
        missing = self.env._("The settings say on which accounts it is posted")
        return self._figure(
            key,
            labels[key],
            value,
            unit,
            "account.move.line" if known else None,
            domain if known else (),
            measure=measure,
            better="less",
            hint=None if value is not None else missing,
        )

    # -- success -----------------------------------------------------------------------

    def _figures_success(self, filters):
        """Of what was decided in the period, how much was won: offers, opportunities.

        An offer is lost when it is cancelled or was not accepted while it was valid.
        """
        offers = self._success(
            "success_rate",
            self.env._("Orders won of offers decided"),
            "sale.order",
            "partner_id.commercial_partner_id",
            filters,
            won_by=("state", "sale"),
            won=Domain("state", "=", "sale") & self._at(filters, "date_order"),
            lost=(Domain("state", "=", "cancel") & self._at(filters, "date_order"))
            | (
                Domain("state", "in", ("draft", "sent"))
                & self._between(filters, "validity_date")
                & Domain("validity_date", "<", fields.Date.today())
            ),
        )
        if "crm.lead" not in self.env:
            return offers
        return offers + self._success(
            "success_rate_leads",
            self.env._("Opportunities won of those decided"),
            "crm.lead",
            "partner_id.commercial_partner_id",
            filters,
            won_by=("won_status", "won"),
            won=Domain("won_status", "=", "won") & self._at(filters, "date_closed"),
            lost=Domain("won_status", "=", "lost") & self._at(filters, "date_closed"),
        )

    def _success(self, key, label, model, path, filters, won_by, won, lost):
        """Return the figure of a model that the user may read, else none.

        :param won_by: the field, and its value, that tell what is won from what is lost
        """
        records = self.env[model].with_context(active_test=False)
        if not records.has_access("read"):
            return []
        own = self._customers(filters, path)
        if not (self.env.su or self.env.user.has_group(SELLER_ALL)):
            own &= Domain(f"{path}.user_id", "=", self.env.uid)
        field, value = won_by
        counts = dict(records._read_group(own & (won | lost), [field], ["__count"]))
        decided = sum(counts.values())
        if not decided:
            return [self._figure(key, label, None, "percent")]
        return [
            self._figure(
                key,
                label,
                counts.get(value, 0) / decided,
                "percent",
                model,
                own & won,
                measure="__count",
                base=list(own & (won | lost)),
                context={"active_test": False},
                hint=self.env._("%s were decided", decided),
            )
        ]

    def _at(self, filters, field):
        """Return the domain of instants within the company's days."""
        company = self.env["res.company"].browse(filters["company_id"])
        zone = company._customer_zone()
        first = fields.Date.to_date(filters["date_from"])
        after = fields.Date.to_date(filters["date_to"]) + timedelta(1)
        begin, end = (
            zone.localize(datetime.combine(day, time.min))
            .astimezone(pytz.utc)
            .replace(tzinfo=None)
            for day in (first, after)
        )
        return Domain(field, ">=", fields.Datetime.to_string(begin)) & Domain(
            field, "<", fields.Datetime.to_string(end)
        )
