from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .common_purchase import PurchaseCase

DAY = date(2024, 6, 30)
lines = st.lists(
    st.tuples(
        st.integers(0, 4),  # customer
        st.integers(0, 40),  # days ago
        st.lists(
            st.tuples(st.integers(0, 3), st.integers(-300_00, 900_00)), max_size=4
        ),
        st.booleans(),  # whether it is company B's
    ),
    max_size=25,
)
examples = settings(
    max_examples=20,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


class KindCase(PurchaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kinds = cls.env["dcrm.customer.kind"]
        names = ("Pots", "Knives", "Ovens")
        cls.categories = cls.env["product.category"].create(
            [{"name": name} for name in names]
        )
        # The last product has no category.
        cls.products = cls.env["product.product"].create(
            [
                {
                    "name": f"Product {number}",
                    "type": "consu",
                    "invoice_policy": "order",
                    "taxes_id": [Command.clear()],
                    "categ_id": cls.categories[number].id if number < 3 else False,
                }
                for number in range(4)
            ]
        )

    def with_lines(self, partner, day, lines, company=None):
        """Write an imported purchase with lines ``(product, amount)``."""
        total = sum((amount for _product, amount in lines), Decimal(0))
        fact = self.purchase(partner, total, day, company=company)
        for product, amount in lines:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO dcrm_purchase_line"
                    " (purchase_id, company_id, product_id, quantity, amount)"
                    " VALUES (%s, %s, %s, 1, %s)",
                    fact.id,
                    fact.company_id.id,
                    product and product.id,
                    amount,
                )
            )
        return fact

    def renew(self, company=None, stale=None):
        if stale is not None:
            stale = SQL("SELECT unnest(%s::integer[])", stale.ids)
        return self.kinds._renew(company or self.company_a, stale)

    def found(self, *partners, company=None):
        """Return ``{category: (first, last, amount, purchases)}`` of customers."""
        kinds = self.kinds.search(
            [
                ("partner_id", "in", [partner.id for partner in partners]),
                ("company_id", "=", (company or self.company_a).id),
            ]
        )
        return {
            kind.category_id.name: (
                kind.first_on,
                kind.last_on,
                kind.amount,
                kind.documents,
            )
            for kind in kinds
        }

    def order_of(self, partner, day, *lines, confirm=True, **values):
        """Return an order over lines ``(product, price)`` of a day."""
        order = self.order(partner, 0, day, confirm=False, **values)
        order.order_line.unlink()
        order.order_line = [
            Command.create(
                {"product_id": product.id, "product_uom_qty": 1, "price_unit": price}
            )
            for product, price in lines
        ]
        if confirm:
            order.action_confirm()
        order.date_order = self.instant(day, order.company_id)
        self.env.flush_all()
        return order


@tagged("post_install", "-at_install")
class TestCustomerKind(KindCase):
    """What kinds a customer bought is what the lines of its purchases say."""

    def test_lines_of_orders(self):
        partner = self.partner()
        pot, knife, oven, other = self.products
        self.order_of(partner, "2024-01-10", (pot, 100), (knife, 20), (other, 5))
        self.order_of(partner, "2024-03-01", (pot, 50), (pot, 25), (knife, -20))
        self.order_of(partner, "2024-04-01", (oven, 0), (knife, 7), confirm=False)
        self.sync()
        self.renew()
        january, march = date(2024, 1, 10), date(2024, 3, 1)
        self.assertEqual(
            self.found(partner),
            {"Pots": (january, march, 175, 2), "Knives": (january, january, 0, 1)},
        )

    def test_an_order_and_its_invoice_are_one_purchase(self):
        partner = self.partner()
        pot, knife = self.products[:2]
        order = self.order_of(partner, "2024-01-10", (pot, 100), (knife, 20))
        invoice = self.invoice(order, date="2024-02-01")
        self.credit_note(invoice, date="2024-02-10")
        self.invoice(partner, 30, "2024-03-01").invoice_line_ids.product_id = knife
        self.env.flush_all()
        self.sync()
        self.renew()
        january, march = date(2024, 1, 10), date(2024, 3, 1)
        by_order = {
            "Pots": (january, january, 0, 1),
            "Knives": (january, march, 30, 2),
        }
        self.assertEqual(self.found(partner), by_order)
        self.company_a.purchase_basis = "invoice"
        self.sync()
        self.renew()
        february = date(2024, 2, 1)
        self.assertEqual(
            self.found(partner),
            {
                "Pots": (february, february, 0, 1),
                "Knives": (february, march, 30, 2),
            },
        )

    def test_currency_and_zone_of_the_company(self):
        partner, pot = self.partner(), self.products[0]
        # Late in the evening in UTC it is the next day in Brussels.
        order = self.order_of(partner, "2023-05-05", (pot, 33.33), currency=self.usd)
        order.date_order = "2023-05-05 22:30:00"
        far = self.order_of(partner, "2023-05-05", (pot, 7), company=self.company_b)
        far.date_order = "2023-05-05 13:00:00"
        self.env.flush_all()
        for company in self.companies:
            self.sync(company)
            self.renew(company)
        day = date(2023, 5, 6)
        self.assertEqual(self.found(partner), {"Pots": (day, day, 26.66, 1)})
        self.assertEqual(
            self.found(partner, company=self.company_b), {"Pots": (day, day, 7, 1)}
        )

    def test_only_stale_customers_are_looked_at(self):
        one, two = self.partner(), self.partner()
        pot, knife = self.products[:2]
        for partner in (one, two):
            self.with_lines(partner, DAY, [(pot, 10)])
        self.assertEqual(self.renew(), (2, 0))
        self.assertEqual(self.renew(), (0, 0))
        for partner in (one, two):
            self.with_lines(partner, DAY, [(knife, 10)])
        self.assertEqual(self.renew(stale=one), (1, 0))
        self.assertEqual(list(self.found(one)), ["Knives", "Pots"])
        self.assertEqual(list(self.found(two)), ["Pots"])
        self.env.cr.execute(
            SQL("DELETE FROM dcrm_purchase WHERE partner_id IN %s", (one.id, two.id))
        )
        self.assertEqual(self.renew(stale=one), (0, 2))
        self.assertEqual(self.renew(), (0, 1))

    def test_product_of_another_category(self):
        partner, pot = self.partner(), self.products[0]
        self.with_lines(partner, DAY, [(pot, 10)])
        self.renew()
        pot.categ_id = self.categories[1]
        self.assertEqual(self.renew(), (1, 1))
        self.assertEqual(list(self.found(partner)), ["Knives"])

    def test_merged_customers(self):
        keep, gone = self.partner("Keep"), self.partner("Gone")
        pot, knife = self.products[:2]
        self.with_lines(keep, DAY, [(pot, 10)])
        self.with_lines(gone, DAY - timedelta(9), [(pot, 10), (knife, 1)])
        self.renew()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([keep.id, gone.id], keep)
        self.env.invalidate_all()
        self.renew(stale=keep)
        first = DAY - timedelta(9)
        self.assertEqual(
            self.found(keep),
            {"Pots": (first, DAY, 20, 2), "Knives": (first, first, 1, 1)},
        )

    @examples
    @given(lines, lines)
    def test_random(self, before, later):
        with self.env.cr.savepoint() as savepoint:
            partners = [self.partner() for _number in range(5)]
            self.fill(partners, before)
            for company in self.companies:
                self.renew(company)
            self.fill(partners, later)
            changed = self.env["res.partner"].union(
                *(partners[who] for who, *_rest in later)
            )
            for company in self.companies:
                self.renew(company, stale=changed)
                self.assertEqual(
                    {
                        partner: found
                        for partner in partners
                        if (found := self.found(partner, company=company))
                    },
                    self.expected(partners, before + later, company),
                )
                self.assertEqual(self.renew(company), (0, 0))
            savepoint.rollback()

    def fill(self, partners, rows):
        for who, ago, items, is_far in rows:
            self.with_lines(
                partners[who],
                DAY - timedelta(ago),
                [(self.products[kind], Decimal(cents) / 100) for kind, cents in items],
                self.company_b if is_far else self.company_a,
            )

    def expected(self, partners, rows, company):
        """Count up, line by line, what the kinds of each customer are."""
        unit = Decimal(1) if company == self.company_b else Decimal("0.01")
        sums = {}
        for number, (who, ago, items, is_far) in enumerate(rows):
            if is_far is not (company == self.company_b):
                continue
            for kind, cents in items:
                if kind < 3:
                    of_kind = sums.setdefault(who, {}).setdefault(kind, {})
                    key = (number, DAY - timedelta(ago))
                    of_kind[key] = of_kind.get(key, 0) + cents
        found = {}
        for who, kinds in sums.items():
            for kind, documents in kinds.items():
                bought = [day for (_n, day), cents in documents.items() if cents > 0]
                if bought:
                    amount = Decimal(sum(documents.values())) / 100
                    amount = amount.quantize(unit, ROUND_HALF_UP)
                    found.setdefault(partners[who], {})[self.categories[kind].name] = (
                        min(bought),
                        max(bought),
                        float(amount),
                        len(bought),
                    )
        return found
