from datetime import datetime

from odoo import api, fields, models
from odoo.tools import format_amount, format_date, format_time
from odoo.tools.misc import get_lang

# Up to so many days ahead or ago a day is told by its distance.
NEAR = 60


class DcrmCustomerPage(models.Model):
    """What the page is put together from: sections, blocks, and their words.

    ``tone`` is ``danger``, ``warning``, ``success`` or None. An ``action`` is one of
    the host's for the screen to run, or of :meth:`_call`; on paper there is none.
    """

    _inherit = "dcrm.customer.page"

    # -- blocks ----------------------------------------------------------------------

    @api.model
    def _section(self, key, title, icon, blocks, **values):
        """Return a section; ``note`` stands beside its title, ``empty`` for blocks."""
        return {
            "key": key,
            "title": title,
            "icon": icon,
            "blocks": [block for block in blocks if block],
            "tone": None,
            "note": None,
            "empty": None,
            **values,
        }

    @api.model
    def _figures(self, figures):
        """Return a block of figures, see :meth:`_figure`; None without any."""
        items = [figure for figure in figures if figure]
        return {"type": "figures", "items": items} if items else None

    @api.model
    def _figure(self, label, text, note=None, tone=None, action=None):
        return {
            "label": label,
            "text": text,
            "note": note,
            "tone": tone,
            "action": action,
        }

    @api.model
    def _lines(self, lines, more=None):
        """Return a block of lines; ``more`` is the action that opens all of them."""
        if not lines:
            return None
        return {"type": "lines", "items": lines, "more": more}

    @api.model
    def _line(self, text, **values):
        """Return a line: ``icon, text, detail`` below it, ``aside`` at its end."""
        names = ("icon", "detail", "aside", "tone", "href", "action")
        line = {name: values.pop(name, None) or None for name in names}
        return {"text": text, **line, **values}

    @api.model
    def _bars(self, items):
        """Return a block of bars, of ``(label, amount, tone, action)``."""
        most = max((abs(amount) for _label, amount, *_rest in items), default=0)
        return {
            "type": "bars",
            "items": [
                {
                    "label": label,
                    "text": self._money(amount),
                    "share": round(100 * abs(amount) / most) if most else 0,
                    "tone": tone,
                    "action": action,
                }
                for label, amount, tone, action in items
            ],
        }

    @api.model
    def _badge(self, text, color=None, tone=None, title=None):
        return {"text": text, "color": color, "tone": tone, "title": title}

    # -- where it leads --------------------------------------------------------------

    @api.model
    def _open(self, record):
        """Return the action that opens a record."""
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    @api.model
    def _call(self, record, method):
        """Return what has the screen run the action that a record's method returns."""
        return {"model": record._name, "method": method, "id": record.id}

    @api.model
    def _list(self, name, model, domain, context=None):
        """Return the action that lists exactly the records of a domain."""
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "domain": list(domain),
            "context": {"create": False, **(context or {})},
        }

    # -- words -----------------------------------------------------------------------

    @api.model
    def _money(self, amount, currency=None):
        """Return an amount of the company's currency, or another, in full."""
        return format_amount(self.env, amount, currency or self.env.company.currency_id)

    @api.model
    def _whole_money(self, amount):
        """Return an amount of the company's currency; from 1,000 on without cents."""
        currency = self.env.company.currency_id
        if abs(amount) < 1000:
            return self._money(amount)
        text = self._number(amount)
        parts = (currency.symbol, text)
        return "\u00a0".join(parts if currency.position == "before" else parts[::-1])

    @api.model
    def _number(self, value, digits=0):
        lang = self.env["res.lang"].browse(get_lang(self.env).id)
        return lang.format(f"%.{digits}f", value, grouping=True)

    @api.model
    def _percent(self, ratio):
        # Nothing to translate: the host exports no term without a word.
        return f"{self._number(100 * ratio)} %"

    @api.model
    def _days(self, days):
        return (
            self.env._("1 day")
            if days == 1
            else self.env._("%s days", self._number(days))
        )

    @api.model
    def _date(self, day):
        return format_date(self.env, day)

    @api.model
    def _when(self, moment, today):
        """Return a day, or a naive UTC instant, as seen from today."""
        day = self._day(moment)
        days = (day - today).days
        if days == 0:
            return self._time(moment) if day is not moment else self.env._("today")
        if days in (-1, 1):
            return self.env._("tomorrow") if days > 0 else self.env._("yesterday")
        if 0 < days <= NEAR:
            return self.env._("in %s days", days)
        if -NEAR <= days < 0:
            return self.env._("%s days ago", -days)
        return self._date(day)

    @api.model
    def _time(self, moment):
        local = fields.Datetime.context_timestamp(self, moment)
        return format_time(self.env, local.time(), time_format="short")

    @api.model
    def _day(self, moment):
        """Return the reader's day of a naive UTC instant; a day as it is."""
        if isinstance(moment, datetime):
            return fields.Datetime.context_timestamp(self, moment).date()
        return moment
