from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..compute import rfm


class ValueClassRules(NamedTuple):
    """By what customers are A, B or C, where it is not each one's monetary value.

    :param basis: ``monetary``, ``revenue`` or ``profit``
    """

    basis: str
    by_group: bool


class ResCompany(models.Model):
    """By what a company calls its customers A, B or C."""

    _inherit = "res.company"

    value_class_basis = fields.Selection(
        [
            ("monetary", "Monetary value of the RFM score"),
            ("revenue", "Revenue of all time"),
            ("profit", "Profit of all time"),
        ],
        default="monetary",
        required=True,
        help="Class A are the customers that make the greatest share of it",
    )
    value_class_share_a = fields.Float(
        "Share of Class A",
        default=80.0,
        help="Per cent of the total that the customers of class A make",
    )
    value_class_share_b = fields.Float(
        "Share of Classes A and B",
        default=95.0,
        help="Per cent of the total that the customers of classes A and B make",
    )
    value_class_by_group = fields.Boolean(
        "Subsidiaries as One",
        help="A customer has the class of its group, of all that have the same topmost "
        "parent",
    )

    @api.constrains("value_class_share_a", "value_class_share_b")
    def _check_value_class_shares(self):
        for company in self:
            shares = company.value_class_share_a, company.value_class_share_b
            if not 0 < shares[0] <= shares[1] <= 100:
                raise ValidationError(
                    self.env._(
                        "Class A must make a share above 0 %, and classes A and B "
                        "together as much or more, up to 100 %."
                    )
                )

    def _value_class_rules(self):
        """Return the :class:`ValueClassRules`, None where monetary value decides.

        Where no worth is worked out, revenue and profit are not known.
        """
        company = self.sudo()
        basis = company.value_class_basis if company.customer_worth else "monetary"
        if basis == "monetary" and not company.value_class_by_group:
            return None
        return ValueClassRules(basis, company.value_class_by_group)

    def _value_class_shares(self):
        """Return the shares, in per cent, that end classes a and b."""
        company = self.sudo()
        return company.value_class_share_a, company.value_class_share_b

    def _value_class_digest(self):
        """Return text that differs when a value class could; empty by default."""
        rules, shares = self._value_class_rules(), self._value_class_shares()
        if not rules and shares == rfm.VALUE_SHARES:
            return ""
        return "|".join(map(str, ("", *(rules or ()), *shares)))

    def _value_class_column(self):
        """Return the column of the P&L that is nearest to what value classes go by."""
        return "profit" if self.sudo().value_class_basis == "profit" else "revenue"
