"""What a ticket is about, and what the same customer came with before."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import ServiceCase


@tagged("post_install", "-at_install")
class TestTicketSubject(ServiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_product = cls.env["product.product"].create({"name": "Ladle"})
        cls.kind = cls.env["dcrm.ticket.kind"].create({"name": "Leak"})

    def setUp(self):
        super().setUp()
        self.customer = self.partner("Bistro", is_company=True)
        self.person = self.partner("Ines", parent_id=self.customer.id)

    def test_earlier_tickets_of_the_customer_the_most_alike_first(self):
        make = self.ticket
        plain_closed = make(self.customer, stage_id=self.stage_solved.id)
        plain_open = make(self.customer)
        kind_closed = make(
            self.person, kind_id=self.kind.id, stage_id=self.stage_solved.id
        )
        product_closed = make(
            self.person, product_id=self.product.id, stage_id=self.stage_solved.id
        )
        product_open = make(self.customer, product_id=self.product.id)
        make(self.partner(), product_id=self.product.id)  # somebody else's
        now = make(self.person, product_id=self.product.id, kind_id=self.kind.id)
        self.assertEqual(
            list(now.earlier_ids),
            [product_open, product_closed, kind_closed, plain_open, plain_closed],
        )
        self.assertEqual(now.earlier_count, 5)
        found = self.env["dcrm.ticket"].search(now.action_open_earlier()["domain"])
        self.assertEqual(found, now.earlier_ids)

    def test_shown_as_soon_as_the_customer_is_chosen(self):
        before = self.ticket(self.customer, product_id=self.product.id)
        other = self.ticket(self.customer)
        with Form(self.env_as("agent")["dcrm.ticket"]) as form:
            form.name = "Again"
            self.assertFalse(form.earlier_ids.ids)
            form.product_id = self.product
            form.partner_id = self.person
            self.assertEqual(form.earlier_ids.ids, [before.id, other.id])
        self.assertEqual(form.record.earlier_ids.ids, [before.id, other.id])

    def test_nobodys_ticket_has_no_earlier_ones(self):
        self.ticket(email_from="stranger@example.com")
        self.assertFalse(self.ticket(email_from="stranger@example.com").earlier_ids)

    def test_others_tickets_do_not_show(self):
        """A seller sees those that they may read, an agent of B none of A."""
        mine = self.partner("Own", seller="seller")
        first, second = self.ticket(mine), self.ticket(mine)
        far = self.ticket(mine, self.team_b)
        seller = second.with_env(self.env_as("seller"))
        self.assertEqual(seller.earlier_ids, first.with_env(seller.env))
        self.assertFalse(far.with_env(self.env_as("agent_b")).earlier_ids)
        both = far.with_env(self.env_as("agent_ab"))
        self.assertEqual(both.earlier_ids, (second | first).with_env(both.env))

    def test_as_many_queries_for_many_tickets(self):
        for _number in range(40):
            self.ticket(self.customer)
        ticket = self.ticket(self.customer, product_id=self.product.id)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(ticket.commercial_partner_id)
        with self.assertQueryCount(4):
            self.assertEqual(len(ticket.earlier_ids), 6)

    def test_an_agent_without_rights_on_orders_sees_the_number(self):
        order = self.env["sale.order"].create(
            {"partner_id": self.person.id, "company_id": self.company_a.id}
        )
        ticket = self.ticket(self.person, order_id=order.id)
        env = self.env_as("agent")
        self.assertFalse(order.with_env(env).has_access("read"))
        with Form(ticket.with_env(env)) as form:
            form.name = "Changed"
        spec = {"order_id": {"fields": {"display_name": {}}}}
        [row] = ticket.with_env(env).web_read(spec)
        self.assertEqual(row["order_id"]["display_name"], order.name)

    def test_the_order_tells_the_customer(self):
        order = self.env["sale.order"].create(
            {"partner_id": self.person.id, "company_id": self.company_a.id}
        )
        user = self.users["manager_ab"]
        user.group_ids |= self.env.ref("dcrm_service.group_service_agent")
        user.group_ids |= self.env.ref("sales_team.group_sale_salesman_all_leads")
        tickets = self.env_as("manager_ab")["dcrm.ticket"]
        with Form(tickets.with_context(default_team_id=self.team_a.id)) as form:
            form.name = "Where is it?"
            form.order_id = order
            self.assertEqual(form.partner_id, self.person)

    def test_of_another_company_is_refused(self):
        order = self.env["sale.order"].create(
            {"partner_id": self.person.id, "company_id": self.company_b.id}
        )
        with self.assertRaises(UserError):
            self.ticket(self.person, order_id=order.id)
        product = self.env["product.product"].create(
            {"name": "Far", "company_id": self.company_b.id}
        )
        with self.assertRaises(UserError):
            self.ticket(self.person, product_id=product.id)

    def test_of_another_customer_is_refused(self):
        """By whatever way, for whomever, and without telling its name."""
        others = self.partner("Elsewhere", is_company=True)
        order = self.order(others, 30)
        invoice = self.invoice(order)
        ticket = self.ticket(self.person)
        for name, document in (("order_id", order), ("invoice_id", invoice)):
            theirs = self.ticket(others, **{name: document.id})
            with self.subTest(name):
                for call in (
                    lambda values: ticket.write(values),
                    lambda values: self.ticket(self.person, **values),
                    lambda values: self.ticket(email_from="a@b.example", **values),
                ):
                    with self.assertRaises(ValidationError) as raised:
                        call({name: document.id})
                    self.assertNotIn(document.name, str(raised.exception))
                with self.assertRaises(ValidationError):
                    ticket.with_context(**{f"default_{name}": document.id}).create(
                        {"name": "New", "partner_id": self.person.id}
                    )
                with self.assertRaises(ValidationError):
                    theirs.partner_id = self.person
                self.assertFalse(theirs.copy()[name])

    def test_what_one_may_not_read_one_may_not_name(self):
        order = self.order(self.person, 30)
        ticket = self.ticket(self.person).with_env(self.env_as("agent"))
        with self.assertRaises(AccessError):
            ticket.order_id = order
        with self.assertRaises(AccessError):
            ticket.invoice_id = self.invoice(order)
        with self.assertRaises(AccessError):
            ticket.with_context(default_order_id=order.id).create(
                {"name": "New", "partner_id": self.person.id}
            )

    def test_tags_find_tickets_and_are_there_once(self):
        tags = self.env_as("agent")["dcrm.ticket.tag"]
        tag = tags.create({"name": "Recall of pots"})
        ticket = self.ticket(self.customer, tag_ids=[Command.set(tag.ids)])
        self.assertIn(ticket, ticket.search([("tag_ids", "ilike", "recall of p")]))
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            tags.create({"name": "Recall of pots"})

    def test_without_the_stock_there_is_no_serial_number(self):
        self.assertNotIn("stock.lot", self.env)
        ticket = self.ticket(self.customer)
        self.assertFalse(ticket.lot_model)
        ticket.web_read({"lot_id": {"fields": {"display_name": {}}}, "lot_model": {}})
        with Form(ticket) as form:
            form.product_id = self.product
