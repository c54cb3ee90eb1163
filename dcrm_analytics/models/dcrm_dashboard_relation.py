from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_amount

SCORE = "dcrm.customer.score"
# The square of each relation: row (profitable or not), column (loyal or not).
SQUARES = {
    "butterfly": ("profitable", "new"),
    "friend": ("profitable", "loyal"),
    "stranger": ("costly", "new"),
    "barnacle": ("costly", "loyal"),
}


class DcrmDashboard(models.AbstractModel):
    """The section of the dashboard that sets loyalty against profit (Reinartz and
    Kumar, 2002)."""

    _inherit = "dcrm.dashboard"

    @api.model
    def _sections(self):
        return super()._sections() + [
            {
                "key": "relation",
                "name": self.env._("Loyal × profitable"),
                "note": self.env._(
                    "How long customers have been customers, against what they brought."
                ),
                "models": [SCORE],
                "width": 5,
                "sequence": 42,
            }
        ]

    def _section_relation(self, filters):
        domain = self._customers(filters)
        groups = self.env[SCORE]._read_group(
            domain, ["relation"], ["__count", "profit:sum"]
        )
        if not groups:
            return self._nobody(filters)
        known = [group for group in groups if group[0]]
        if not known:
            return self.env._("The profit of none of these customers is known yet.")
        blocks = [self._relation_matrix(known, domain)]
        if len(known) < len(groups):
            blocks.append(self._relation_unknown(groups, domain))
        return blocks

    def _relation_matrix(self, groups, domain):
        names = dict(
            self.env[SCORE]._fields["relation"]._description_selection(self.env)
        )
        return {
            "kind": "matrix",
            "title": self._relation_rule(),
            "rows": [
                {"key": "profitable", "label": self.env._("Profitable")},
                {"key": "costly", "label": self.env._("Not profitable")},
            ],
            "columns": [
                {"key": "new", "label": self.env._("Not loyal (yet)")},
                {"key": "loyal", "label": self.env._("Loyal")},
            ],
            "cells": [
                self._relation_cell(
                    relation,
                    names[relation],
                    count,
                    profit,
                    domain & Domain("relation", "=", relation),
                )
                for relation, count, profit in groups
            ],
        }

    def _relation_cell(self, relation, name, count, profit, domain):
        row, column = SQUARES[relation]
        return {
            "row": row,
            "column": column,
            "label": name,
            "hint": name,
            "shade": max(profit, 0),
            "figures": [
                self._figure(
                    self.env._("Customers"), count, "number", SCORE, domain, name=name
                ),
                self._figure(
                    self.env._("Profit"),
                    profit,
                    "money",
                    SCORE,
                    domain,
                    name=name,
                    measure="profit:sum",
                ),
            ],
        }

    def _relation_unknown(self, groups, domain):
        """Return how many customers have no square."""
        label = self.env._("Profit not known")
        count = sum(count for relation, count, _profit in groups if not relation)
        unknown = domain & Domain("relation", "=", False)
        figure = self._figure(label, count, "number", SCORE, unknown)
        return {"kind": "figures", "figures": [figure]}

    def _relation_rule(self):
        """Return in a sentence where loyal and profitable begin in the company."""
        company = self.env.company
        rule = {
            "days": company.loyal_after_days,
            "profit": format_amount(
                self.env, company.profitable_from, company.currency_id
            ),
        }
        if not company.loyal_from_share:
            return self.env._(
                "Loyal: %(days)s days or more from the first to the last purchase. "
                "Profitable: a profit above %(profit)s.",
                **rule,
            )
        return self.env._(
            "Loyal: %(days)s days or more from the first to the last purchase and, "
            "where it is known, %(share)s of its spending with us. "
            "Profitable: a profit above %(profit)s.",
            share=f"{company.loyal_from_share:g}%",
            **rule,
        )
