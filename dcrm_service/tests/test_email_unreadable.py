"""E-mails that can't be read are kept as they came, and shown."""

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_email import MAIL, OURS, EmailCase


@tagged("post_install", "-at_install")
class TestEmailUnreadable(EmailCase):
    def deep(self, levels, **headers):
        """Return an e-mail with as many parts in parts."""
        lines, bounds = [], [f"b{n}" for n in range(levels)]
        for bound in bounds[1:]:
            before = bounds[bounds.index(bound) - 1]
            lines += [
                f"--{before}",
                f'Content-Type: multipart/mixed; boundary="{bound}"',
                "",
            ]
        lines += [f"--{bounds[-1]}", "Content-Type: text/plain", "", "It leaks."]
        return self.email(
            "\r\n".join(lines),
            Content_Type='multipart/mixed; boundary="b0"',
            **headers,
        )

    def assertKept(self, ticket, message, team=None):
        self.assertEqual(len(ticket), 1)
        self.assertEqual(ticket.team_id, team or self.team_a)
        self.assertEqual(ticket.channel, "email")
        kept = self.sent(ticket)
        self.assertEqual(len(kept), 1)
        self.assertEqual(kept.message_type, "email")
        self.assertIn(message, kept.attachment_ids.mapped("raw"))
        self.assertFalse(kept.author_id or ticket.partner_id)
        self.assertIn("ann@customer.example", ticket.email_from)
        self.assertNoViolations()

    def test_parts_in_parts_without_end(self):
        message = self.deep(2000)
        ticket = self.receive(message)
        self.assertKept(ticket, message)
        self.assertEqual(ticket.name, "It leaks")
        self.assertFalse(self.receive(message), "it is there already")

    def test_nobody_is_told_anything_by_itself(self):
        ticket = self.receive(self.deep(2000))
        self.assertTrue(ticket.is_of_machine)

    def test_addresses_that_count_without_their_domain(self):
        self.team_a.alias_incoming_local = True
        message = self.deep(2000, To="help@else.example")
        self.assertKept(self.receive(message), message)

    def test_subjects_in_broken_code(self):
        message = self.deep(2000, Subject="=?utf-8?b?a?= leaks")
        self.assertKept(self.receive(message), message)

    def test_emails_to_others_are_the_hosts_alone(self):
        """Neither named nor mended: that is for teams."""
        partners = self.env["mail.alias"].create(
            {
                "alias_name": "contacts",
                "alias_domain_id": self.company_a.alias_domain_id.id,
                "alias_model_id": self.env["ir.model"]._get_id("discuss.channel"),
                "alias_force_thread_id": self.env["discuss.channel"]
                .create({"name": "Friends", "channel_type": "channel"})
                .id,
            }
        )
        channel = self.env["discuss.channel"].browse(partners.alias_force_thread_id)
        message = self.email("Twice.", To="contacts@care.example", Message_Id=None)
        for count in (1, 2):
            self.receive(message)
            found = channel.message_ids.filtered(lambda each: "Twice." in each.body)
            self.assertEqual(len(found), count)
        long = "<p>It leaks.</p>" * 100_000
        self.receive(
            self.email(
                long,
                To="contacts@care.example",
                Content_Type="text/html; charset=utf-8",
            )
        )
        self.assertIn("It leaks.", channel.message_ids[:1].body)

    def test_to_two_teams(self):
        message = self.deep(2000, To="help@care.example, helpb@care.example")
        tickets = self.receive(message)
        self.assertEqual(tickets.team_id, self.team_a | self.team_b)
        for ticket in tickets:
            self.assertEqual(len(self.sent(ticket).attachment_ids), 1)

    def test_an_answer(self):
        ticket = self.receive(self.email(To="helpb@care.example"))
        references = f"<x@else.example> {self.sent(ticket).message_id}"
        message = self.deep(2000, To="catchall@care.example", References=references)
        self.assertKept(self.receive(message), message, self.team_b)

    def test_what_goes_to_no_team_is_the_hosts(self):
        with mute_logger(MAIL, OURS), self.assertRaises(RecursionError):
            self.env["mail.thread"].message_process(None, self.deep(2000, To="x@y.zz"))
        with mute_logger(MAIL, OURS), self.assertRaises(ValueError):
            self.env["mail.thread"].message_process(None, self.email(To="x@y.zz"))

    def test_nobody_makes_tickets_by_it_who_may_not(self):
        before = self.env["dcrm.ticket"].search_count([])
        threads = self.env_as("portal")["mail.thread"]
        for message, error in (
            (self.deep(2000), RecursionError),
            (self.email(), AccessError),
        ):
            with mute_logger(MAIL, OURS), self.assertRaises(error):
                threads.message_process(None, message)
        self.assertEqual(self.env["dcrm.ticket"].search_count([]), before)

    def test_long_texts_are_files(self):
        for kind, line in (("plain", "It leaks. "), ("html", "<p>It leaks.</p>")):
            with self.subTest(kind):
                text = line * 300_000
                ticket = self.receive(
                    self.email(text, Content_Type=f"text/{kind}; charset=utf-8")
                )
                kept = self.sent(ticket)
                self.assertIn("can't be shown", kept.body)
                self.assertEqual(kept.attachment_ids.raw.decode(), text)

    def test_bodies_that_the_host_gives_up_are_files_too(self):
        body = "<div>" * 100_000 + "It leaks."
        message = self.email(body, Content_Type="text/html; charset=utf-8")
        ticket = self.receive(message)
        kept = self.sent(ticket)
        files = b"".join(kept.attachment_ids.mapped("raw")).decode()
        self.assertIn("It leaks.", f"{kept.body} {files}")

    def test_many_parts(self):
        parts = "".join(
            f"--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; "
            f'filename="{n}.txt"\r\n\r\n{n}\r\n'
            for n in range(1000)
        )
        ticket = self.receive(
            self.email(
                f"{parts}--b--\r\n", Content_Type='multipart/mixed; boundary="b"'
            )
        )
        self.assertEqual(len(self.sent(ticket).attachment_ids), 1000)

    def test_senders_without_an_address_are_no_loop(self):
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 2)
        for number in range(4):
            self.receive(self.email(From=f"who{number}@else.example"))
        for sender in ("x" * 3000, "nobody", "\x07 <<>>"):
            with self.subTest(sender):
                self.assertEqual(len(self.receive(self.email(From=sender))), 1)

    # -- each e-mail one message -------------------------------------------------------

    def broken(self):
        self.env.flush_all()
        self.env.invalidate_all()
        found = self.env["dcrm.audit"].run()
        return {violation["invariant"] for violation in found}

    def test_an_email_that_is_not_there_is_found(self):
        ticket = self.receive(self.email())
        self.assertFalse(self.broken())
        self.sent(ticket).unlink()
        self.assertEqual(self.broken(), {"emails_are_messages"})

    def test_an_email_that_is_there_twice_is_found(self):
        ticket = self.receive(self.email(To="help@care.example, helpb@care.example"))
        self.assertEqual(len(ticket), 2)
        self.assertFalse(self.broken())
        message = self.sent(ticket[0])
        message.copy().message_id = message.message_id
        self.assertEqual(self.broken(), {"emails_are_messages"})

    def test_what_is_deleted_with_its_ticket_is_no_violation(self):
        self.receive(self.email()).unlink()
        self.assertFalse(self.broken())
