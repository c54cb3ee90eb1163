"""Orders of several products, whose rules and taxes differ."""

from odoo.fields import Command

from .common_points import PointsCase


class MixedCase(PointsCase):
    """Pots at 100, lids at 30 with 20 % tax, and a sticker at nothing.

    A point for each euro; fifty for each lid of at least two; ten for each order of at
    least 60 with a pot; five for each sticker.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax = cls.make_tax(20)
        cls.lid = cls.make_product("Lid", 30, cls.tax)
        cls.sticker = cls.make_product("Sticker", 0)
        rules = (
            {"reward_point_mode": "unit", "reward_point_amount": 50, "minimum_qty": 2},
            {"reward_point_mode": "order", "reward_point_amount": 10},
            {"reward_point_mode": "unit", "reward_point_amount": 5},
        )
        goods = (cls.lid, cls.pot, cls.sticker)
        rules[1]["minimum_amount"] = 60
        cls.program.rule_ids = [
            Command.create(
                {"minimum_qty": 0, **rule, "product_ids": [Command.set(product.ids)]}
            )
            for rule, product in zip(rules, goods, strict=True)
        ]

    @classmethod
    def make_tax(cls, percent):
        company = cls.company_a
        country = company.account_fiscal_country_id or cls.env.ref("base.be")
        company.account_fiscal_country_id = country
        values = {
            "name": f"{percent} %",
            "company_id": company.id,
            "country_id": country.id,
        }
        group = cls.env["account.tax.group"].create(values)
        return cls.env["account.tax"].create(
            {**values, "amount": percent, "tax_group_id": group.id}
        )

    @classmethod
    def make_product(cls, name, price, tax=None):
        return cls.env["product.product"].create(
            {
                "name": name,
                "company_id": cls.company_a.id,
                "list_price": price,
                "taxes_id": [Command.set(tax.ids if tax else [])],
            }
        )

    def mixed(self, pots=0, lids=0, stickers=0, partner=None, confirm=True):
        """Return a confirmed order of so many of each."""
        quantities = {self.pot: pots, self.lid: lids, self.sticker: stickers}
        order = self.env["sale.order"].create(
            {
                "partner_id": (partner or self.customer).id,
                "company_id": self.company_a.id,
                "order_line": [
                    Command.create(
                        {"product_id": product.id, "product_uom_qty": quantity}
                    )
                    for product, quantity in quantities.items()
                    if quantity
                ],
            }
        )
        if confirm:
            order.action_confirm()
        return order

    def bill(self, order, quantities, refund=None):
        """Return a posted invoice of quantities, or the credit note of an invoice.

        :param quantities: ``{product: quantity}``; nothing of the others
        """
        document = refund._reverse_moves() if refund else order._create_invoices()
        for line in document.invoice_line_ids:
            line.quantity = quantities.get(line.product_id, 0)
        document.action_post()
        return document
