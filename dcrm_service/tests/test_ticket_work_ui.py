"""Merging and macros as an agent does them in the browser."""

from odoo.tests import HttpCase, tagged

from .common_interaction import InteractionCase


@tagged("post_install", "-at_install")
class TestTicketWorkUi(InteractionCase, HttpCase):
    # The thread is beside the ticket, and loaded because it is in sight.
    browser_size = "1700x1000"

    def test_merged_then_asked_by_a_macro_then_answered_by_a_canned_one(self):
        first = self.ticket(self.jan, name="The oven is cold")
        second = self.ticket(self.mia, name="Oven broken")
        second.message_post(
            body="It hums",
            author_id=self.mia.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        template = self.env["mail.template"].create(
            {
                "name": "Photo",
                "model_id": self.env["ir.model"]._get_id("dcrm.ticket"),
                "subject": "A photo",
                "body_html": "<p>Please send a photo.</p>",
                "partner_to": "{{ object.partner_id.id }}",
            }
        )
        self.env["dcrm.ticket.macro"].create(
            {
                "name": "Ask for a photo",
                "company_id": self.company_a.id,
                "template_id": template.id,
                "stage_id": self.stage_waiting.id,
                "assign": "me",
            }
        )
        self.env_as("agent")["mail.canned.response"].create(
            {"source": "warranty", "substitution": "The warranty covers it."}
        )
        self.start_tour(
            f"/odoo/dcrm.ticket/{first.id}", "dcrm_ticket_merge", login="dcrm_agent"
        )
        self.env.invalidate_all()
        self.assertEqual(second.merged_into_id, first)
        self.assertEqual(first.user_id, self.users["agent"])
        said = first.message_ids.filtered(
            lambda message: message.message_type in ("comment", "email")
        )
        self.assertEqual(
            said.sorted("id").mapped("preview"),
            ["It hums", "Please send a photo.", "The warranty covers it."],
        )
        self.assertNoViolations()
