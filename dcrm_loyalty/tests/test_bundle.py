from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_bundle import BundleCase

DISCOUNTS = "sale.group_discount_per_so_line"


@tagged("post_install", "-at_install")
class TestBundle(BundleCase):
    """How a bundle is made, what it shows, and what it refuses to be."""

    def test_shows_what_it_saves(self):
        self.assertEqual(self.kit.bundle_singly_price, 89.97)
        self.assertEqual(self.kit.bundle_price, 76.47)
        self.assertEqual(self.kit.bundle_saving, 13.50)
        self.assertEqual(self.kit.list_price, 76.47)

    def test_shows_new_prices_of_its_parts(self):
        self.pan.list_price = 50.0
        self.assertEqual(self.kit.list_price, 104.81)
        self.kit.combo_ids[0].combo_item_ids.quantity = 1
        self.assertEqual(self.kit.list_price, 62.31)
        self.kit.bundle_discount = 0
        self.assertEqual(self.kit.list_price, 73.31)

    def test_list_price_of_a_plain_combo_is_left_alone(self):
        combo = self.make_bundle("Combo", 0, (self.pan, 2), is_bundle=False)
        combo.list_price = 12.0
        self.pan.list_price = 50.0
        self.assertEqual(combo.list_price, 12.0)

    def test_first_bundle_lets_lines_show_discounts(self):
        employees = self.env.ref("base.group_user")
        employees._remove_group(self.env.ref(DISCOUNTS))
        seller = self.users["seller"]
        self.assertFalse(seller.has_group(DISCOUNTS))
        combo = self.make_bundle("Combo", 0, (self.pan, 2), is_bundle=False)
        self.assertFalse(seller.has_group(DISCOUNTS))
        combo.is_bundle = True
        self.assertTrue(seller.has_group(DISCOUNTS))

    def test_ordinary_product_is_no_bundle(self):
        with self.assertRaisesRegex(ValidationError, "only a combo has parts"):
            self.pan.product_tmpl_id.is_bundle = True

    def test_no_combo_any_more_is_no_bundle_any_more(self):
        self.kit.type = "consu"
        self.assertFalse(self.kit.is_bundle)

    def test_needs_parts(self):
        with self.assertRaisesRegex(ValidationError, "at least"):
            self.env["product.template"].create(
                {"name": "Nothing", "type": "combo", "is_bundle": True}
            )
        with self.assertRaisesRegex(ValidationError, "at least"):
            self.kit.combo_ids = [Command.clear()]

    def test_is_no_part_of_itself(self):
        inner = self.make_part("Inner", 1.0)
        choice = self.make_choice((inner, 1))
        with self.assertRaisesRegex(ValidationError, "part of itself"):
            inner.product_tmpl_id.write(
                {
                    "type": "combo",
                    "is_bundle": True,
                    "combo_ids": [Command.set(choice.ids)],
                }
            )

    def test_holds_no_bundle(self):
        with self.assertRaisesRegex(ValidationError, "combo"):
            self.make_bundle("Outer", 5, (self.kit.product_variant_id, 1))
        with self.assertRaisesRegex(ValidationError, "has parts itself"):
            self.pan.product_tmpl_id.write(
                {
                    "type": "combo",
                    "combo_ids": [Command.set(self.make_choice((self.lid, 1)).ids)],
                }
            )

    def test_discount_is_between_nothing_and_all(self):
        for discount in (-0.01, 100.01, 1e6):
            with self.assertRaisesRegex(ValidationError, "0 to 100"):
                self.kit.bundle_discount = discount
        for discount in (0, 100):
            self.kit.bundle_discount = discount
            self.assertAddsUp(self.sell((self.kit, 3)))

    def test_quantity_of_a_part_is_positive(self):
        item = self.kit.combo_ids[0].combo_item_ids
        for quantity in (0, -1, 0.001):
            with self.assertRaisesRegex(ValidationError, "more than zero"):
                item.quantity = quantity

    def test_takes_no_archived_part(self):
        self.lid.active = False
        with self.assertRaisesRegex(ValidationError, "its part Lid is archived"):
            self.make_bundle("Lids", 5, (self.lid, 1))
        with self.assertRaisesRegex(ValidationError, "its part Lid is archived"):
            self.kit.combo_ids |= self.make_choice((self.lid, 1))

    def test_is_not_sold_with_an_archived_part(self):
        self.whisk.active = False
        with self.assertRaisesRegex(UserError, "its part Whisk is archived"):
            self.sell((self.kit, 1))

    def test_is_not_sold_without_parts(self):
        self.kit.combo_ids.unlink()
        with self.assertRaisesRegex(UserError, "has no parts"):
            self.sell((self.kit, 1))

    def test_is_not_sold_with_a_choice_of_nothing(self):
        self.kit.combo_ids[0].combo_item_ids.unlink()
        with self.assertRaisesRegex(UserError, "Pan has no product"):
            self.sell((self.kit, 1))

    def test_archived_choice_gives_way_to_the_next(self):
        kit = self.make_bundle("Kit", 10, [(self.pan, 1), (self.lid, 2)])
        self.pan.active = False
        [line] = self.sell((kit, 1)).order_line.filtered("is_bundle_part")
        self.assertEqual((line.product_id, line.product_uom_qty), (self.lid, 2))

    def test_part_of_another_company_is_refused(self):
        foreign = self.make_part("Foreign", 1.0, company_id=self.company_b.id)
        choice = self.make_choice((foreign, 1))
        with self.assertRaisesRegex(UserError, "ompany"):
            self.kit.combo_ids |= choice

    def test_made_from_a_list_of_parts(self):
        templates = self.env["product.template"].with_company(self.company_a)
        form = Form(templates.with_context(default_company_id=self.company_a.id))
        form.name = "Set"
        form.type = "combo"
        form.is_bundle = True
        form.bundle_discount = 10
        for product, quantity in ((self.pan, 2), (self.lid, 5)):
            with form.bundle_item_ids.new() as part:
                part.product_id = product
                part.quantity = quantity
        # What it will cost shows before it is saved.
        self.assertEqual(form.bundle_singly_price, 91.66)
        self.assertEqual(form.bundle_price, 82.49)
        kit = form.save()
        self.assertEqual(kit.combo_ids.mapped("name"), ["Pan", "Lid"])
        self.assertEqual(kit.list_price, 82.49)
        with Form(kit) as form:
            with form.bundle_item_ids.edit(1) as part:
                part.quantity = 1
            form.bundle_item_ids.remove(0)
            with form.bundle_item_ids.new() as part:
                part.product_id = self.whisk
        self.assertEqual(
            kit.bundle_item_ids.mapped(lambda i: (i.product_id.name, i.quantity)),
            [("Lid", 1), ("Whisk", 1)],
        )
        self.assertEqual(kit.bundle_price, 11.49)
        self.assertTrue(self.env["product.combo"].search([("name", "=", "Pan")]))

    def test_part_taken_out_leaves_the_other_choice(self):
        kit = self.make_bundle("Kit", 10, [(self.pan, 1), (self.lid, 2)])
        kit.bundle_item_ids = [Command.unlink(kit.bundle_item_ids[0].id)]
        self.assertEqual(kit.bundle_item_ids.product_id, self.lid)
        with self.assertRaisesRegex(ValidationError, "at least"):
            kit.bundle_item_ids = [Command.unlink(kit.bundle_item_ids.id)]

    def test_copy_has_parts_of_its_own(self):
        drinks = self.make_choice((self.lid, 1), (self.whisk, 1))
        self.kit.combo_ids |= drinks
        self.make_bundle("Other", 5, (self.pan, 1)).combo_ids |= drinks
        copy = self.kit.copy()
        self.assertEqual(self.sizes(copy), self.sizes(self.kit))
        self.assertEqual(copy.combo_ids & self.kit.combo_ids, drinks)
        own = copy.bundle_item_ids.filtered(lambda item: item.quantity == 2)
        own.quantity = 9
        self.assertEqual(
            self.sizes(self.kit), [("Lid", 1), ("Pan", 2), ("Whisk", 1), ("Whisk", 3)]
        )
        self.assertEqual(self.kit.list_price, 80.72)

    def sizes(self, kit):
        items = kit.combo_ids.combo_item_ids
        return sorted(items.mapped(lambda item: (item.product_id.name, item.quantity)))
