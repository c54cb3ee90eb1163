from datetime import date

from odoo import api, fields, models

from ..compute import rfm
from ..queries import score_figure as queries
from ..queries import score_value
from .dcrm_rfm_scheme import AXES


class DcrmRfmCut(models.Model):
    """The cut points that scores of a scheme and company were made with, from a day on.

    ``n`` classes have ``n − 1`` cut points a axis; a customer's class is one more than
    the number of cut points that they exceed (for recency: fall short of, in days).
    """

    _name = "dcrm.rfm.cut"
    _description = "RFM Cut Points"
    _order = "date desc, id desc"
    _rec_name = "date"

    scheme_id = fields.Many2one(
        "dcrm.rfm.scheme", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, readonly=True, help="Used from this day on")
    renewed_on = fields.Date(readonly=True, help="The last day they were found to hold")
    current = fields.Boolean(readonly=True, help="Scores are made with them now")
    segments_due = fields.Boolean(
        readonly=True, help="Segment rules have still to be applied to the scores"
    )
    digest = fields.Char(
        readonly=True, help="What of the scheme they were made from; other, they end"
    )
    window_days = fields.Integer(readonly=True)
    basis = fields.Selection(
        [("revenue", "Revenue"), ("margin", "Margin")], readonly=True
    )
    method = fields.Selection(
        [("quantile", "Quantiles"), ("manual", "Set by hand")], readonly=True
    )
    population = fields.Integer(
        readonly=True, help="Customers that the quantiles were taken from"
    )
    recency_cuts = fields.Json(readonly=True, help="Days, descending")
    frequency_cuts = fields.Json(readonly=True, help="Numbers of purchases, ascending")
    monetary_cuts = fields.Json(readonly=True, help="Company currency, ascending")
    value_a = fields.Monetary(
        readonly=True, help="Least monetary value of value class A"
    )
    value_b = fields.Monetary(
        readonly=True, help="Least monetary value of value class B"
    )

    _unique_day = models.Constraint("UNIQUE (scheme_id, company_id, date)")

    @api.model
    def _current(self, company):
        """Return ``{scheme: cut points its customers are scored with now}``."""
        cuts = self.search([("company_id", "=", company.id), ("current", "=", True)])
        return {cut.scheme_id: cut for cut in cuts}

    @api.model
    def _take(self, company, day, schemes):
        """Take cut points from the present figures, keep and return them."""
        cuts = self._renew(company, day, self._values(company, day, schemes))
        self.env.flush_all()
        return self.browse(cut.id for cut in cuts.values())

    @api.model
    def _renew(self, company, day, values):
        """Make ``{scheme: values}`` the cut points of a day; return ``{scheme: cut}``.

        Where nothing changed the cut points of before go on; a day has one row.
        """
        before = self._current(company)
        after = {}
        for scheme, vals in values.items():
            cut = before.pop(scheme, None)
            if cut is None or not cut._says(vals):
                cut = self._of_day(scheme, company, day, cut, vals)
            if cut.renewed_on != day:
                cut.renewed_on = day
            after[scheme] = cut
        for cut in before.values():
            cut.current = False
        return after

    def _of_day(self, scheme, company, day, before, vals):
        if before:
            before.current = False
        cut = self.search(
            [
                ("scheme_id", "=", scheme.id),
                ("company_id", "=", company.id),
                ("date", "=", day),
            ]
        )
        if cut:
            cut.write({**vals, "current": True})
            return cut
        return self.create(
            {
                **vals,
                "scheme_id": scheme.id,
                "company_id": company.id,
                "date": day,
                "current": True,
            }
        )

    def _says(self, vals):
        self.ensure_one()
        return all(self[name] == value for name, value in vals.items())

    @api.model
    def _values(self, company, day, schemes):
        """Return ``{scheme: values}`` of cut points taken from the present figures.

        The figures are those of the temporary table of ``queries.score``.
        """
        digests = schemes._digests()
        counts = [(scheme.id, scheme._counts()) for scheme in schemes]
        populations = {
            scheme_id: figures
            for scheme_id, *figures in self.env.execute_query(
                queries.populations(counts)
            )
        }
        valued = score_value.valued() if company._value_class_rules() else None
        [bounds] = self.env.execute_query(
            queries.value_bounds(company._value_class_shares(), valued)
        )
        currency = company.currency_id
        return {
            scheme: {
                **self._axes(scheme, day, currency, populations.get(scheme.id)),
                "digest": digests[scheme] + company._value_class_digest(),
                "window_days": scheme.window_days,
                "basis": scheme.basis,
                "method": scheme.method,
                "value_a": bounds[0] or 0.0,
                "value_b": bounds[1] or 0.0,
            }
            for scheme in schemes
        }

    @api.model
    def _axes(self, scheme, day, currency, population):
        """Return population and cut points of a scheme.

        :param population: a row of ``queries.score.populations`` without its scheme,
            None where no customer of the scheme bought in the window
        """
        count, *axes = population or [0]
        manual = scheme._manual_cuts()
        cuts = {}
        for position, axis in enumerate(AXES):
            if manual:
                cuts[axis] = manual[axis]
            elif not population:
                cuts[axis] = rfm.cut_points([], scheme[f"{axis}_classes"]).tolist()
            else:
                unit = currency.rounding if axis == "monetary" else 1
                cuts[axis] = _quantiles(axes[position], unit, day)
        return {
            "population": count,
            "recency_cuts": [int(cut) for cut in cuts["recency"]],
            "frequency_cuts": [int(cut) for cut in cuts["frequency"]],
            "monetary_cuts": [currency.round(cut) for cut in cuts["monetary"]],
        }

    def _parameters(self):
        """Return the cut points as ``queries.score.scored`` asks for them."""
        names = (*(f"{axis}_cuts" for axis in AXES), "value_a", "value_b")
        return [
            {
                "scheme_id": cut.scheme_id.id,
                "cut_id": cut.id,
                "by_value": bool(cut.company_id._value_class_rules()),
                **{name: cut[name] for name in names},
            }
            for cut in self
        ]


def _quantiles(found, unit, day):
    """Return the cut points of an axis from what the database found of it.

    :param found: the least value, the quantiles, the greatest value; of dates the cut
        points are days before ``day``, descending
    """
    least, *points, greatest = found
    if isinstance(least, date):
        days = [(each - day).days for each in found]
        return [-cut for cut in _quantiles(days, unit, day)]
    if least == greatest:
        return rfm.cut_points([least], len(points) + 1, unit).tolist()
    return points
