"""A ticket from the customer's e-mail to its close, as an agent does it."""

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common_email import EmailCase
from .common_sla import SlaCase
from .test_ticket_queue_ui import QUEUE


@tagged("post_install", "-at_install")
class TestTicketCourseUi(EmailCase, SlaCase, HttpCase):
    # The thread is beside the ticket, and loaded because it is in sight.
    browser_size = "1700x1000"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team_a.resource_calendar_id = cls.make_hours(
            cls.company_a, ((0, 24),), range(7)
        )
        cls.env["res.partner"].create({"name": "Another Kitchen", "is_company": True})
        cls.fault = cls.env["dcrm.ticket.kind"].create({"name": "Fault"})
        cls.env["dcrm.ticket.checklist"].create(
            {
                "name": "Faults",
                "company_id": cls.company_a.id,
                "is_automatic": True,
                "kind_ids": cls.fault.ids,
                "item_ids": [
                    Command.create(
                        {"name": "Read the serial number", "is_required": True}
                    )
                ],
            }
        )
        template = cls.env["mail.template"].create(
            {
                "name": "Photo",
                "model_id": cls.env["ir.model"]._get_id("dcrm.ticket"),
                "subject": "A photo",
                "body_html": "<p>Please send us a photo.</p>",
                "partner_to": "{{ object.partner_id.id }}",
            }
        )
        cls.env["dcrm.ticket.macro"].create(
            {
                "name": "Ask for a photo",
                "company_id": cls.company_a.id,
                "template_id": template.id,
                "kind_id": cls.fault.id,
                "stage_id": cls.stage_waiting.id,
            }
        )

    def test_from_an_email_to_its_close(self):
        ticket = self.receive(self.email("Water runs out of the boiler."))
        self.assertEqual(ticket.partner_id, self.contact)
        self.assertEqual(ticket.stage_id, self.stage_new)
        self.start_tour(QUEUE, "dcrm_ticket_course", login="dcrm_agent")
        self.env.invalidate_all()
        agent = self.users["agent"]
        self.assertEqual(
            (ticket.stage_id, ticket.user_id, ticket.kind_id, ticket.channel),
            (self.stage_solved, agent, self.fault, "email"),
        )
        self.assertLess(ticket.first_response_at, ticket.closed_at)
        self.assertEqual(
            {clock.target: clock.state for clock in ticket.clock_ids},
            {"first_response": "met", "resolution": "met"},
        )
        self.assertTrue(ticket.pause_ids.ended_at)
        self.assertEqual(ticket.check_ids.mapped("done_by_id"), agent)
        said = ticket.message_ids.filtered(ticket._is_spoken).sorted("id")
        self.assertEqual(
            [(message.author_id, message.preview) for message in said],
            [
                (self.contact, "Water runs out of the boiler."),
                (agent.partner_id, "A part is on its way to you."),
                (agent.partner_id, "Please send us a photo."),
            ],
        )
        for message in said[1:]:
            sent = message.notification_ids.filtered(
                lambda each: each.notification_type == "email"
            )
            self.assertEqual(sent.res_partner_id, self.contact)
            self.assertIn(sent.notification_status, ("ready", "sent"))
        self.assertNoViolations()
