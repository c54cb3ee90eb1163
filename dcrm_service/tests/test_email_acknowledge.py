"""Who is told that an e-mail has come, and who never is."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common_email import EmailCase


@tagged("post_install", "-at_install")
class TestEmailAcknowledge(EmailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team_a.acknowledges = True

    def told(self, message):
        """Receive an e-mail; return what was written to its sender."""
        before = self.outgoing()
        self.tickets = self.receive(message)
        return self.outgoing() - before

    def test_off_until_a_team_switches_it_on(self):
        self.team_a.acknowledges = False
        self.assertFalse(self.told(self.email()))
        self.assertFalse(self.told(self.email(To="helpb@care.example")))

    def test_who_writes_is_told(self):
        mail = self.told(self.email("My secret words."))
        self.assertEqual(len(mail), 1)
        self.assertIn(self.tickets.number, mail.subject)
        self.assertIn(self.tickets.number, mail.body_html)
        self.assertIn("help@care.example", mail.email_from)
        self.assertIn("ann@customer.example", mail.email_to)
        # Nobody sends their words to others by it.
        self.assertNotIn("secret", f"{mail.body_html} {mail.subject}")
        self.assertNotIn("It leaks", f"{mail.body_html} {mail.subject}")
        # Machines know it for one of their own.
        headers = mail._prepare_outgoing_list()[0]["headers"]
        self.assertEqual(headers["Auto-Submitted"], "auto-replied")
        self.assertEqual(headers["X-Auto-Response-Suppress"], "All")
        # It answers nothing, and is nothing that anybody said.
        self.assertFalse(self.tickets.first_response_at)
        self.assertEqual(self.tickets.stage_id, self.stage_new)
        self.assertFalse(self.env["dcrm.interaction"].search([]))

    def test_in_the_companys_words(self):
        template = self.team_a.acknowledgement_template_id.copy()
        template.write(
            {"subject": "Thanks, {{ object.number }}", "body_html": "<p>Ever yours</p>"}
        )
        self.team_a.acknowledgement_template_id = template
        mail = self.told(self.email())
        self.assertEqual(mail.subject, f"Thanks, {self.tickets.number}")
        self.assertIn("Ever yours", mail.body_html)

    def test_a_template_that_quotes_is_refused(self):
        """By whatever way it does; a change later is refused as well."""
        template = self.team_a.acknowledgement_template_id.copy()
        for field, text in (
            ("subject", "Re: {{ object.name }}"),
            ("subject", "Re: {{ object  .  display_name }}"),
            ("email_from", "{{ object.email_from }}"),
            ("body_html", """<p t-out="object['description']" />"""),
            ("body_html", '<p t-out="object.sudo().name[:6].upper()" />'),
            ("body_html", '<t t-set="x" t-value="object" /><p t-field="x.name" />'),
            ("body_html", '<p t-out="object.message_ids[:1].body" />'),
            ("body_html", '<p t-out="object.website_message_ids[:1].subject" />'),
        ):
            with self.subTest(text):
                quoting = template.copy({field: text})
                with self.assertRaisesRegex(ValidationError, "must not repeat"):
                    with self.cr.savepoint():
                        self.team_a.acknowledgement_template_id = quoting
                with self.assertRaisesRegex(ValidationError, "must not repeat"):
                    with self.cr.savepoint():
                        self.team_a.acknowledgement_template_id[field] = text
        tickets = self.env["dcrm.ticket"].search_count([])
        template.body_html = '<a t-att-href="object.get_portal_url()">Follow it</a>'
        self.team_a.acknowledgement_template_id = template
        self.assertEqual(self.env["dcrm.ticket"].search_count([]), tickets)
        self.assertIn("Follow it", self.told(self.email()).body_html)

    def test_a_translation_that_quotes_is_refused(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        template = self.team_a.acknowledgement_template_id
        quoting = {"nl_NL": "Re: {{ object.name }}"}
        with self.assertRaisesRegex(ValidationError, "must not repeat"):
            template.update_field_translations("subject", quoting)

    def test_each_company_tells_for_itself(self):
        self.team_b.acknowledges = True
        for address, told in (("help", 1), ("helpb", 1), ("help", 0), ("helpb", 0)):
            message = self.email(To=f"{address}@care.example")
            self.assertEqual(len(self.told(message)), told)

    def test_once_in_a_period(self):
        self.team_a.acknowledgement_hours = 2
        start = fields.Datetime.now()
        for minutes, told in ((0, 1), (1, 0), (119, 0), (121, 1), (200, 0)):
            with self.subTest(minutes), freeze_time(start + timedelta(minutes=minutes)):
                self.assertEqual(len(self.told(self.email())), told)
                self.assertTrue(self.tickets)

    def test_one_sender_has_one_address(self):
        self.assertTrue(self.told(self.email()))
        for sender in ("ANN@customer.example", "ann+1@customer.example"):
            self.assertFalse(self.told(self.email(From=sender)))
        self.assertTrue(self.told(self.email(From="bea@customer.example")))

    def test_an_answer_is_not_acknowledged(self):
        ticket = self.receive(self.email(From="bea@customer.example"))
        before = self.outgoing()
        self.reply(ticket)
        self.assertFalse(self.outgoing("ann@customer.example") - before)

    def test_machines_lists_and_nobody_are_not_told(self):
        for headers in (
            {"Auto_Submitted": "auto-generated"},
            {"Auto_Submitted": "auto-replied"},
            {"Precedence": "bulk"},
            {"Precedence": "list"},
            {"Precedence": "junk"},
            {"List_Id": "<friends.customer.example>"},
            {"List_Unsubscribe": "<mailto:off@customer.example>"},
            {"X_Auto_Response_Suppress": "OOF, AutoReply"},
            {"X_Autoreply": "yes"},
            {"Return_Path": "<>"},
            {"Return_Path": "<bounce@evil.example>"},
            {"Authentication_Results": "mx; spf=softfail"},
            {"From": "MAILER-DAEMON@customer.example"},
            {"From": "no-reply@customer.example"},
            {"From": "owner-friends@customer.example"},
            {"From": "friends-request@customer.example"},
            {"From": "not an address"},
            {"From": None},
            {"Content_Type": "multipart/report; report-type=delivery-status"},
        ):
            with self.subTest(headers=headers):
                self.assertFalse(self.told(self.email(**headers)))

    def test_own_addresses_are_not_told(self):
        self.company_a.email = "office@ours.example"
        for sender in (
            "help@care.example",
            "helpb@care.example",
            "catchall@care.example",
            "bounce@care.example",
            "office@ours.example",
        ):
            with self.subTest(sender):
                self.assertFalse(self.told(self.email(From=sender)))

    def test_nor_are_those_that_are_proven(self):
        """What comes back here would be answered by us again."""
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("dcrm_service.authentication_servers", "mx.ours.example")
        self.company_a.email = "office@ours.example"
        for sender in ("helpb@care.example", "office@ours.example"):
            domain = sender.partition("@")[2]
            results = f"mx.ours.example; dkim=pass header.d={domain}"
            message = self.email(From=sender, Authentication_Results=results)
            with self.subTest(sender):
                self.assertFalse(self.told(message))
                self.assertEqual(len(self.tickets), 1)
                self.assertFalse(self.tickets.sender_doubt)

    def test_two_bots_come_to_rest(self):
        """Each answers whatever comes, and says nothing of being a machine."""
        waiting = [
            self.email(From=f"bot{n}@{n}.example", Subject="Hello") for n in (1, 2)
        ]
        received = 0
        while waiting:
            received += 1
            self.assertLess(received, 20, "there is no end to it")
            for mail in self.told(waiting.pop(0)):
                waiting.append(
                    self.email(
                        From=mail.email_to,
                        Subject=f"Re: {mail.subject}",
                        In_Reply_To=mail.message_id if received % 2 else None,
                    )
                )
        self.assertEqual(received, 4)
        self.assertEqual(len(self.outgoing("bot1@1.example")), 1)
        self.assertEqual(len(self.outgoing("bot2@2.example")), 1)

    def test_who_sends_too_much_is_told_once(self):
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 3)
        for _number in range(12):
            self.receive(self.email(From="bot@loop.example"))
        mails = self.outgoing("bot@loop.example")
        self.assertEqual(len(mails), 2, "that it came, and that it is too much")
        self.assertIn("auto-replied", mails[-1].headers)
        for _number in range(5):
            self.receive(
                self.email(From="machine@loop.example", Auto_Submitted="auto-generated")
            )
        self.assertFalse(self.outgoing("machine@loop.example"))
