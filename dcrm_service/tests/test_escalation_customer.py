"""The customer is told once, in the company's words, and nobody else is."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common_escalation import DUE, EscalationCase


@tagged("post_install", "-at_install")
class TestEscalationCustomer(EscalationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env.ref("dcrm_service.mail_template_ticket_late")

    def told(self, ticket):
        """Return the e-mails to the outside that a ticket has sent."""
        mails = self.env["mail.mail"].search(
            [("model", "=", "dcrm.ticket"), ("res_id", "=", ticket.id)]
        )
        return mails.filtered(
            lambda mail: (
                "Escalat" not in (mail.subject or "")
                and mail.message_type == "auto_comment"
            )
        )

    def test_not_told_until_a_ladder_does(self):
        ticket = self.late()
        self.run_at(DUE)
        self.assertFalse(self.told(ticket))
        self.assertFalse(ticket.customer_told_at)

    def test_told_once(self):
        self.ladder.customer_template_id = self.template
        self.promise.resolution_hours = 5
        ticket = self.late(name="SUBJECT-MARK", description="<p>BODY-MARK</p>")
        self.run_at("12:00")
        self.assertFalse(self.told(ticket))
        for minute in ("13:00", "13:30", "14:00", "14:30", "15:30"):
            self.run_at(minute)
        self.assertEqual(len(ticket.clock_ids), 2)
        [mail] = self.told(ticket)
        self.assertEqual(str(ticket.customer_told_at), DUE)
        self.assertIn("who@bistro.example", mail.email_to or mail.email_cc or "")
        self.assertIn(ticket.number, mail.body_html)
        self.assertIn("longer than we promised", mail.subject)
        for mark in ("SUBJECT-MARK", "BODY-MARK"):
            self.assertNotIn(mark, f"{mail.body_html}{mail.subject}")
        self.assertIn("auto-replied", mail.headers)
        # It is no answer.
        self.assertFalse(ticket.first_response_at)
        self.assertNoViolations()

    def test_told_where_nobody_of_us_is_there(self):
        self.ladder.customer_template_id = self.template
        for role in ("seller", "lead", "boss", "sponsor"):
            self.absent(role)
        ticket = self.late()
        self.run_at(DUE)
        self.assertEqual(len(self.told(ticket)), 1)

    def test_who_is_not_told(self):
        self.ladder.customer_template_id = self.template
        cases = {
            "nobody": {"partner": self.partner(seller="seller")},
            "a machine": {"is_of_machine": True},
            "forged": {"sender_doubt": "failed"},
            "ours": {"email_from": "agent@ours.example"},
        }
        for name, values in cases.items():
            with self.subTest(name):
                self.now("2026-03-04 09:00:00")
                ticket = self.late(**values)
                self.run_at(DUE)
                self.assertEqual(self.asked(ticket), "seller")
                self.assertFalse(self.told(ticket))
                self.assertFalse(ticket.customer_told_at)

    def test_an_address_is_not_told_of_many_at_once(self):
        self.ladder.customer_template_id = self.template
        tickets = self.late() | self.late() | self.late()
        self.run_at(DUE)
        self.assertEqual(len(tickets.filtered("customer_told_at")), 1)
        # And of the others later, not never.
        for minute, told in (("13:30", 1), ("14:00", 2), ("14:30", 2), ("15:00", 3)):
            self.run_at(minute)
            self.assertEqual(len(tickets.filtered("customer_told_at")), told)
        for ticket in tickets:
            self.assertEqual(len(self.told(ticket)), 1)

    def test_who_was_answered_meanwhile_is_not_told(self):
        self.ladder.customer_template_id = self.template
        tickets = self.late() | self.late()
        self.run_at(DUE)
        untold = tickets.filtered(lambda ticket: not ticket.customer_told_at)
        untold.first_response_at = "2026-03-04 12:30:00"
        for minute in ("14:00", "15:00"):
            self.run_at(minute)
        self.assertFalse(untold.customer_told_at)

    def test_automatic_mail_is_known_by_its_ticket(self):
        self.ladder.customer_template_id = self.template
        domain = self.env["mail.alias.domain"].create({"name": "dcrm.example"})
        self.companies.alias_domain_id = domain
        self.team_a.write({"alias_name": "care-a", "alias_domain_id": domain.id})
        gateway = self.env["mail.thread"].with_user(self.env.ref("base.user_root"))
        tickets = []
        for headers in ("", "Auto-Submitted: auto-generated\n", "Precedence: list\n"):
            found = gateway.message_process(
                None,
                f"From: ann{len(tickets)}@out.example\nTo: care-a@dcrm.example\n"
                f"Subject: Leak\nMessage-Id: <{len(tickets)}@out.example>\n"
                f"{headers}\nIt leaks.".encode(),
            )
            tickets.append(self.env["dcrm.ticket"].browse(found))
        self.run_at(DUE)
        self.assertEqual([len(self.told(ticket)) for ticket in tickets], [1, 0, 0])

    def test_a_template_that_quotes(self):
        for field, text in (
            ("body_html", '<div><t t-out="object.description" /></div>'),
            ("body_html", '<div><t t-out="object.message_ids[0].body" /></div>'),
            ("subject", "Re: {{ object.name }}"),
        ):
            quoting = self.template.copy({field: text})
            with (
                self.subTest(text),
                self.assertRaisesRegex(ValidationError, "must not repeat"),
                self.cr.savepoint(),
            ):
                self.ladder.customer_template_id = quoting
        with self.assertRaisesRegex(ValidationError, "one of tickets"):
            self.ladder.customer_template_id = self.env["mail.template"].create(
                {
                    "name": "Partner",
                    "model_id": self.env["ir.model"]._get_id("res.partner"),
                }
            )

    def test_a_template_that_quotes_later_is_refused(self):
        self.ladder.customer_template_id = self.template
        with self.assertRaisesRegex(ValidationError, "must not repeat"):
            self.template.subject = "Re: {{ object.name }}"
