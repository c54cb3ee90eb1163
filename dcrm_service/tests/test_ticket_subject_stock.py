"""What a ticket is about where the host keeps stock: the very piece, by its number."""

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .common import ServiceCase


@tagged("post_install", "-at_install")
class TestTicketSubjectStock(ServiceCase):
    def test_a_serial_number_is_one_of_the_product(self):
        customer = self.partner("Bistro", is_company=True)
        other_product = self.env["product.product"].create({"name": "Ladle"})
        self.product.tracking = "serial"
        lot, foreign = self.env["stock.lot"].create(
            [
                {"name": name, "product_id": self.product.id, "company_id": company.id}
                for name, company in (("S1", self.company_a), ("S2", self.company_b))
            ]
        )
        with Form(self.env["dcrm.ticket"]) as form:
            form.name = "It leaks"
            form.team_id = self.team_a
            form.partner_id = customer
            form.lot_id = lot.id
            self.assertEqual(form.product_id, self.product)
        first = form.record
        self.assertEqual(first.lot_model, "stock.lot")
        unlike = self.ticket(customer, product_id=self.product.id)
        again = self.ticket(customer, product_id=self.product.id, lot_id=lot.id)
        self.assertEqual(list(again.earlier_ids), [first, unlike])
        # Who may not read the stock sees its name.
        spec = {"lot_id": {"fields": {"display_name": {}}}, "lot_model": {}}
        env = self.env_as("agent")
        self.assertFalse(env["stock.lot"].has_access("read"))
        [row] = again.with_env(env).web_read({**spec, "lot_name": {}})
        self.assertEqual((row["lot_id"], row["lot_name"]), (False, "S1"))
        with self.assertRaises(AccessError):
            self.ticket(customer).with_env(env).lot_id = lot.id
        with Form(again.with_env(env)) as form:
            form.name = "It leaks again"
        self.assertEqual(again.lot_id, lot.id)
        self.users["agent"].group_ids |= self.env.ref("stock.group_stock_user")
        [row] = again.with_env(self.env_as("agent")).web_read(spec)
        self.assertEqual(row["lot_id"]["display_name"], "S1")
        for values in (
            {"product_id": other_product.id},
            {"lot_id": foreign.id},
            {"lot_id": foreign.id + 1000},
        ):
            with self.subTest(values), self.assertRaises(ValidationError):
                again.write(values)
