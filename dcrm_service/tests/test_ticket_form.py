"""The page in which strangers open a ticket: off, counted, and believed nothing."""

from lxml import html

from odoo.tests import tagged

from ..models import dcrm_ticket_sender
from .common_portal import PortalCase

SCRIPT = "<script>alert('x')</script>"


@tagged("post_install", "-at_install")
class TestTicketForm(PortalCase):
    def setUp(self):
        super().setUp()
        self.team_a.has_form = True
        self.url = f"/tickets/new/{self.team_a.id}"
        self.login("public")

    def send(self, url=None, **values):
        values = {
            "email": "who@example.com",
            "subject": "It leaks",
            "text": "Since yesterday",
            **values,
        }
        return self.post(url or self.url, **values)

    def opened(self):
        return self.env["dcrm.ticket"].search(
            [("channel", "=", "web"), ("company_id", "in", self.companies.ids)]
        )

    def test_off_until_a_team_has_it(self):
        self.assertEqual(self.get(self.url).status_code, 200)
        for switch in ({"has_form": False}, {"has_form": True, "active": False}):
            self.team_a.write(switch)
            self.assertEqual(self.get(self.url).status_code, 404)
            self.assertEqual(self.send().status_code, 404)
        self.assertEqual(self.get("/tickets/new/999999").status_code, 404)
        self.assertFalse(self.opened())

    def test_a_stranger_is_no_contact(self):
        contacts = self.env["res.partner"].search_count([])
        kind = self.env["dcrm.ticket.kind"].search([], limit=1)
        page = self.send(name="Vera", kind=kind.id)
        self.assertEqual(page.status_code, 200)
        ticket = self.opened()
        self.assertIn(ticket.number, page.text)
        self.assertEqual(
            (ticket.name, ticket.team_id, ticket.company_id, ticket.kind_id),
            ("It leaks", self.team_a, self.company_a, kind),
        )
        self.assertFalse(ticket.partner_id)
        self.assertIn("who@example.com", ticket.email_from)
        message = ticket.message_ids.filtered(lambda each: "yesterday" in each.body)
        self.assertIn("Vera", message.email_from)
        self.assertFalse(message.author_id or ticket.sender_doubt)
        self.assertEqual(self.env["res.partner"].search_count([]), contacts)
        self.assertFalse(ticket.first_response_at)

    def words(self, ticket):
        return ticket.message_ids.filtered(lambda each: "yesterday" in each.body)

    def test_whose_address_it_is_may_be_anybody(self):
        """Who types the address of a customer gains nothing of theirs by it."""
        self.company_a.interaction_capture = True
        self.company_a.interaction_capture_forms = True
        self.team_a.dedicated_first = True
        self.buyer.user_id = self.users["agent"]
        level = self.env["dcrm.service.level"].create({"name": "Best"})
        customer = self.buyer.commercial_partner_id
        customer.with_company(self.company_a).service_level_id = level
        interactions = self.env["dcrm.interaction"].search_count([])
        self.send(email=self.buyer.email.upper())
        ticket = self.opened()
        self.assertFalse(ticket.partner_id | ticket.commercial_partner_id)
        self.assertFalse(ticket.service_level_id or ticket.value_class)
        self.assertFalse(ticket._dedicated())
        message = self.words(ticket)
        self.assertFalse(message.author_id)
        self.assertEqual((ticket.sender_doubt, message.sender_doubt), ("form", "form"))
        self.assertEqual(self.env["dcrm.interaction"].search_count([]), interactions)
        self.login("buyer")
        self.assertNotIn(ticket.number, self.get("/my/tickets").text)
        # The agent sees whose address it is, and says that it is them.
        ticket = ticket.with_env(self.env_as("agent"))
        self.assertEqual(ticket.doubted_partner_id, self.buyer)
        ticket.partner_id = self.buyer
        self.assertFalse(ticket.sender_doubt or ticket.doubted_partner_id)
        self.assertEqual(ticket.service_level_id, level)
        self.assertIn(ticket.number, self.get("/my/tickets").text)

    def test_who_is_logged_in_is_known(self):
        self.login("buyer")
        self.send(email=self.buyer.email)
        ticket = self.opened()
        self.assertEqual(ticket.partner_id, self.buyer)
        self.assertEqual(self.words(ticket).author_id, self.buyer)
        self.assertFalse(ticket.sender_doubt)
        self.send(email="else@example.com")
        self.assertFalse((self.opened() - ticket).partner_id)

    def test_another_companys_customer_is_not(self):
        self.partner("Far", email="far@example.com", company_id=self.company_b.id)
        self.send(email="far@example.com")
        self.assertFalse(self.opened().partner_id)

    def test_who_says_to_be_one_of_us_is_not(self):
        agent = self.users["agent"]
        agent.partner_id.email = "agent@example.com"
        self.send(email="agent@example.com")
        ticket = self.opened()
        self.assertFalse(ticket.partner_id)
        self.assertNotIn(agent.partner_id, ticket.message_ids.author_id)
        self.assertEqual(ticket.sender_doubt, "form")
        self.assertFalse(ticket.first_response_at)

    def test_machines_are_thanked_and_left(self):
        page = self.send(website="http://spam.example")
        self.assertEqual(page.status_code, 200)
        self.assertIn("Thank you", page.text)
        self.assertFalse(self.opened())

    def test_needs_the_token_of_the_page(self):
        self.assertEqual(self.send(csrf_token="forged").status_code, 400)
        self.assertFalse(self.opened())

    def test_too_many_of_one_sender(self):
        most = dcrm_ticket_sender.LIMITS["email"]
        for _number in range(most):
            self.assertEqual(self.send().status_code, 200)
        page = self.send(email="WHO@example.com", text="Kept words")
        self.assertEqual(page.status_code, 429)
        self.assertIn("Kept words", page.text)
        self.assertEqual(len(self.opened()), most)

    def test_too_many_of_one_address(self):
        senders, most = self.env["dcrm.ticket.sender"], dcrm_ticket_sender.LIMITS
        for address, other in (
            ("9.9.9.9", "9.9.9.10"),
            ("2620:fe::1", "2620:fe:0:1::"),
        ):
            counted = [
                senders._count_form(self.team_a, f"a{number}@example.com", address)
                for number in range(most["address"] + 1)
            ]
            self.assertEqual(counted, [True] * most["address"] + [False])
            self.assertTrue(senders._count_form(self.team_a, "b@example.com", other))

    def test_behind_a_proxy_are_many(self):
        """Its address is all that we see of them."""
        most = dcrm_ticket_sender.LIMITS["address"] + 2
        for number in range(most):
            page = self.send(email=f"a{number}@example.com")
            self.assertEqual(page.status_code, 200)
        self.assertEqual(len(self.opened()), most)
        # None waits for another: there is no row that all of them change.
        self.assertEqual(
            self.env["dcrm.ticket.sender"].search([]).mapped("forms"), [1] * most
        )

    def test_too_many_to_one_team(self):
        most = dcrm_ticket_sender.LIMITS["team"]
        team = {"team_id": self.team_a.id, "channel": "web", "name": "Flood"}
        self.env["dcrm.ticket"].create([team] * most)
        self.assertEqual(self.send().status_code, 429)
        self.team_b.has_form = True
        self.assertEqual(self.send(f"/tickets/new/{self.team_b.id}").status_code, 200)

    def test_neither_address_is_kept(self):
        self.send()
        keys = self.env["dcrm.ticket.sender"].search([]).mapped("key")
        self.assertTrue(all(len(key) == 64 for key in keys))
        self.assertFalse([key for key in keys if "example" in key or "127" in key])

    def test_one_network_of_version_6_is_one_sender(self):
        network = dcrm_ticket_sender._network
        self.assertEqual(network("2620:fe::1"), network("2620:fe::ffff"))
        self.assertNotEqual(network("2620:fe::1"), network("2620:fe:0:1::"))
        self.assertEqual(network("9.9.9.9"), "9.9.9.9")
        for nobodys in ("nonsense", "127.0.0.1", "10.1.2.3", "fd00::1", "::1", None):
            self.assertEqual(network(nobodys), "")

    def test_says_what_is_missing_and_keeps_the_rest(self):
        for wrong, name in (
            ({"email": "nobody"}, "email"),
            ({"email": "a@example.com, b@example.com"}, "email"),
            ({"subject": "\n "}, "subject"),
            ({"subject": "x" * 201}, "subject"),
            ({"text": ""}, "text"),
        ):
            with self.subTest(wrong):
                page = self.send(**{"name": "Vera & co", **wrong})
                self.assertEqual(page.status_code, 400)
                form = html.fromstring(page.text)
                [field] = form.xpath(f"//*[@name='{name}']")
                self.assertEqual(field.get("aria-invalid"), "true")
                described = field.get("aria-describedby")
                self.assertTrue(form.xpath(f"//*[@id='{described}']")[0].text)
                self.assertEqual(
                    form.xpath("//input[@name='name']")[0].get("value"), "Vera & co"
                )
        self.assertFalse(self.opened())

    def test_every_field_has_a_label(self):
        form = html.fromstring(self.get(self.url).text)
        fields = form.xpath(
            "//form[contains(@class, 'o_dcrm_ticket_form')]"
            "//*[self::input or self::textarea or self::select]"
            "[not(@type='hidden')]"
        )
        names = {field.get("name") for field in fields}
        self.assertEqual(names, {"name", "email", "kind", "subject", "text", "website"})
        for field in fields:
            self.assertTrue(form.xpath(f"//label[@for='{field.get('id')}']"))

    def test_scripts_are_words(self):
        self.send(name=SCRIPT, subject=SCRIPT, text=SCRIPT + "\x00")
        ticket = self.opened()
        message = ticket.message_ids.filtered(lambda each: "alert" in (each.body or ""))
        self.assertNotIn("<script", message.body)
        page = self.send(name=SCRIPT, email="nobody", subject=SCRIPT, text=SCRIPT)
        self.assertNotIn("<script>alert", page.text)

    def test_nothing_else_of_the_ticket_is_theirs_to_say(self):
        self.send(
            priority="3",
            user_id=self.users["agent"].id,
            partner_id=self.alba.id,
            team_id=self.team_b.id,
            company_id=self.company_b.id,
            stage_id=self.stage_solved.id,
        )
        ticket = self.opened()
        self.assertEqual(ticket.priority, "0")
        self.assertFalse(ticket.user_id | ticket.partner_id.user_id)
        self.assertFalse(ticket.partner_id)
        self.assertEqual(ticket.team_id, self.team_a)
        self.assertFalse(ticket.closed_at)

    def test_a_customer_who_is_logged_in_finds_themselves(self):
        self.login("buyer")
        form = html.fromstring(self.get(self.url).text)
        [field] = form.xpath("//input[@name='email']")
        self.assertEqual(field.get("value"), self.buyer.email)

    def test_the_team_of_another_company(self):
        self.team_b.has_form = True
        self.send(f"/tickets/new/{self.team_b.id}")
        ticket = self.opened()
        self.assertEqual(
            (ticket.team_id, ticket.company_id), (self.team_b, self.company_b)
        )
