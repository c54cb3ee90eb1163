"""What a customer does in the portal's pages, ending in what the database holds."""

from odoo.tests import tagged

from .common_portal import PortalCase


@tagged("post_install", "-at_install")
class TestPortalUi(PortalCase):
    browser_size = "1366x768"

    def test_asked_answered_closed_opened_again_and_rated(self):
        before = self.env["dcrm.ticket"].search([])
        self.team_a.asks_rating = True
        self.env.flush_all()
        self.start_tour("/my/tickets", "dcrm_ticket_portal", login="dcrm_buyer")
        self.env.invalidate_all()
        ticket = self.env["dcrm.ticket"].search([]) - before
        self.assertEqual(
            (ticket.name, ticket.partner_id, ticket.channel, ticket.company_id),
            ("The pan is bent", self.buyer, "portal", self.company_a),
        )
        said = ticket.message_ids.filtered(ticket._is_spoken).sorted("id")
        self.assertEqual(said.author_id, self.buyer)
        self.assertEqual(
            [message.preview for message in said][:3],
            [
                "It came like that.",
                "And it is the second one.",
                "The new one is bent, too.",
            ],
        )
        file = said[0].attachment_ids
        self.assertEqual((file.name, file.raw), ("bent.txt", b"as bent as this"))
        self.assertEqual(ticket.stage_id, self.stage_solved)
        self.assertLess(ticket.first_closed_at, ticket.closed_at)
        rating = ticket.rating_ids.filtered("consumed")
        self.assertEqual(
            (rating.rating, rating.feedback, rating.partner_id),
            (5, "Quick.", self.buyer),
        )
        self.assertNoViolations()
