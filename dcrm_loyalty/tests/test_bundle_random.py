from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .common_bundle import BundleCase

PARTS = 4
hundredths = st.integers(0, 100_00).map(lambda number: number / 100)
quantities = st.one_of(st.integers(1, 9), st.integers(1, 900).map(lambda n: n / 100))
bundles = st.fixed_dictionaries(
    {
        "prices": st.lists(
            st.integers(0, 999_99).map(lambda cents: cents / 100),
            min_size=PARTS,
            max_size=PARTS,
        ),
        "taxes": st.lists(st.integers(0, 3), min_size=PARTS, max_size=PARTS),
        "parts": st.dictionaries(
            st.integers(0, PARTS - 1), quantities, min_size=1, max_size=PARTS
        ),
        "discount": hundredths,
    }
)
sales = st.fixed_dictionaries(
    {
        "quantity": quantities,
        "then": quantities,
        "singles": st.integers(0, 2),
        "off": st.one_of(st.none(), st.integers(0, 60_00).map(lambda n: n / 100)),
        "currency": st.sampled_from(["eur", "usd"]),
        "per_line": st.booleans(),
    }
)
# Orders are small as they are: shrinking them takes minutes.
examples = settings(
    max_examples=30,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@tagged("post_install", "-at_install")
class TestBundleRandom(BundleCase):
    """Whatever is in a bundle and however it is sold, everything adds up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        inside = cls.make_tax(21, price_include_override="tax_included")
        cls.taxes = [cls.env["account.tax"], cls.tax_10, cls.tax_20, inside]
        cls.parts = [cls.make_part(f"Part {n}", 1.0) for n in range(PARTS)]

    @examples
    @given(bundle=bundles, sale=sales)
    def test_everything_adds_up(self, bundle, sale):
        with self.env.cr.savepoint() as savepoint:
            self._sell_and_check(bundle, sale)
            savepoint.rollback()
        self.env.invalidate_all()

    def _sell_and_check(self, bundle, sale):
        method = "round_per_line" if sale["per_line"] else "round_globally"
        self.company_a.tax_calculation_rounding_method = method
        for part, price, tax in zip(
            self.parts, bundle["prices"], bundle["taxes"], strict=True
        ):
            part.write({"list_price": price, "taxes_id": self.taxes[tax].ids})
        kit = self.make_bundle(
            "Kit",
            bundle["discount"],
            *((self.parts[n], quantity) for n, quantity in bundle["parts"].items()),
        )
        lines = [(kit, sale["quantity"]), *[(self.lid, 1)] * sale["singles"]]
        order = self.sell(*lines)
        if sale["off"] is not None:
            currency = getattr(self, sale["currency"])
            order.pricelist_id = self.make_pricelist(sale["off"], currency)
            order.action_update_prices()
        self.assertExact(order, sale)
        self.bundle_line(order).product_uom_qty = sale["then"]
        self.assertExact(order, sale)
        copy = order.copy()
        self.assertEqual(self.terms(copy.order_line), self.terms(order.order_line))
        self.assertEqual(copy.amount_total, order.amount_total)
        order.action_confirm()
        move = self.invoice(order)
        self.assertEqual(move.amount_untaxed, order.amount_untaxed)
        self.assertEqual(move.amount_total, order.amount_total)

    def assertExact(self, order, sale):
        """The order is the sum of its lines, and each part is sold as by itself."""
        if sale["per_line"]:
            self.assertAddsUp(order)
        line = self.bundle_line(order)
        self.assertFalse(line.bundle_broken)
        singly = self.sell(
            *(
                (part.product_id, part.product_uom_qty)
                for part in line._get_bundle_parts()
            ),
            pricelist_id=order.pricelist_id.id,
        )
        for part, single in zip(
            line._get_bundle_parts(), singly.order_line, strict=True
        ):
            self.assertEqual(part.price_unit, single.price_unit)
            self.assertEqual(part.tax_ids, single.tax_ids)
            self.assertEqual(part.bundle_own_discount, single.discount)
            exact = 100 - (100 - single.discount) * (100 - line.discount) / 100
            self.assertAlmostEqual(part.discount, exact, delta=0.00501)
        saved = order.currency_id.round(
            self.total(singly.order_line) - self.total(line._get_bundle_parts())
        )
        self.assertEqual(line.bundle_saving, saved)
