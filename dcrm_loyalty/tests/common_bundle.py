"""What the tests of bundles stand on: parts with taxes, bundles of them, orders."""

from odoo.fields import Command

from odoo.addons.dcrm_analytics.tests.common import DcrmCase

# Three starter kits: product, quantity, unit price, discount, amount of each line.
KIT_15 = [
    ("Starter Kit", 3, 0.0, 15.0, 0.0),
    ("Pan", 6, 33.33, 15.0, 169.98),
    ("Whisk", 9, 7.77, 15.0, 59.44),
]


class BundleCase(DcrmCase):
    """Company A rounds each line; a starter kit is two pans and three whisks, 15 % off.

    A pan costs 33.33 and bears 10 % tax, a whisk 7.77 and 20 %.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context=dict(
                cls.env.context,
                allowed_company_ids=(cls.company_a | cls.company_b).ids,
            )
        )
        country = cls.env.ref("base.be")
        cls.companies.write(
            {
                "tax_calculation_rounding_method": "round_per_line",
                "account_fiscal_country_id": country.id,
            }
        )
        cls.companies.country_id = country
        cls.tax_10, cls.tax_20 = (cls.make_tax(rate) for rate in (10, 20))
        cls.pan = cls.make_part("Pan", 33.33, cls.tax_10)
        cls.whisk = cls.make_part("Whisk", 7.77, cls.tax_20)
        cls.lid = cls.make_part("Lid", 5.0)
        cls.kit = cls.make_bundle("Starter Kit", 15, (cls.pan, 2), (cls.whisk, 3))
        cls.customer = cls.env["res.partner"].create({"name": "Bistro"})

    @classmethod
    def make_tax(cls, rate, company=None, **values):
        company = company or cls.company_a
        return cls.env["account.tax"].create(
            {
                "name": f"{rate} % {next(cls.numbers)}",
                "amount": rate,
                "type_tax_use": "sale",
                "company_id": company.id,
                "country_id": company.country_id.id,
                "tax_group_id": cls.env["account.tax.group"]
                .create(
                    {
                        "name": f"{rate} %",
                        "company_id": company.id,
                        "country_id": company.country_id.id,
                    }
                )
                .id,
                **values,
            }
        )

    @classmethod
    def make_part(cls, name, price, taxes=None, **values):
        """Return a product with a price in euros, for all companies."""
        taxes = taxes or cls.env["account.tax"]
        return (
            cls.env["product.product"]
            .with_company(cls.company_a)
            .create(
                {
                    "name": name,
                    "type": "consu",
                    "list_price": price,
                    "invoice_policy": "order",
                    "taxes_id": [Command.set(taxes.ids)],
                    "company_id": cls.company_a.id,
                    **values,
                }
            )
        )

    @classmethod
    def make_choice(cls, *parts):
        """Return a choice between (product, quantity)s; the first is the default."""
        return cls.env["product.combo"].create(
            {
                "name": parts[0][0].name,
                "company_id": parts[0][0].company_id.id,
                "combo_item_ids": [
                    Command.create({"product_id": product.id, "quantity": quantity})
                    for product, quantity in parts
                ],
            }
        )

    @classmethod
    def make_bundle(cls, name, discount, *parts, **values):
        """Return a bundle of (product, quantity)s; a list of them is a choice."""
        choices = [
            cls.make_choice(*(part if isinstance(part, list) else [part]))
            for part in parts
        ]
        return (
            cls.env["product.template"]
            .with_company(cls.company_a)
            .create(
                {
                    "name": name,
                    "type": "combo",
                    "is_bundle": True,
                    "bundle_discount": discount,
                    "combo_ids": [Command.set([choice.id for choice in choices])],
                    "company_id": cls.company_a.id,
                    **values,
                }
            )
        )

    def sell(self, *lines, env=None, **values):
        """Return a quotation of company A over (product or bundle, quantity)s."""
        return (
            (env or self.env)["sale.order"]
            .with_company(self.company_a)
            .create(
                {
                    "partner_id": self.customer.id,
                    "company_id": self.company_a.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.product_variant_id.id,
                                "product_uom_qty": quantity,
                            }
                        )
                        for product, quantity in lines
                    ],
                    **values,
                }
            )
        )

    def make_pricelist(self, percent=0, currency=None, **values):
        return (
            self.env["product.pricelist"]
            .with_company(self.company_a)
            .create(
                {
                    "name": f"List {next(self.numbers)}",
                    "company_id": self.company_a.id,
                    "currency_id": (currency or self.eur).id,
                    "item_ids": [
                        Command.create(
                            {
                                "applied_on": "3_global",
                                "compute_price": "percentage",
                                "percent_price": percent,
                            }
                        )
                    ],
                    **values,
                }
            )
        )

    def bundle_line(self, order):
        return order.order_line.filtered("bundle_part_count")

    def part(self, order, product):
        return order.order_line.filtered(
            lambda line: line.product_id == product and line.is_bundle_part
        )

    def terms(self, lines):
        """Return (product, quantity, unit price, discount, amount) of lines."""
        return [
            (
                line.product_id.name,
                line.product_uom_qty,
                round(line.price_unit, 2),
                line.discount,
                line.price_subtotal,
            )
            for line in lines.sorted(lambda line: (line.sequence, line.id))
        ]

    def total(self, lines, currency=None):
        return (currency or lines.currency_id).round(
            sum(lines.mapped("price_subtotal"))
        )

    def assertAddsUp(self, order):
        """Each line is its rounded product, and the order the sum of its lines."""
        currency = order.currency_id
        for line in order.order_line:
            exact = line.price_unit * line.product_uom_qty * (1 - line.discount / 100)
            if not any(line.tax_ids.mapped("price_include")):
                self.assertEqual(line.price_subtotal, currency.round(exact), line.name)
        self.assertEqual(order.amount_untaxed, self.total(order.order_line, currency))
        self.assertEqual(
            order.amount_total,
            currency.round(sum(order.order_line.mapped("price_total"))),
        )
