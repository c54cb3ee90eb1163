"""What is made good: refund, return, replacement and coupon, begun in a ticket."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import ServiceCase

# Whoever may make all of these documents, where the apps are installed.
CLERK = (
    "dcrm_service.group_service_agent",
    "account.group_account_invoice",
    "sales_team.group_sale_manager",
    "stock.group_stock_manager",
)


@tagged("post_install", "-at_install")
class TestTicketRemedy(ServiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = [name for name in CLERK if cls.env.ref(name, False)]
        cls.users["clerk"] = cls.make_user("clerk", ",".join(groups), cls.company_a)

    def setUp(self):
        super().setUp()
        self.customer = self.partner(is_company=True)
        self.bought = self.order(self.customer, 300)
        self.asked = self.ticket(
            self.customer, name="It broke", order_id=self.bought.id
        )

    def as_(self, role, ticket=None):
        return (ticket or self.asked).with_env(self.env_as(role))

    def dialog(self, action, role="clerk"):
        """Return the host's dialog as an action opens it, filled in."""
        env = self.env_as(role)
        model = env[action["res_model"]].with_context(**action["context"])
        return Form(model)

    def document(self, model):
        [link] = self.asked.document_ids
        self.assertEqual(link.res_model, model)
        return self.env[model].browse(link.res_id)

    # -- refund ------------------------------------------------------------------------

    def test_refund_of_the_invoice(self):
        invoice = self.invoice(self.bought)
        self.asked.invoice_id = invoice
        action = self.as_("clerk").action_refund()
        dialog = self.dialog(action).save()
        self.assertEqual(dialog.reason, self.asked.display_name)
        dialog.refund_moves()
        credit = self.document("account.move")
        self.assertEqual(credit.reversed_entry_id, invoice)
        self.assertEqual(credit.state, "draft")
        self.assertEqual(self.asked.document_ids.kind, "refund")
        shown = self.as_("clerk").document_ids
        self.assertEqual(shown.document_name, credit.display_name)
        self.assertEqual(shown.action_open()["res_id"], credit.id)

    def test_refund_of_one_of_several_invoices_is_chosen(self):
        one = self.down_payment(self.bought, 100)
        other = self.invoice(self.bought)
        self.assertEqual(self.bought.invoice_ids, one | other)
        action = self.as_("clerk").action_refund()
        choice = self.env_as("clerk")[action["res_model"]].browse(action["res_id"])
        self.assertEqual(set(choice.line_ids.mapped("res_id")), {one.id, other.id})
        line = choice.line_ids.filtered(lambda each: each.res_id == other.id)
        begun = line.action_choose()
        self.dialog(begun).save().refund_moves()
        self.assertEqual(self.document("account.move").reversed_entry_id, other)

    def test_nothing_else_is_chosen_by_a_call(self):
        self.invoice(self.bought)
        theirs = self.invoice(self.order(self.partner(), 50))
        choices = self.env_as("clerk")["dcrm.ticket.choice"]
        values = {"ticket_id": self.asked.id, "kind": "refund"}
        with self.assertRaises(AccessError):
            choices.create(values)
        choice = choices.sudo().create(values).sudo(False)
        line = {
            "choice_id": choice.id,
            "res_model": "account.move",
            "res_id": theirs.id,
        }
        with self.assertRaises(AccessError):
            choice.line_ids.create(line)
        with self.assertRaises(UserError):
            choice.line_ids.sudo().create(line).sudo(False).action_choose()

    def test_no_refund_of_what_is_not_posted(self):
        self.asked.invoice_id = self.invoice(self.bought, post=False)
        with self.assertRaises(UserError):
            self.as_("clerk").action_refund()

    # -- replacement -------------------------------------------------------------------

    def test_the_same_products_for_nothing(self):
        self.bought.order_line.product_uom_qty = 3
        action = self.as_("clerk").action_replace()
        quotation = self.document("sale.order")
        self.assertEqual(action["res_id"], quotation.id)
        self.assertEqual(quotation.state, "draft")
        self.assertEqual(quotation.partner_id, self.bought.partner_id)
        self.assertEqual(quotation.origin, self.asked.number)
        line = quotation.order_line
        self.assertEqual(line.product_id, self.bought.order_line.product_id)
        self.assertEqual((line.product_uom_qty, line.price_unit), (3, 0))
        self.assertEqual(quotation.amount_total, 0)
        line.product_uom_qty = 2
        self.assertEqual(quotation.amount_total, 0)

    def test_the_product_alone(self):
        ticket = self.ticket(self.customer, product_id=self.product.id)
        self.as_("clerk", ticket).action_replace()
        quotation = self.env["sale.order"].browse(ticket.document_ids.res_id)
        self.assertEqual(quotation.order_line.product_id, self.product)
        self.assertEqual(quotation.amount_total, 0)

    def test_nothing_to_replace(self):
        for values in ({}, {"product_id": self.product.id, "partner_id": False}):
            ticket = self.ticket(self.customer, **values)
            with self.subTest(values), self.assertRaises(UserError):
                self.as_("clerk", ticket).action_replace()

    def test_nothing_for_another_customer(self):
        """Whoever has become the customer of the order since."""
        self.bought.partner_id = self.partner()
        for name in ("action_replace", "action_refund"):
            with self.subTest(name), self.assertRaises(ValidationError):
                getattr(self.as_("clerk"), name)()
        self.assertFalse(self.asked.document_ids)

    # -- return ------------------------------------------------------------------------

    def test_return_of_the_delivery(self):
        if "stock.picking" not in self.env:
            self.skipTest("There are no deliveries.")
        self.product.is_storable = False
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company_a.id,
                "order_line": [Command.create({"product_id": self.product.id})],
            }
        )
        order.action_confirm()
        self.asked.order_id = order
        with self.assertRaises(UserError):
            self.as_("clerk").action_return()
        delivery = order.picking_ids
        delivery.move_ids.quantity = 1
        delivery.move_ids.picked = True
        delivery.button_validate()
        self.assertEqual(delivery.state, "done")
        action = self.as_("clerk").action_return()
        dialog = self.dialog(action).save()
        dialog.product_return_moves.quantity = 1
        dialog.action_create_returns()
        back = self.document("stock.picking")
        self.assertEqual(back.return_id, delivery)
        self.assertEqual(self.asked.document_ids.kind, "return")

    # -- coupon ------------------------------------------------------------------------

    def test_a_coupon_for_the_customer(self):
        if "loyalty.program" not in self.env:
            self.skipTest("There are no coupons.")
        self.env["loyalty.program"].search([]).active = False
        with self.assertRaises(UserError):
            self.as_("clerk").action_give_coupon()
        program = self.env["loyalty.program"].create(
            {
                "name": "Sorry",
                "program_type": "coupons",
                "company_id": self.company_a.id,
                "reward_ids": [Command.create({"discount": 10})],
            }
        )
        dialog = self.dialog(self.as_("clerk").action_give_coupon()).save()
        self.assertEqual(dialog.customer_ids, self.customer)
        dialog.generate_coupons()
        coupon = self.document("loyalty.card")
        self.assertEqual(coupon.program_id, program)
        self.assertEqual(coupon.partner_id, self.customer)

    # -- who may -----------------------------------------------------------------------

    def test_an_agent_without_rights_on_documents_begins_none(self):
        self.invoice(self.bought)
        mine = self.as_("agent")
        self.assertFalse(mine.may_refund or mine.may_return or mine.may_replace)
        for method in ("action_refund", "action_replace"):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(mine, method)()

    def test_what_is_not_installed_is_not_offered(self):
        clerk = self.as_("clerk")
        self.assertTrue(clerk.may_refund and clerk.may_replace)
        self.assertEqual(clerk.may_return, "stock.picking" in self.env)
        if "stock.picking" not in self.env:
            with self.assertRaises(UserError):
                clerk.action_return()
        if "loyalty.card" not in self.env:
            self.assertFalse(clerk.may_give_coupon)
            with self.assertRaises(UserError):
                clerk.action_give_coupon()

    def test_no_document_of_a_ticket_that_is_not_theirs(self):
        """What the context says of a ticket is checked by the user's own rights."""
        far = self.ticket(self.partner(), team=self.team_b)
        orders = self.env_as("clerk")["sale.order"].with_context(
            dcrm_of_ticket_id=far.id
        )
        with self.assertRaises(AccessError):
            orders.create({"partner_id": self.customer.id})
        self.assertFalse(far.document_ids)
        with self.assertRaises(AccessError):
            self.as_("seller_all").action_refund()

    def test_nor_by_what_is_made_as_superuser(self):
        far = self.ticket(self.partner(), team=self.team_b)
        orders = self.env_as("clerk")["sale.order"].sudo()
        with self.assertRaises(AccessError):
            orders.with_context(dcrm_of_ticket_id=far.id).create(
                {"partner_id": self.customer.id}
            )

    def test_what_comes_about_besides_is_no_document_of_the_ticket(self):
        order = self.bought.with_context(dcrm_of_ticket_id=self.asked.id)
        self.assertTrue(self.invoice(order))
        self.assertFalse(self.asked.document_ids)

    def test_who_may_not_read_the_document_sees_that_there_is_one(self):
        self.as_("clerk").action_replace()
        seen = self.as_("agent").document_ids
        self.assertEqual(seen.kind, "replacement")
        self.assertFalse(seen.document_name)

    def test_a_deleted_document_is_no_more_named(self):
        self.as_("clerk").action_replace()
        self.document("sale.order").unlink()
        self.env.invalidate_all()
        self.assertFalse(self.as_("clerk").document_ids.document_name)

    def test_documents_go_along_when_tickets_are_merged(self):
        self.as_("clerk").action_replace()
        link = self.asked.document_ids
        other = self.ticket(self.customer)
        self.asked._merge_into(other)
        self.assertEqual(link.ticket_id, other)
        with self.assertRaises(UserError):
            self.as_("clerk").action_replace()

    def test_nothing_is_linked_without_a_ticket(self):
        self.order(self.customer, 10)
        self.assertFalse(self.asked.document_ids)
