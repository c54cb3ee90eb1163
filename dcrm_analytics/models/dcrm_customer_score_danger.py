import math
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..compute import rhythm


class DcrmCustomerScore(models.Model):
    """Who is being lost, told: in a matrix over all, in words of the one."""

    _inherit = "dcrm.customer.score"

    @api.model
    @api.readonly
    def danger_by_value(self, filters=None):
        """Return the customers of one company by how silent they are and their value.

        :param filters: dict of ``company_id`` (default: the current), ``user_id`` (the
            customer's salesperson) and ``industry_id``; the period is not asked for:
            silence is of today
        :return: dict ``company_id``, ``currency_id``, ``rows`` and ``columns`` (dicts
            ``key, label``: how silent, value class) and ``cells``: dicts ``row``,
            ``column``, ``customers``, ``amount`` (their monetary value) and ``domain``
            of exactly these scores; only cells with customers
        :raises AccessError: for who may not read scores, or not of that company
        """
        self.browse().check_access("read")
        filters = self._checked_filters(filters)
        company = self._company_of_grid(filters.get("company_id"))
        own = Domain("company_id", "=", company.id)
        for name in ("user_id", "industry_id"):
            if filters.get(name):
                own &= Domain(name, "=", filters[name])
        silences = self._silences(company._customer_scoring_today())
        classes = self._fields["value_class"]._description_selection(self.env)
        return {
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "rows": [{"key": key, "label": name} for key, name, _of in silences],
            "columns": [{"key": key, "label": name} for key, name in classes],
            "cells": [
                cell
                for key, _name, silent in silences
                for cell in self._danger_cells(key, own & silent, company.currency_id)
            ],
        }

    @api.model
    def _danger_cells(self, row, domain, currency):
        groups = self._read_group(domain, ["value_class"], ["__count", "monetary:sum"])
        return [
            {
                "row": row,
                "column": value_class,
                "customers": customers,
                "amount": currency.round(amount),
                "domain": list(domain & Domain("value_class", "=", value_class)),
            }
            for value_class, customers, amount in groups
        ]

    @api.model
    def _silences(self, today):
        """Return how silent customers may be: ``[(key, name, domain)]``, each is one.

        :param today: the day of their company
        """
        day = fields.Date.to_string(today)
        here = Domain("lifecycle", "!=", "lost")
        calm = here & Domain("danger_since", "=", False)
        return [
            (
                "steady",
                self.env._("In their rhythm"),
                calm & Domain("purchase_due_date", ">=", day),
            ),
            (
                "overdue",
                self.env._("Purchase overdue"),
                calm & Domain("purchase_due_date", "<", day),
            ),
            (
                "danger",
                self.env._("In danger"),
                here & Domain("danger_since", "!=", False),
            ),
            ("lost", self.env._("Lost"), Domain("lifecycle", "=", "lost")),
            (
                "unknown",
                self.env._("No rhythm yet"),
                calm & Domain("purchase_due_date", "=", False),
            ),
        ]

    # -- in words ----------------------------------------------------------------------

    def explain(self):
        """Add ``rhythm`` to what made the score: sentences, the first the most telling,
        and ``tone`` (``danger``, ``lost`` or ``calm``)."""
        explained = super().explain()
        if not self.sudo().company_id.customer_worth:
            return explained
        sentences = [
            self._danger_sentence(),
            self._gap_sentence(),
            self._due_sentence(),
            self._danger_rule_sentence(),
            self._lifecycle_sentence(),
            self._relation_sentence(),
        ]
        tone = "lost" if self.lifecycle == "lost" else "calm"
        return {
            **explained,
            "rhythm": {
                "tone": "danger" if self.danger_since else tone,
                "sentences": [sentence for sentence in sentences if sentence],
            },
        }

    def _danger_sentence(self):
        if not self.danger_since:
            return None
        return self.env._(
            "In danger since %(day)s: silent for %(gaps)s of its usual gaps.",
            day=format_date(self.env, self.danger_since),
            gaps=f"{self.overdue_gaps:.1f}",
        )

    def _gap_sentence(self):
        if self.purchase_gap:
            return self.env._(
                "Usually buys every %s days: the median of its latest gaps.",
                f"{self.purchase_gap:g}",
            )
        if not self.lifecycle:
            return None
        return self.env._(
            "Too few purchases to tell a rhythm: it takes %s days with one.",
            self.sudo().company_id.danger_min_days,
        )

    def _due_sentence(self):
        due, today = self.purchase_due_date, self.company_id._customer_scoring_today()
        if not due or self.lifecycle == "lost":
            return None
        day = format_date(self.env, due)
        if due < today:
            return self.env._("The next purchase was due on %s.", day)
        return self.env._("The next purchase is due on %s.", day)

    def _danger_rule_sentence(self):
        if not self.purchase_gap or self.lifecycle == "lost":
            return None
        company, day = self.sudo().company_id, self._danger_on()
        rule = self.env._(
            "Danger is a silence of %(gaps)s of its usual gaps, and of %(days)s days "
            "at least.",
            gaps=f"{company.danger_after_gaps:g}",
            days=company.danger_min_silence_days,
        )
        if not day:
            return rule
        begins = self.env._(
            "In danger from %s on, unless it buys before.", format_date(self.env, day)
        )
        return f"{begins} {rule}"

    def _danger_on(self):
        """Return the day that puts the customer in danger if it buys nothing.

        :return: ``None`` where it has no rhythm, is in danger already, or is lost first
        """
        if not self.purchase_gap or self.danger_since or self.lifecycle == "lost":
            return None
        company = self.sudo().company_id
        last = self.purchase_due_date - timedelta(math.ceil(self.purchase_gap))
        day = rhythm.danger_day(
            last,
            self.purchase_gap,
            company.danger_after_gaps,
            company.danger_min_silence_days,
        )
        return day if (day - last).days < company.lost_after_days else None

    def _lifecycle_sentence(self):
        if not self.lifecycle:
            return None
        states = dict(self._fields["lifecycle"]._description_selection(self.env))
        return self.env._(
            "%(state)s since %(day)s.",
            state=states[self.lifecycle],
            day=format_date(self.env, self.lifecycle_since),
        )

    def _relation_sentence(self):
        return {
            "friend": self.env._("True friend: loyal and profitable."),
            "butterfly": self.env._("Butterfly: profitable, and not loyal (yet)."),
            "barnacle": self.env._("Barnacle: loyal, and not profitable."),
            "stranger": self.env._("Stranger: neither loyal nor profitable."),
        }.get(self.relation)
