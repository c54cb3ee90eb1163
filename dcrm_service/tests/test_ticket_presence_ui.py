"""Two on one ticket in the browser: seen, and warned before they answer twice."""

from odoo.tests import HttpCase, tagged

from .common import ServiceCase


@tagged("post_install", "-at_install")
class TestTicketPresenceUi(ServiceCase, HttpCase):
    browser_size = "1366x768"

    def test_warned_before_answering_twice(self):
        other = self.users["other_agent"]
        other.name = "Bora"
        ticket = self.ticket(self.partner("Bistro", email="bistro@example.com"))
        ticket.with_env(self.env_as("other_agent")).note_presence(is_writing=True)
        self.start_tour(
            f"/odoo/dcrm.ticket/{ticket.id}",
            "dcrm_ticket_presence",
            login="dcrm_agent",
            cookies={"other_agent": str(other.partner_id.id)},
        )
        self.env.invalidate_all()
        said = ticket.message_ids.filtered(ticket._is_spoken).sorted("id")
        self.assertEqual(
            [(message.author_id.user_ids, message.preview) for message in said],
            [
                (other, "It left yesterday"),
                (self.users["agent"], "It is on its way"),
            ],
        )
        # Who closes the page is there no more.
        people = ticket._presences().user_id
        self.assertIn(other, people)
