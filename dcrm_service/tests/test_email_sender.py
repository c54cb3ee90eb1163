"""Forged senders: they are marked, nothing of theirs is lost, and they gain nothing."""

import time
from datetime import timedelta

from odoo.tests import tagged

from .common_email import EmailCase

FORGED = {
    "spf": "mx.ours.example; spf=fail smtp.mailfrom=customer.example; dkim=none",
    "softly": "mx.ours.example; spf=softfail (not (ours)) smtp.mailfrom=ann@a.example",
    "dkim": "mx.ours.example; dkim=fail header.d=customer.example; spf=none",
    "dmarc": "mx.ours.example 1; spf=pass smtp.mailfrom=evil.example;"
    " dmarc=fail header.from=customer.example",
}
PROVEN = {
    "spf": "mx.ours.example; spf=pass smtp.mailfrom=ann@mail.customer.example",
    "dkim": "mx.ours.example; spf=fail; dkim=pass header.d=customer.example",
    "dmarc": "MX.ours.example; dmarc=pass header.from=customer.example; spf=softfail",
}


@tagged("post_install", "-at_install")
class TestEmailSender(EmailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team_a.acknowledges = True
        cls.agent = cls.users["agent"].partner_id
        cls.agent.email = "agent@ours.example"

    def name_server(self, name="mx.ours.example"):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("dcrm_service.authentication_servers", name)

    def assertForged(self, ticket, doubt):
        self.assertEqual(len(ticket), 1)
        message = self.sent(ticket)[-1:]
        self.assertEqual((ticket.sender_doubt, message.sender_doubt), (doubt, doubt))
        self.assertFalse(ticket.partner_id or message.author_id)
        self.assertIn("It leaks.", message.body)
        self.assertEqual(ticket.create_uid, self.env.ref("base.user_root"))
        self.assertFalse(ticket.first_response_at)

    def assertTrusted(self, ticket):
        self.assertFalse(ticket.sender_doubt)
        self.assertEqual(ticket.partner_id, self.contact)

    def test_what_the_server_found_forged(self):
        for named in (False, True):
            if named:
                self.name_server()
            for case, results in FORGED.items():
                with self.subTest(case, named=named):
                    ticket = self.receive(self.email(Authentication_Results=results))
                    self.assertForged(ticket, "failed")
        self.assertFalse(self.outgoing("ann@customer.example"))

    def test_copies_of_the_forged_gain_nothing(self):
        forged = self.email(
            Authentication_Results=FORGED["dmarc"], Cc="Eve <eve@evil.example>"
        )
        ticket = self.receive(forged)
        self.assertForged(ticket, "failed")
        self.assertFalse(ticket.email_cc)
        self.assertFalse(ticket._has_among_its_people("eve@evil.example"))

    def test_what_is_proven(self):
        for named in (False, True):
            if named:
                self.name_server()
            for case, results in PROVEN.items():
                with self.subTest(case, named=named):
                    ticket = self.receive(self.email(Authentication_Results=results))
                    self.assertTrusted(ticket)

    def test_nothing_is_known(self):
        for results in (None, "mx.ours.example; none", "mx.ours.example; spf=neutral"):
            for server in ("", "mx.ours.example"):
                self.name_server(server)
                with self.subTest(results, server=server):
                    ticket = self.receive(self.email(Authentication_Results=results))
                    self.assertTrusted(ticket)

    def test_what_the_forger_wrote_proves_nothing(self):
        self.name_server()
        own = "Authentication-Results: mx.evil.example; dmarc=pass\r\n"
        below = (
            "Authentication-Results: mx.ours.example; spf=fail\r\n"
            "Received: from evil.example by mx.ours.example\r\n"
            "Authentication-Results: mx.ours.example; dmarc=pass\r\n"
        )
        for head in (own, below):
            ours = self.email(From="agent@ours.example")
            self.assertForged(self.receive(head.encode() + ours), "ours")

    def test_headers_without_end_keep_nobody_busy(self):
        """Whoever writes an e-mail chooses its headers, and how long they are."""
        long = 50_000
        for headers in (
            {"Subject": "a" * long},
            {"Authentication_Results": "x; " + "(" * long + ")" * long},
            {"Authentication_Results": "x; spf=none " + "a" * long},
            {"Authentication_Results": "x; spf" + " " * long + "; dkim"},
        ):
            [(name, text)] = headers.items()
            with self.subTest(name, text=text[:12]):
                begun = time.process_time()
                self.assertTrue(self.receive(self.email(**headers)))
                self.assertLess(time.process_time() - begun, 5)

    def test_an_answer_of_a_forger_comes_into_no_ticket(self):
        ticket = self.receive(self.email())
        self.answer(ticket)
        ticket.stage_id = self.stage_solved
        messages = self.received(ticket)
        for case, results in FORGED.items():
            with self.subTest(case):
                other = self.reply(ticket, Authentication_Results=results)
                self.assertForged(other, "failed")
                number = f"Re: {ticket.number}"
                other = self.receive(
                    self.email(Subject=number, Authentication_Results=results)
                )
                self.assertForged(other, "failed")
        self.assertEqual(self.received(ticket), messages)
        self.assertTrue(ticket.is_closed)

    def test_nobody_from_outside_is_one_of_us(self):
        self.name_server()
        ticket = self.receive(self.email())
        messages = self.received(ticket)
        for sender in ("agent@ours.example", "help@care.example"):
            for results in (None, "mx.ours.example; spf=none", FORGED["spf"]):
                with self.subTest(sender, results=results):
                    headers = {"From": sender, "Authentication_Results": results}
                    self.assertForged(self.reply(ticket, **headers), "ours")
                    number = f"Re: {ticket.number}"
                    other = self.receive(self.email(Subject=number, **headers))
                    self.assertForged(other, "ours")
        self.assertEqual(self.received(ticket), messages)

    def test_one_of_us_who_is_proven(self):
        self.name_server()
        for results in (
            "mx.ours.example; dkim=pass header.d=ours.example",
            "mx.ours.example; auth=pass smtp.auth=agent@ours.example",
        ):
            ticket = self.receive(self.email())
            self.reply(
                ticket,
                From="agent@ours.example",
                To="ann@customer.example, help@care.example",
                Authentication_Results=results,
            )
            self.assertEqual(ticket.message_ids[:1].author_id, self.agent)
            self.assertTrue(ticket.first_response_at)

    def test_who_logged_in_as_somebody_else_is_not_proven(self):
        """Whoever has a mailbox at the same provider is no colleague by that."""
        self.name_server()
        for login in ("eve@evil.example", "agent", "example", ""):
            results = f"mx.ours.example; auth=pass smtp.auth={login}"
            results += " smtp.mailfrom=agent@ours.example"
            with self.subTest(login):
                ticket = self.receive(self.email())
                other = self.reply(
                    ticket, From="agent@ours.example", Authentication_Results=results
                )
                self.assertForged(other, "ours")

    def test_results_below_our_own_lines_prove_nothing(self):
        self.name_server()
        ours = self.email(From="agent@ours.example")
        received = b"Received: from mx.ours.example by mx.ours.example\r\n"
        proven = b"Authentication-Results: mx.ours.example; dmarc=pass\r\n"
        self.assertForged(self.receive(received + proven + ours), "ours")
        # One of ours hands it on within the house, and says so above.
        self.env["ir.config_parameter"].set_param("dcrm_service.authentication_hops", 1)
        for lines, doubt in ((1, False), (2, "ours")):
            message = self.email(From="agent@ours.example")
            ticket = self.receive(received * lines + proven + message)
            self.assertEqual(ticket.sender_doubt, doubt)
        # What is said against a sender counts wherever it stands.
        failed = b"Authentication-Results: mx.ours.example; spf=fail\r\n"
        ticket = self.receive(received * 3 + failed + self.email())
        self.assertForged(ticket, "failed")

    def test_nobody_is_a_colleague_by_saying_so(self):
        """Nothing speaks for or against it: it is there for us, and is no answer."""
        ticket = self.receive(self.email())
        ticket.user_id = self.users["agent"]
        ticket.opened_at -= timedelta(hours=1)
        ticket._answered(ticket.opened_at)
        ticket.stage_id = self.stage_waiting
        ticket.message_subscribe(self.contact.ids)
        pause, answered_at = ticket.pause_ids, ticket.last_answer_at
        mails = self.outgoing("ann@customer.example")
        self.assertFalse(self.reply(ticket, From="agent@ours.example"))
        message = ticket.message_ids[:1]
        self.assertEqual(message.sender_doubt, "unproven")
        self.assertIn("It leaks.", message.body)
        self.assertFalse(message.author_id)
        self.assertEqual(message.subtype_id, self.env.ref("mail.mt_note"))
        self.assertEqual(ticket.last_answer_at, answered_at)
        self.assertEqual(ticket.stage_id, self.stage_waiting)
        self.assertTrue(pause)
        self.assertFalse(pause.ended_at)
        self.assertEqual(self.outgoing("ann@customer.example"), mails)
        # Who works on it has to know that it did not go out.
        self.assertEqual(message.notified_partner_ids, self.agent)
        # What a machine of theirs answers tells nobody, or there would be no end to it.
        self.reply(ticket, From="agent@ours.example", Auto_Submitted="auto-replied")
        self.assertFalse(ticket.message_ids[:1].notified_partner_ids)
        self.assertNotEqual(ticket.message_ids[:1], message)
        # By the number alone it comes into no ticket.
        number = f"Re: {ticket.number}"
        other = self.receive(self.email(From="agent@ours.example", Subject=number))
        self.assertForged(other, "unproven")

    def test_an_envelope_of_somebody_else(self):
        other = "<bounce@evil.example>"
        self.assertForged(self.receive(self.email(Return_Path=other)), "envelope")
        ours = self.email(From="agent@ours.example", Return_Path=other)
        self.assertForged(self.receive(ours), "ours")
        ticket = self.receive(self.email())
        number = f"Re: {ticket.number}"
        self.assertForged(
            self.receive(self.email(Subject=number, Return_Path=other)), "envelope"
        )
        self.assertFalse(ticket.sender_doubt)
        # Who answers an e-mail has it: that is heard, as of nobody known.
        self.assertFalse(self.reply(ticket, Return_Path=other))
        message = ticket.message_ids[:1]
        self.assertEqual(message.sender_doubt, "envelope")
        self.assertFalse(message.author_id)

    def test_an_envelope_that_tells_nothing(self):
        self.name_server()
        for path in (
            "<>",
            "<ann@customer.example>",
            "<bounce-7@post.customer.example>",
            # Handed on by ourselves.
            "<prvs=1=help@care.example>",
        ):
            with self.subTest(path):
                self.assertTrusted(self.receive(self.email(Return_Path=path)))

    def test_a_name_that_looks_like_one_of_us(self):
        sender = '"agent@ours.example" <who@else.example>'
        ticket = self.receive(self.email(From=sender))
        self.assertFalse(ticket.partner_id or self.sent(ticket).author_id)
        self.assertEqual(ticket.create_uid, self.env.ref("base.user_root"))

    def test_nothing_of_a_forger_is_an_interaction(self):
        self.company_a.interaction_capture = True
        interactions = self.env["dcrm.interaction"]
        before = interactions.search_count([])
        self.receive(self.email(Authentication_Results=FORGED["spf"]))
        self.assertEqual(interactions.search_count([]), before)
        self.receive(self.email())
        self.assertEqual(interactions.search_count([]), before + 1)

    def test_the_doubt_ends_with_the_contact(self):
        ticket = self.receive(self.email(Authentication_Results=FORGED["spf"]))
        doubted = self.env_as("agent")["dcrm.ticket"].search(
            [("sender_doubt", "!=", False)]
        )
        self.assertEqual(doubted, ticket)
        doubted.partner_id = self.contact
        self.assertEqual(ticket.commercial_partner_id, self.customer)

    def test_the_doubt_ends_by_the_answer_of_who_has_the_address(self):
        ticket = self.receive(self.email(Return_Path="<bounce@evil.example>"))
        self.assertEqual(ticket.doubted_partner_id, self.contact)
        answer = ticket.with_env(self.env_as("agent")).message_post(
            body="Was it you?",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.contact.ids,
        )
        self.assertFalse(ticket.partner_id, "we wrote there, and that proves nothing")
        # Who knows the number, or what was written to us, has not read our answer.
        first = self.received(ticket)[-1:].message_id
        for headers in ({"Subject": f"Re: {ticket.number}"}, {"In_Reply_To": first}):
            self.assertFalse(self.receive(self.email(**headers)))
            self.assertFalse(ticket.partner_id)
        answered = {"In_Reply_To": answer.message_id}
        self.receive(self.email(From="who@else.example", **answered))
        self.receive(self.email(Return_Path="<bounce@evil.example>", **answered))
        self.assertFalse(ticket.partner_id)
        self.receive(self.email(**answered))
        self.assertEqual(ticket.partner_id, self.contact)
        self.assertFalse(ticket.sender_doubt)

    def test_other_documents_are_left_alone(self):
        """What the host does with e-mails to others than tickets stays as it is."""
        thread = self.env["res.partner"].create({"name": "Thread"})
        posted = thread.message_post(body="Hi", message_type="comment")
        self.receive(
            self.email(
                In_Reply_To=posted.message_id,
                Authentication_Results=FORGED["spf"],
                From="agent@ours.example",
                To="catchall@care.example",
            )
        )
        self.assertEqual(thread.message_ids[:1].author_id, self.agent)
        self.assertFalse(thread.message_ids[:1].sender_doubt)
