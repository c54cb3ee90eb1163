"""Which ticket an e-mail goes to, and what of it is folded."""

import lxml.html

from odoo.tests import tagged

from .common_email import EmailCase


@tagged("post_install", "-at_install")
class TestEmailThread(EmailCase):
    def named(self, ticket, **headers):
        """Receive an e-mail that names a ticket in its subject alone."""
        subject = headers.pop("Subject", f"Re: {ticket.number} It leaks")
        return self.receive(self.email(Subject=subject, **headers))

    # -- by the number in its subject --------------------------------------------------

    def test_who_takes_part_is_heard_in_the_ticket(self):
        colleague = self.partner(email="bea@customer.example")
        colleague.parent_id = self.customer
        follower = self.partner(email="expert@else.example")
        agent = self.users["agent"].partner_id
        agent.email = "agent@care.example"
        self.env["ir.config_parameter"].set_param(
            "dcrm_service.authentication_servers", "mx.care.example"
        )
        proven = "mx.care.example; dkim=pass header.d=care.example"
        ticket = self.receive(self.email(Cc="Guest <guest@else.example>"))
        ticket.message_subscribe(follower.ids)
        for sender in (
            "ann@customer.example",
            "Bea <BEA@customer.example>",
            "guest@else.example",
            "expert@else.example",
            "agent@care.example",
        ):
            with self.subTest(sender):
                before = len(ticket.message_ids)
                headers = {"From": sender, "Authentication_Results": proven}
                self.assertFalse(self.named(ticket, **headers))
                self.assertEqual(len(ticket.message_ids), before + 1)

    def test_nobody_else_gets_in_by_a_number(self):
        ticket = self.receive(self.email())
        ticket.stage_id = self.stage_solved
        messages = self.received(ticket)
        for sender in (
            "who@else.example",
            "agent_b@care.example",
            '"ann@customer.example" <who@else.example>',
            None,
        ):
            with self.subTest(sender):
                other = self.named(ticket, From=sender)
                self.assertEqual(len(other), 1)
                self.assertEqual(self.received(ticket), messages)
                self.assertTrue(ticket.is_closed)

    def test_agents_of_other_companies_do_not_take_part(self):
        self.users["agent_b"].partner_id.email = "agent_b@care.example"
        ticket = self.receive(self.email())
        self.assertTrue(self.named(ticket, From="agent_b@care.example"))

    def test_what_is_no_number_of_a_ticket(self):
        ticket = self.receive(self.email())
        for subject in ("Order 2026", "", f"x{ticket.number}y", "T" + "9" * 40):
            with self.subTest(subject):
                self.assertEqual(len(self.named(ticket, Subject=subject)), 1)

    def test_a_number_without_letters_has_to_be_marked(self):
        sequence = self.env["ir.sequence"].search(
            [("code", "=", "dcrm.ticket"), ("company_id", "=", self.company_a.id)]
        )
        sequence.write({"prefix": False, "padding": 0, "number_next": 77})
        ticket = self.receive(self.email())
        self.assertEqual(ticket.number, "77")
        self.assertTrue(self.named(ticket, Subject="Order 77"))
        for subject in ("Re: #77", "Re: [77] It leaks"):
            self.assertFalse(self.named(ticket, Subject=subject))

    def test_the_same_number_of_another_company_is_another_ticket(self):
        ours = self.receive(self.email())
        theirs = self.receive(self.email(To="helpb@care.example"))
        theirs.sudo().number = ours.number
        before = len(theirs.message_ids)
        self.assertFalse(self.named(ours, To="helpb@care.example"))
        self.assertEqual(len(theirs.message_ids), before + 1)

    def test_headers_come_before_the_subject(self):
        one, two = self.receive(self.email()), self.receive(self.email())
        before = len(one.message_ids)
        self.reply(one, Subject=f"Re: {two.number}")
        self.assertEqual(len(one.message_ids), before + 1)

    def test_a_number_opens_a_closed_ticket_again(self):
        ticket = self.receive(self.email())
        self.answer(ticket)
        ticket.stage_id = self.stage_solved
        self.named(ticket)
        self.assertFalse(ticket.is_closed)

    # -- merged ------------------------------------------------------------------------

    def test_what_is_merged_is_answered_in_the_ticket_that_lives(self):
        gone, living = self.receive(self.email()), self.receive(self.email())
        answer = self.answer(gone).message_id
        gone._merge_into(living)
        before = len(living.message_ids)
        self.assertFalse(self.receive(self.email(In_Reply_To=answer)))
        self.assertFalse(self.named(gone))
        self.assertEqual(len(living.message_ids), before + 2)
        self.assertNoViolations()

    # -- once --------------------------------------------------------------------------

    def test_the_same_answer_a_hundred_times_is_one_message(self):
        ticket = self.receive(self.email())
        answer = self.email(In_Reply_To=self.sent(ticket)[:1].message_id)
        before = len(ticket.message_ids)
        for _again in range(100):
            self.assertFalse(self.receive(answer))
        self.assertEqual(len(ticket.message_ids), before + 1)

    def test_an_email_without_an_id_is_one_all_the_same(self):
        message = self.email(Message_Id=None)
        self.assertEqual(len(self.receive(message)), 1)
        self.assertFalse(self.receive(message))
        self.assertTrue(self.receive(self.email("Another.", Message_Id=None)))

    # -- what is folded ----------------------------------------------------------------

    def folded(self, body, kind="plain"):
        """Return what is shown at once of an e-mail, and what is folded."""
        header = f"text/{kind}; charset=utf-8"
        ticket = self.receive(self.email(body, Content_Type=header))
        root = lxml.html.fragment_fromstring(self.sent(ticket).body, "div")
        folded = "".join(
            node.text_content()
            for node in root.xpath(
                "//*[@data-o-mail-quote][not(ancestor::*[@data-o-mail-quote])]"
            )
        )
        for node in root.xpath("//*[@data-o-mail-quote]"):
            node.text, node[:] = "", []
        return root.text_content(), folded

    def test_quoted_text_is_folded(self):
        said = "On Mon, 4 May 2026 Care <help@care.example> wrote:"
        cases = {
            "lines": f"Yes.\r\n\r\n{said}\r\n> Is it yours?\r\n> And then?\r\n",
            "lines below": f"{said}\r\n> Is it yours?\r\n\r\nYes.\r\n",
            "a copy": "Yes.\r\n\r\n-----Original Message-----\r\nFrom: Care\r\n"
            "Sent: Monday\r\nSubject: x\r\n\r\nIs it yours?\r\n",
            "headers": "Yes.\r\n\r\nVon: Care <help@care.example>\r\n"
            "Gesendet: Montag\r\nAn: Ann\r\nBetreff: x\r\n\r\nIs it yours?\r\n",
        }
        for case, body in cases.items():
            with self.subTest(case):
                shown, folded = self.folded(body)
                self.assertIn("Yes.", shown)
                self.assertNotIn("yours", shown)
                self.assertNotIn("Care", shown)
                self.assertIn("Is it yours?", folded)

    def test_quoted_text_of_other_programs_is_folded(self):
        rule = "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0 0 0"
        cases = {
            "Outlook": f'<div><p>Yes.</p><div><div style="{rule}"><p><b>From:</b> Care'
            "<br><b>Sent:</b> Monday</p></div></div><p>Is it yours?</p></div>",
            "Gmail": '<div>Yes.</div><div class="gmail_quote"><div>On Monday Care '
            "wrote:</div><blockquote>Is it yours?</blockquote></div>",
            "Apple": '<p>Yes.</p><blockquote type="cite">Is it yours?</blockquote>',
        }
        for case, body in cases.items():
            with self.subTest(case):
                shown, folded = self.folded(body, "html")
                self.assertIn("Yes.", shown)
                self.assertNotIn("yours", shown)
                self.assertIn("Is it yours?", folded)

    def test_what_is_said_is_never_folded(self):
        rule = "border-top:solid black 1pt"
        for body, kind in (
            ("My answer:\r\nyes\r\n", "plain"),
            ("Table\r\n---------------\r\nA: 1\r\nB: 2\r\n", "plain"),
            ("From: the garden\r\nit leaks", "plain"),
            (f'<div style="{rule}">From: the garden</div><p>it leaks</p>', "html"),
            ("<p>a &lt; b</p>", "html"),
        ):
            with self.subTest(body):
                shown, folded = self.folded(body, kind)
                self.assertFalse(folded)
                self.assertIn(body.split("\r\n")[0].split(">")[-1][:3], shown)
