"""What goes back of an order of several products, rules and taxes, takes its points."""

from itertools import product

from odoo.fields import Command
from odoo.tests import tagged

from .common_points_mixed import MixedCase

# Pots, lids and stickers.
WHOLE = (3, 4, 2)
KEPT = [
    *(WHOLE, (2, 4, 2), (3, 3, 2), (3, 1, 2), (0, 4, 2), (3, 0, 0), (3, 4, 0)),
    *((1, 2, 1), (0, 1, 1), (0, 0, 2), (0, 0, 0)),
]


@tagged("post_install", "-at_install")
class TestPointsMixed(MixedCase):
    def setUp(self):
        super().setUp()
        self.kitchen = self.points_club()
        self.goods = (self.pot, self.lid, self.sticker)

    def points(self, pots, lids, stickers, now=None):
        """Return what is earned of goods that are kept, and billed or paid ``now``."""
        billed_pots, billed_lids, billed_stickers = now or (pots, lids, stickers)
        return (
            100 * billed_pots
            + 36 * billed_lids
            + (50 * billed_lids if lids >= 2 else 0)
            + (10 * round(billed_pots / 3, 3) if pots else 0)
            + 5 * billed_stickers
        )

    def each_way(self, work, *cases):
        """Do work with each way of earning and each case; audit each time."""
        for earn_on, *case in product(("order", "invoice", "paid"), *cases):
            with (
                self.subTest(earn_on=earn_on, case=case),
                self.cr.savepoint() as point,
            ):
                self.kitchen.earn_on = earn_on
                work(*case)
                self.assertNoViolations()
                point.rollback()
            self.env.invalidate_all()

    def assertHas(self, points):
        account = self.account(self.kitchen)
        self.env.flush_all()
        self.assertAlmostEqual(account.balance or 0, points, delta=0.011)

    def quantities(self, numbers):
        return dict(zip(self.goods, numbers, strict=True))

    def billed(self, order, numbers=WHOLE):
        """Return the posted invoice, paid where that is what earns."""
        invoice = self.bill(order, self.quantities(numbers))
        if self.kitchen.earn_on == "paid" and invoice.amount_total:
            self.pay(invoice)
        return invoice

    def give_back(self, invoice, numbers):
        return self.bill(None, self.quantities(numbers), refund=invoice)

    def test_credit_notes_leave_what_is_earned_without_what_goes_back(self):
        def work(kept):
            invoice = self.billed(self.mixed(*WHOLE))
            self.assertHas(self.points(*WHOLE))
            back = [had - has for had, has in zip(WHOLE, kept, strict=True)]
            self.give_back(invoice, back)
            self.assertHas(self.points(*kept))

        self.each_way(work, KEPT)

    def test_as_an_order_of_fewer(self):
        """A credit note leaves what shrinking the order does; but for its own points.

        Those of the order are not taken in part when it shrinks.
        """
        for kept in KEPT:
            with self.subTest(kept=kept), self.cr.savepoint() as point:
                order = self.mixed(*WHOLE)
                for line in order.order_line:
                    line.product_uom_qty = self.quantities(kept)[line.product_id]
                own = 10 - 10 * round(kept[0] / 3, 3) if kept[0] else 0
                self.assertHas(self.points(*kept) + own)
                self.assertNoViolations()
                point.rollback()
            self.env.invalidate_all()

    def test_one_after_another(self):
        def work():
            invoice = self.billed(self.mixed(*WHOLE))
            self.give_back(invoice, (0, 2, 0))
            self.assertHas(self.points(3, 2, 2))
            lids = self.give_back(invoice, (1, 1, 1))
            self.assertHas(self.points(2, 1, 1))
            lids.button_draft()
            lids.button_cancel()
            self.assertHas(self.points(3, 2, 2))

        self.each_way(work)

    def test_billed_in_parts(self):
        """What is not billed yet counts in a minimum, and what goes back does not."""

        def work():
            order = self.mixed(*WHOLE)
            first = self.billed(order, (2, 1, 0))
            at_once = self.kitchen.earn_on == "order"
            self.assertHas(self.points(*WHOLE, now=not at_once and (2, 1, 0)))
            second = self.billed(order, (1, 3, 2))
            self.assertHas(self.points(*WHOLE))
            self.give_back(second, (0, 3, 0))
            self.assertHas(self.points(3, 1, 2))
            self.give_back(first, (2, 1, 0))
            self.assertHas(self.points(1, 0, 2))

        self.each_way(work)

    def test_half_paid(self):
        self.kitchen.earn_on = "paid"
        invoice = self.bill(self.mixed(*WHOLE), self.quantities(WHOLE))
        self.pay(invoice, invoice.amount_total / 2)
        self.assertHas(self.points(*WHOLE) / 2)
        self.assertNoViolations()

    def test_goods_made_cheaper_are_still_there(self):
        """A credit note on the price takes its part, and no minimum of goods."""

        def work():
            invoice = self.billed(self.mixed(0, 2), (0, 2, 0))
            self.assertHas(172)
            credit = invoice._reverse_moves()
            credit.invoice_line_ids.write({"quantity": 1, "price_unit": 15})
            credit.action_post()
            self.assertHas(172 * 0.75)

        self.each_way(work)

    def test_all_goes_back_that_was_invoiced_below_the_order(self):
        def work():
            order = self.mixed(3)
            invoice = order._create_invoices()
            invoice.invoice_line_ids.price_unit = 80
            invoice.action_post()
            if self.kitchen.earn_on == "paid":
                self.pay(invoice)
            self.assertHas(310 if self.kitchen.earn_on == "order" else 248)
            self.refund(invoice)
            self.assertHas(0)

        self.each_way(work)

    def test_in_another_unit(self):
        dozen = self.env.ref("uom.product_uom_dozen")

        def work():
            order = self.mixed(0, 0, 24)
            invoice = order._create_invoices()
            invoice.invoice_line_ids.write({"product_uom_id": dozen.id, "quantity": 2})
            invoice.action_post()
            self.assertHas(120)
            self.give_back(invoice, (0, 0, 0.5))
            self.assertHas(90)

        self.each_way(work)

    def test_discounts_go_back_with_their_own_lines(self):
        """Points are those of what was paid, and of what is left of it."""

        def work():
            order = self.mixed(2, 2, confirm=False)
            wizard = self.env["sale.order.discount"].create(
                {
                    "sale_order_id": order.id,
                    "discount_type": "so_discount",
                    "discount_percentage": 0.1,
                }
            )
            wizard.action_apply_discount()
            order.action_confirm()
            invoice = order._create_invoices()
            invoice.action_post()
            self.pay(invoice)
            # 90 % of 272 euros, 2 lids, the order.
            self.assertHas(244.8 + 100 + 10)
            credit = invoice._reverse_moves()
            for line in credit.invoice_line_ids:
                # Of lids, nothing; of the pots' discount, all of it.
                line.quantity = line.tax_ids != self.tax and line.quantity
            credit.action_post()
            self.assertHas(64.8 + 100)

        self.each_way(work)

    def test_rules_of_the_day_of_the_order(self):
        """What becomes of the rules changes no order; nor what goes back of it."""
        invoice = self.billed(self.mixed(*WHOLE))
        self.program.rule_ids[0].reward_point_amount = 7
        self.program.rule_ids[1:].unlink()
        self.assertNoViolations()
        self.give_back(invoice, (1, 1, 1))
        self.assertHas(self.points(2, 3, 1))
        self.assertNoViolations()

    def test_an_item_for_promotion_brings_nothing_back(self):
        promoted = self.make_product("Promoted", 10)
        self.program.rule_ids = [
            Command.create(
                {
                    "reward_point_mode": "unit",
                    "reward_point_amount": 50,
                    "minimum_qty": 1,
                    "product_ids": [Command.set(promoted.ids)],
                }
            )
        ]
        self.goods = (self.pot, promoted)
        order = self.order(10)
        order.order_line = [Command.create({"product_id": promoted.id})]
        order.action_confirm()
        self.assertHas(1070)
        invoice = self.bill(order, self.quantities((10, 1)))
        self.give_back(invoice, (0, 1))
        self.assertHas(1010)
