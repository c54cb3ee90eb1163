"""What becomes of e-mails to a team: none is lost, none makes a storm."""

import base64
import os

from odoo.tests import tagged

from .common_email import EmailCase


@tagged("post_install", "-at_install")
class TestTicketEmail(EmailCase):
    # -- what is asked -----------------------------------------------------------------

    def test_an_email_is_a_ticket(self):
        ticket = self.receive(self.email(Cc="Bob <bob@customer.example>"))
        self.assertEqual(ticket.name, "It leaks")
        self.assertEqual(ticket.team_id, self.team_a)
        self.assertEqual(ticket.company_id, self.company_a)
        self.assertEqual(ticket.stage_id, self.stage_new)
        self.assertEqual(ticket.channel, "email")
        self.assertEqual(ticket.partner_id, self.contact)
        self.assertEqual(ticket.commercial_partner_id, self.customer)
        self.assertIn("ann@customer.example", ticket.email_from)
        self.assertIn("bob@customer.example", ticket.email_cc)
        self.assertIn("It leaks.", ticket.message_ids.filtered("author_id")[-1].body)
        self.assertFalse(ticket.first_response_at)
        self.assertTrue(ticket.number)
        self.assertNoViolations()

    def test_each_team_has_its_own(self):
        ticket = self.receive(self.email(To="helpb@care.example"))
        self.assertEqual(ticket.company_id, self.company_b)
        both = self.receive(self.email(To="help@care.example, helpb@care.example"))
        self.assertEqual(both.team_id, self.team_a | self.team_b)

    def test_a_stranger(self):
        ticket = self.receive(self.email(From="Stranger <who@else.example>"))
        self.assertFalse(ticket.partner_id)
        self.assertFalse(ticket.commercial_partner_id)
        self.assertIn("who@else.example", ticket.email_from)
        # Nobody who writes becomes a contact by that alone.
        stranger = [("email", "ilike", "who@else.example")]
        self.assertFalse(self.env["res.partner"].search(stranger))

    def test_a_stranger_who_is_answered_is_the_contact(self):
        ticket = self.receive(self.email(From="Stranger <who@else.example>"))
        ticket = ticket.with_env(self.env_as("agent"))
        stranger = ticket._partner_find_from_emails_single(
            ["who@else.example"],
            no_create=not self.users["agent"].has_group("base.group_partner_manager"),
        )
        self.assertTrue(stranger, "an agent has to be able to answer")
        ticket.message_post(
            body="Which one?",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=stranger.ids,
        )
        self.assertEqual(ticket.partner_id, stranger)
        self.assertEqual(ticket.commercial_partner_id, stranger)
        other = self.receive(self.email(From="Third <third@else.example>"))
        self.answer(other).partner_ids = stranger
        self.assertFalse(other.partner_id, "somebody else was written to")

    def test_answers_come_back_to_the_team(self):
        ticket = self.receive(self.email())
        self.assertIn("help@care.example", self.answer(ticket).reply_to)
        self.team_a.alias_name = False
        self.assertIn("catchall@care.example", self.answer(ticket).reply_to)

    def test_a_reply_to_a_ticket_that_was_put_away(self):
        ticket = self.receive(self.email())
        ticket.active = False
        self.answer(ticket)
        self.assertFalse(ticket.active)
        self.assertEqual(self.reply(ticket), ticket, "it is in view again")

    def test_a_contact_of_another_company_is_a_stranger(self):
        self.env["res.partner"].create(
            {
                "name": "Theirs",
                "email": "only@b.example",
                "company_id": self.company_b.id,
            }
        )
        ticket = self.receive(self.email(From="only@b.example"))
        self.assertFalse(ticket.partner_id)
        self.assertEqual(ticket.company_id, self.company_a)

    def test_what_is_missing_or_odd(self):
        cases = {
            "no sender": {"From": None},
            "an empty sender": {"From": ""},
            "a sender that is none": {"From": "\x07 <<>> not an address"},
            "no subject": {"Subject": None},
            "a blank subject": {"Subject": "   "},
            "a long subject": {"Subject": "x" * 5000},
            "an unknown charset in the subject": {"Subject": "=?x-klingon?Q?caf=E9?="},
            "a zero byte in the subject": {"Subject": "=?utf-8?Q?It=00leaks?="},
            "a zero byte in a name": {"From": "=?utf-8?Q?A=00nn?= <a@else.example>"},
            "a zero byte in a file's name": {
                "Content_Type": "application/pdf",
                "Content_Disposition": "attachment; filename*=utf-8''a%00b.pdf",
            },
            "broken encoding in the subject": {"Subject": "=?utf-8?B?//8=?="},
            "no body": {"body": ""},
            "a blank body": {"body": " \r\n \r\n"},
            "no id": {"Message_Id": None},
            "a long id": {"Message_Id": f"<{'x' * 5000}@customer.example>"},
            "an unknown charset": {
                "Content_Type": "text/plain; charset=x-klingon",
                "body": "Café",
            },
            "a charset that is none": {
                "Content_Type": 'text/html; charset="<b>"',
                "body": "<p>Café</p>",
            },
            "a multipart without parts": {
                "Content_Type": 'multipart/mixed; boundary="b"',
                "body": "",
            },
            "a zero byte": {"body": "It\x00leaks"},
            "no date that is one": {"Date": "the day before yesterday"},
            "a date that is far": {"Date": "Thu, 01 Jan 9999 00:00:00 +0000"},
        }
        for case, headers in cases.items():
            with self.subTest(case):
                ticket = self.receive(self.email(**headers))
                self.assertEqual(len(ticket), 1)
                self.assertTrue(ticket.name.strip())
                self.assertEqual(ticket.team_id, self.team_a)
                self.assertTrue(ticket.message_ids)
        self.assertNoViolations()

    def test_bytes_that_no_charset_has(self):
        for charset in ("utf-8", "ascii", "x-klingon", "iso-2022-jp"):
            with self.subTest(charset):
                message = self.email(Content_Type=f"text/plain; charset={charset}")
                ticket = self.receive(message + b" Caf\xe9 \xff\xfe")
                self.assertIn("It leaks.", ticket.message_ids[-1:].body)

    def test_charsets_that_are_not_for_text(self):
        for charset in ("idna", "rot13", "base64", "undefined"):
            with self.subTest(charset):
                header = f"text/plain; charset={charset}"
                ticket = self.receive(self.email("Caf\u00e9", Content_Type=header))
                self.assertIn("Caf\u00e9", self.sent(ticket).body)

    def test_parts_that_are_not_there(self):
        for boundary in ("", '; boundary="b"'):
            header = f"multipart/mixed{boundary}"
            ticket = self.receive(self.email("It leaks.", Content_Type=header))
            self.assertIn("It leaks.", self.sent(ticket).body)

    def test_a_subject_with_line_ends(self):
        subject = "=?utf-8?q?It=0D=0ABcc:_leaks?="
        ticket = self.receive(self.email(Subject=subject))
        self.assertEqual(ticket.name, "It Bcc: leaks")

    def test_raw_bytes_in_headers(self):
        message = self.email().replace(b"Subject: It leaks", b"Subject: Caf\xe9 leaks")
        ticket = self.receive(message)
        self.assertIn("leaks", ticket.name)

    def test_twenty_megabytes(self):
        content = os.urandom(20 * 2**20)
        encoded = base64.encodebytes(content).replace(b"\n", b"\r\n")
        head = self.email(
            Content_Type='multipart/mixed; boundary="b"',
            body="--b\r\nContent-Type: text/plain\r\n\r\nSee the film.\r\n--b\r\n"
            "Content-Type: video/mp4\r\nContent-Transfer-Encoding: base64\r\n"
            'Content-Disposition: attachment; filename="film.mp4"\r\n\r\n',
        )
        ticket = self.receive(head + encoded + b"\r\n--b--\r\n")
        attachment = ticket.message_ids.attachment_ids
        self.assertEqual(attachment.name, "film.mp4")
        self.assertEqual(attachment.raw, content)
        self.assertEqual(attachment.res_id, ticket.id)

    def test_what_is_dangerous_in_a_body_is_not_kept(self):
        ticket = self.receive(
            self.email(
                Content_Type="text/html; charset=utf-8",
                Subject="<script>alert(1)</script>",
                body='<p onclick="alert(1)">Hi</p><script>alert(2)</script>',
            )
        )
        body = ticket.message_ids[-1:].body
        self.assertNotIn("script", body)
        self.assertNotIn("onclick", body)
        # A subject is text: it is escaped wherever it is shown.
        self.assertIn("<script>", ticket.name)

    # -- once, and not in storms -----------------------------------------------------

    def test_the_same_email_a_hundred_times_is_one_ticket(self):
        message = self.email()
        self.assertEqual(len(self.receive(message)), 1)
        for _again in range(99):
            self.assertFalse(self.receive(message))

    def test_an_automatic_answer_makes_no_ticket(self):
        """It is kept on the team, where its manager sees it, and tells nobody."""
        manager = self.env_as("manager")
        mails = self.outgoing()
        for headers in (
            {"Auto_Submitted": "auto-replied"},
            {"Auto_Submitted": "Auto-Replied; vacation"},
            {"Precedence": "auto_reply"},
        ):
            with self.subTest(headers=headers):
                message = self.email("Back in May.", **headers)
                self.assertFalse(self.receive(message))
                kept = self.team_a.with_env(manager).message_ids[:1]
                self.assertIn("Back in May.", kept.body)
                self.assertEqual(kept.subtype_id, self.env.ref("mail.mt_note"))
                self.assertFalse(kept.notification_ids)
                count = len(self.team_a.message_ids)
                self.assertFalse(self.receive(message))
                self.assertEqual(len(self.team_a.message_ids), count, "it is there")
        self.assertEqual(self.outgoing(), mails)
        self.assertNoViolations()

    def test_a_machine_may_ask(self):
        for headers in (
            {"Auto_Submitted": "auto-generated"},
            {"Precedence": "list"},
            # Of other ticket systems: it may be what somebody wrote there.
            {"X_Autoreply": "yes"},
            {"X_Autorespond": "us"},
        ):
            with self.subTest(headers=headers):
                self.assertEqual(len(self.receive(self.email(**headers))), 1)

    def test_a_customers_system_that_sends_in_bulk_is_heard(self):
        ticket = self.receive(self.email())
        self.answer(ticket)
        ticket.stage_id = self.stage_solved
        self.reply(ticket, "Not yet.", Precedence="bulk")
        self.assertFalse(ticket.is_closed)
        message = ticket.message_ids.filtered(lambda each: "Not yet." in each.body)
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_comment"))
        # The absence of one of us is no answer of theirs.
        other = self.receive(self.email())
        self.users["agent"].partner_id.email = "agent@care.example"
        self.env["ir.config_parameter"].set_param(
            "dcrm_service.authentication_servers", "mx.care.example"
        )
        self.reply(
            other,
            From="agent@care.example",
            Precedence="bulk",
            Authentication_Results="mx.care.example; dkim=pass header.d=care.example",
        )
        self.assertFalse(other.first_response_at)

    def test_an_automatic_answer_opens_nothing_and_notifies_nobody(self):
        ticket = self.receive(self.email())
        self.answer(ticket)
        ticket.user_id = self.users["agent"]
        for stage in (self.stage_solved, self.stage_waiting):
            ticket.stage_id = stage
            mails = self.env["mail.mail"].sudo().search_count([])
            for headers in (
                {"Auto_Submitted": "auto-replied"},
                {"Auto_Submitted": "auto-generated"},
                {"X_Autoreply": "yes"},
            ):
                self.reply(ticket, Subject="I am away", **headers)
                note = ticket.message_ids[:1]
                self.assertIn("It leaks.", note.body)
                self.assertEqual(note.subtype_id, self.env.ref("mail.mt_note"))
                self.assertFalse(note.notification_ids)
            self.assertEqual(ticket.stage_id, stage)
            self.assertEqual(self.env["mail.mail"].sudo().search_count([]), mails)

    def test_a_reply_of_the_customer_opens_it_again(self):
        ticket = self.receive(self.email())
        self.answer(ticket)
        ticket.stage_id = self.stage_solved
        self.assertTrue(ticket.closed_at)
        self.assertFalse(self.reply(ticket))
        self.assertEqual(ticket.stage_id, self.stage_progress)
        self.assertFalse(ticket.closed_at)
        self.assertNoViolations()

    def test_a_reply_of_ours_by_email_is_an_answer(self):
        ticket = self.receive(self.email())
        agent = self.users["agent"]
        agent.partner_id.email = "agent@care.example"
        self.env["ir.config_parameter"].set_param(
            "dcrm_service.authentication_servers", "mx.care.example"
        )
        proven = "mx.care.example; dkim=pass header.d=care.example"
        self.reply(
            ticket,
            From="agent@care.example",
            To="ann@customer.example, help@care.example",
            Authentication_Results=proven,
        )
        self.assertTrue(ticket.first_response_at)

    def test_a_reply_of_a_stranger_is_heard_as_the_customer(self):
        ticket = self.receive(self.email(From="who@else.example"))
        ticket.stage_id = self.stage_solved
        self.reply(ticket, From="who@else.example")
        self.assertFalse(ticket.closed_at)
        self.assertFalse(ticket.first_response_at)

    def test_too_many_of_one_sender_are_a_loop(self):
        """The host's guard, which counts tickets by where they came from."""
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 5)
        made = [self.receive(self.email(From="bot@loop.example")) for _n in range(8)]
        self.assertEqual([len(tickets) for tickets in made], [1] * 5 + [0] * 3)
        self.assertTrue(self.receive(self.email()))

    def test_a_bounce_makes_no_ticket(self):
        bounce = self.email(
            From="MAILER-DAEMON@customer.example", To="help@care.example"
        )
        self.assertFalse(self.receive(bounce))

    def test_two_bots_that_answer_each_other_end_at_once(self):
        ticket = self.receive(self.email(Auto_Submitted="auto-generated"))
        for _round in range(5):
            self.reply(ticket, Auto_Submitted="auto-replied")
        sent = self.env["mail.mail"].sudo().search([("model", "=", "dcrm.ticket")])
        self.assertFalse(sent.filtered(lambda mail: mail.res_id == ticket.id))
