from odoo import api, models
from odoo.exceptions import UserError, ValidationError

from ..compute import rfm
from .dcrm_rfm_scheme import AXES, COUNTS, CUTS

# A hundred years; and what the columns of days, purchases and money can hold.
MOST_DAYS = 36_500
MOST_WHOLE = 2**31 - 1
MOST_MONEY = 10**13
# Nobody bought less than 0 days ago: with a cut of 0 the best class had no customers.
RANGES = {
    "recency": (1, MOST_WHOLE),
    "frequency": (0, MOST_WHOLE),
    "monetary": (-MOST_MONEY, MOST_MONEY),
}


class DcrmRfmScheme(models.Model):
    """What a scheme may be, and in which words it is refused."""

    _inherit = "dcrm.rfm.scheme"

    @api.constrains("company_id", "industry_id", "active")
    def _check_scope(self):
        for scheme in self.filtered("active"):
            same = self.search(
                [
                    ("company_id", "=", scheme.company_id.id),
                    ("industry_id", "=", scheme.industry_id.id),
                    ("id", "!=", scheme.id),
                ],
                limit=1,
            )
            if same:
                raise ValidationError(
                    self.env._(
                        "There is a scheme for %(company)s and %(industry)s already: "
                        "%(scheme)s",
                        company=scheme.company_id.name or self.env._("all companies"),
                        industry=scheme.industry_id.name
                        or self.env._("all industries"),
                        scheme=same.name,
                    )
                )

    @api.constrains("window_days", *COUNTS)
    def _check_counts(self):
        for scheme in self:
            if not 0 <= scheme.window_days <= MOST_DAYS:
                raise ValidationError(
                    self.env._("A window has 0 days (all time) to %s days.", MOST_DAYS)
                )
            for name in COUNTS:
                if not rfm.LEAST_CLASSES <= scheme[name] <= rfm.MOST_CLASSES:
                    raise ValidationError(
                        self.env._(
                            "%(field)s: %(number)s is not between %(least)s and "
                            "%(most)s.",
                            field=self._fields[name]._description_string(self.env),
                            number=scheme[name],
                            least=rfm.LEAST_CLASSES,
                            most=rfm.MOST_CLASSES,
                        )
                    )

    @api.constrains("method", *COUNTS, *CUTS)
    def _check_cuts(self):
        for scheme in self.filtered(lambda scheme: scheme.method == "manual"):
            for axis in AXES:
                if problem := scheme._cuts_problem(axis):
                    label = self._fields[f"{axis}_cuts"]._description_string(self.env)
                    raise ValidationError(
                        self.env._(
                            "%(field)s: %(problem)s", field=label, problem=problem
                        )
                    )

    def _cuts_problem(self, axis):
        """Return a sentence about the first fault of hand-set cut points, or None."""
        self.ensure_one()
        try:
            cuts = rfm.parse_cuts(self[f"{axis}_cuts"])
        except ValueError as error:
            return self.env._("“%s” is not a number.", error)
        wanted = self[f"{axis}_classes"] - 1
        if len(cuts) != wanted:
            return self.env._(
                "%(classes)s classes have %(wanted)s cut points, not %(found)s.",
                classes=wanted + 1,
                wanted=wanted,
                found=len(cuts),
            )
        return self._range_problem(axis, cuts) or self._order_problem(axis, cuts)

    def _range_problem(self, axis, cuts):
        """Return a sentence about the first cut point that is out of range, or None."""
        least, most = RANGES[axis]
        for cut in cuts:
            if least <= cut <= most and (axis == "monetary" or cut.is_integer()):
                continue
            limits = {"cut": _text(cut), "least": _text(least), "most": _text(most)}
            if axis == "monetary":
                return self.env._(
                    "%(cut)s is not between %(least)s and %(most)s.", **limits
                )
            return self.env._(
                "%(cut)s is not a whole number between %(least)s and %(most)s.",
                **limits,
            )
        return None

    def _order_problem(self, axis, cuts):
        """Return a sentence about two cut points with no class between, or None."""
        cuts = [round(cut, 2) for cut in cuts]
        step = rfm.first_step_back(cuts, descending=axis == "recency")
        if not step:
            return None
        before, after = map(_text, step)
        if axis == "recency":
            return self.env._(
                "%(after)s does not fall below %(before)s: each class is more recent "
                "than the one before.",
                after=after,
                before=before,
            )
        return self.env._(
            "%(after)s does not rise above %(before)s: no customer could be in the "
            "class between.",
            after=after,
            before=before,
        )

    # -- the one that everybody falls back on ------------------------------------------

    def write(self, vals):
        general = False
        if not vals.keys().isdisjoint({"active", "company_id", "industry_id"}):
            general = bool(self & self._general())
        result = super().write(vals)
        if general and not self._general():
            self._raise_last_general()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last_general(self):
        general = self._general()
        if general and general <= self:
            self._raise_last_general()

    def _general(self):
        """Return the active scheme of all companies and industries, if there is one."""
        return self.search([("company_id", "=", False), ("industry_id", "=", False)])

    def _raise_last_general(self):
        raise UserError(
            self.env._(
                "This is the only active scheme for all companies and industries: "
                "without it there are customers that nothing classes."
            )
        )


def _text(number):
    return f"{number:.15g}"
