from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# The greatest number that a record may have.
GREATEST = 2**31 - 1
# The days that anything is looked at: beyond, some calculation leaves the calendar.
FIRST, LAST = date(1900, 1, 1), date(2200, 12, 31)


class DcrmCustomerScore(models.Model):
    """What filters ask for, looked at once for every method that takes them.

    They come from outside: whatever is no day, number or period is refused in words.
    """

    _inherit = "dcrm.customer.score"

    @api.model
    def _checked_filters(self, filters):
        """Return filters with every day as text and every id as a number, or None.

        :param filters: dict of ``company_id``, ``date_from``, ``date_to``, ``user_id``,
            ``industry_id``, each of which may be missing; what else is in it stays
        :raises UserError: for what cannot be filtered by, and for a period that ends
            before it begins
        """
        if not isinstance(filters or {}, dict):
            raise UserError(self.env._("These are no filters: %s", filters))
        checked = dict(filters or {})
        for name in ("company_id", "user_id", "industry_id"):
            checked[name] = self._id_asked(checked.get(name))
        for name in ("date_from", "date_to"):
            day = self._day_asked(checked.get(name))
            checked[name] = day and day.isoformat()
        first, last = checked["date_from"], checked["date_to"]
        if first and last and first > last:
            raise UserError(self.env._("The period ends before it begins."))
        return checked

    @api.model
    def _id_asked(self, value):
        """Return an id that was asked for, ``None`` for nothing.

        :raises UserError: for what is no id
        """
        if value is None or value is False or value == "":
            return None
        if isinstance(value, str) and value.isdecimal():
            value = int(value)
        number = isinstance(value, int) and not isinstance(value, bool)
        if not number or not 0 <= value <= GREATEST:
            raise UserError(self.env._("%s is no number of a record.", value))
        return value or None

    @api.model
    def _ids_asked(self, values):
        """Return the list of ids that were asked for: of records, ids, or one id.

        :raises UserError: for what is no id
        """
        if isinstance(values, models.BaseModel):
            return values.ids
        if not isinstance(values, list | tuple | set):
            asked = self._id_asked(values)
            return [asked] if asked else []
        ids = [self._id_asked(value) for value in values]
        if None in ids:
            raise UserError(self.env._("%s is no number of a record.", values))
        return ids

    @api.model
    def _domain_asked(self, domain, model="dcrm.customer.score"):
        """Return the ``Domain`` that was asked for.

        :param model: whose records it is about
        :raises UserError: for what is none
        """
        try:
            domain = Domain(domain)
            domain.validate(self.env[model])
            return domain
        except (IndexError, TypeError, ValueError) as error:
            raise UserError(
                self.env._("Customers cannot be searched that way: %s", error)
            ) from error

    @api.model
    def _day_asked(self, value):
        """Return the day (a ``date``) that was asked for, ``None`` for nothing.

        :raises UserError: for what is no day, or one that nobody can mean
        """
        if not value:
            return None
        try:
            day = fields.Date.to_date(value)
            known = FIRST <= day <= LAST
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("%s is no day.", value)) from error
        if not known:
            raise UserError(
                self.env._(
                    "%(day)s is not between %(first)s and %(last)s.",
                    day=day.isoformat(),
                    first=FIRST,
                    last=LAST,
                )
            )
        return day
