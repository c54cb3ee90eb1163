from datetime import timedelta

from odoo import models
from odoo.tools import format_amount, format_date

from .dcrm_rfm_scheme import AXES


class DcrmCustomerScore(models.Model):
    """A score explains itself: thresholds, documents counted, the next class.

    Whoever may read a score may know its cut points; to browse them all, which tell
    what all customers are worth, takes more.
    """

    _inherit = "dcrm.customer.score"

    def explain(self):
        """Return what made this score, for a screen.

        :return: dict with ``partner``, ``segment``, ``scheme`` and ``documents`` (a
            domain on ``dcrm.purchase`` and its count), ``rfm_score``, ``value_class``
            with its bounds, the dates, and ``axes``: for each axis ``value`` (days,
            purchases, company currency) and its text, class, number of classes, cut
            points and their texts, and ``next``: class, value needed, distance to it
            and a sentence, or None where there is no better one; of the segment ``by``
            is a sentence where a rule decided on it
        :raises AccessError: for who may not read the score
        """
        self.ensure_one()
        self.check_access("read")
        cut = self.sudo().cut_id
        return {
            "id": self.id,
            "partner": _pair(self.partner_id),
            "company": _pair(self.company_id),
            "currency_id": self.currency_id.id,
            "rfm_score": self.rfm_score,
            "scored_on": self.scored_on,
            "as_of": self._as_of(),
            "as_of_text": format_date(self.env, self._as_of()),
            "cut_date": cut.date,
            "population": cut.population,
            "scheme": self._explain_scheme(),
            "segment": self._explain_segment(),
            "value_class": self._explain_value_class(),
            "axes": [self._explain_axis(axis) for axis in AXES],
            "documents": self._explain_documents(),
        }

    def action_open_purchases(self):
        """Return the action that opens exactly the purchases that were counted."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Documents Counted"),
            "res_model": "dcrm.purchase",
            "views": [(False, "list"), (False, "form")],
            "domain": self._domain_counted(),
            "context": {"create": False},
        }

    def _as_of(self):
        """Return the day that the classes are of: the last time that cuts were renewed.

        Where nobody scores any more that is in the past, and so are its days since.
        """
        return max(
            filter(None, (self.sudo().cut_id.renewed_on, self.scored_on)), default=None
        )

    def _domain_counted(self):
        """Return the domain of the purchases in the window, credit notes included."""
        self.ensure_one()
        as_of = self._as_of()
        domain = [
            ("partner_id", "=", self.partner_id.id),
            ("company_id", "=", self.company_id.id),
            ("date", "<=", as_of),
        ]
        if window := self.sudo().cut_id.window_days:
            domain.append(("date", ">", as_of - timedelta(window)))
        return domain

    def _explain_documents(self):
        domain = self._domain_counted()
        return {
            "domain": domain,
            "count": self.env["dcrm.purchase"].search_count(domain),
            "margin_unknown": self.margin_unknown,
        }

    def _explain_scheme(self):
        cut = self.sudo().cut_id
        labels = {
            name: dict(cut._fields[name]._description_selection(self.env))
            for name in ("basis", "method")
        }
        return {
            **_pair(self.scheme_id),
            "window_days": cut.window_days,
            "window_text": self.env._("%s days", cut.window_days)
            if cut.window_days
            else self.env._("all time"),
            "basis": cut.basis,
            "basis_text": labels["basis"].get(cut.basis),
            "method": cut.method,
            "method_text": labels["method"].get(cut.method),
        }

    def _explain_segment(self):
        segment = self.segment_id
        return {
            **_pair(segment),
            "color": segment.color,
            "meaning": segment.meaning,
            "treatment": segment.treatment,
            "by": self._explain_rule(),
        }

    def _explain_rule(self):
        """Return why the customer is in its segment where a rule says so, else None."""
        rule, cell = self.sudo().segment_rule_id, self.sudo().grid_segment_id
        if not rule:
            return None
        if cell == self.segment_id:
            return self.env._("By rule %s, as by the grid.", rule.name)
        return self.env._(
            "By rule %(rule)s; by the grid it would be %(segment)s.",
            rule=rule.name,
            segment=cell.name or self.env._("no segment"),
        )

    def _explain_value_class(self):
        cut = self.sudo().cut_id
        return {
            "class": self.value_class,
            "value_a": cut.value_a,
            "value_b": cut.value_b,
            "value_a_text": self._axis_text("monetary", cut.value_a),
            "value_b_text": self._axis_text("monetary", cut.value_b),
        }

    def _explain_axis(self, axis):
        """Return value, class, cut points and the way to the next class of an axis."""
        value, cuts = self._axis_value(axis), self.sudo().cut_id[f"{axis}_cuts"] or []
        return {
            "axis": axis,
            "label": self._fields[axis]._description_string(self.env),
            "value": value,
            "text": self._axis_text(axis, value),
            "class": self[f"{axis}_class"],
            "classes": len(cuts) + 1,
            "cuts": cuts,
            "cut_texts": [self._axis_text(axis, cut) for cut in cuts],
            "next": self._next_class(axis, value, cuts),
        }

    def _axis_value(self, axis):
        if axis != "recency":
            return self[axis]
        last = self.last_purchase_date
        return (self._as_of() - last).days if last else None

    def _axis_text(self, axis, value):
        if axis == "monetary":
            return format_amount(self.env, value, self.currency_id)
        if value is None:
            return self.env._("never bought")
        if axis == "frequency":
            return (
                self.env._("1 purchase")
                if value == 1
                else self.env._("%s purchases", value)
            )
        return self.env._("1 day") if value == 1 else self.env._("%s days", value)

    def _next_class(self, axis, value, cuts):
        """Return the next class that there is above the present one, and what it takes.

        Equal cut points have no customers between them: such classes are passed over.
        """
        position = self[f"{axis}_class"] - 1
        if position >= len(cuts):
            return None
        rounded = self.currency_id.round if axis == "monetary" else int
        unit = self.currency_id.rounding if axis == "monetary" else 1
        better = -1 if axis == "recency" else 1
        needed = rounded(cuts[position] + better * unit)
        if axis == "recency" and needed < 0:
            return None
        distance = None if value is None else rounded(better * (needed - value))
        reached = 1 + sum(better * (needed - cut) > 0 for cut in cuts)
        return {
            "class": reached,
            "needed": needed,
            "distance": distance,
            "text": self._next_class_text(axis, reached, needed, distance),
        }

    def _next_class_text(self, axis, reached, needed, distance):
        values = {
            "number": reached,
            "needed": self._axis_text(axis, needed),
            "distance": self._axis_text(axis, distance),
        }
        if axis != "recency":
            return self.env._(
                "%(distance)s more for class %(number)s, which begins at %(needed)s.",
                **values,
            )
        if distance is None:
            return self.env._(
                "Class %(number)s begins with a purchase in the last %(needed)s.",
                **values,
            )
        return self.env._(
            "%(distance)s too long ago for class %(number)s, which takes a purchase "
            "in the last %(needed)s.",
            **values,
        )


def _pair(record):
    return {"id": record.id, "name": record.display_name}
