"""Two on one ticket: who is told, and what of."""

import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ServiceCase


@tagged("post_install", "-at_install")
class TestTicketPresence(ServiceCase):
    def setUp(self):
        super().setUp()
        self.work = self.ticket(self.partner("Bistro", email="bistro@example.com"))
        self.one = self.work.with_env(self.env_as("agent"))
        self.two = self.work.with_env(self.env_as("other_agent"))

    def told(self, role):
        """Return what the role's user was told since the last time, and forget it."""
        self.env.cr.precommit.run()
        partner = self.users[role].partner_id
        rows = self.env["bus.bus"].search([], order="id")
        told = [
            json.loads(row.message)
            for row in rows
            if json.loads(row.channel)[1:] == ["res.partner", partner.id]
        ]
        rows.unlink()
        return [
            (each["type"].rpartition("/")[2], each["payload"])
            for each in told
            if each["type"].startswith("dcrm.ticket/")
        ]

    def somebody(self, role, is_writing=False):
        user = self.users[role]
        return {"id": user.id, "name": user.name, "is_writing": is_writing}

    def test_they_see_each_other(self):
        self.assertEqual(self.one.note_presence(), [])
        self.assertEqual(self.two.note_presence(), [self.somebody("agent")])
        [(kind, payload)] = self.told("agent")
        self.assertEqual(kind, "presence")
        self.assertEqual(
            payload,
            {"ticket_id": self.work.id, "people": [self.somebody("other_agent")]},
        )
        # Who stays is no news.
        self.two.note_presence()
        self.assertEqual(self.told("agent"), [])
        self.two.note_presence(is_writing=True)
        [(_kind, payload)] = self.told("agent")
        self.assertEqual(payload["people"], [self.somebody("other_agent", True)])
        self.two.note_absence()
        [(_kind, payload)] = self.told("agent")
        self.assertEqual(payload["people"], [])

    def test_who_is_silent_has_gone(self):
        self.one.note_presence()
        presence = self.work._presences()
        presence.seen_at = fields.Datetime.now() - timedelta(minutes=2)
        self.env.flush_all()
        self.assertEqual(self.two.note_presence(), [])
        presence._gc_gone()
        self.assertEqual(presence.exists(), presence.browse())
        self.assertEqual(self.work._presences().user_id, self.users["other_agent"])

    def test_another_ticket_is_another_matter(self):
        other = self.ticket(self.partner())
        self.one.note_presence()
        self.assertEqual(other.with_env(self.two.env).note_presence(), [])

    def test_only_who_may_read_it(self):
        for role in ("agent_b", "nobody", "seller", "portal"):
            ticket = self.work.with_env(self.env_as(role))
            for call in (
                ticket.note_presence,
                ticket.note_absence,
                lambda ticket=ticket: ticket.answered_since(0),
            ):
                with self.subTest(role), self.assertRaises(AccessError):
                    call()
        self.assertFalse(self.work._presences())

    def test_a_customer_who_reads_it_is_not_told(self):
        buyer = self.users["portal"]
        buyer.partner_id.parent_id = self.work.partner_id.commercial_partner_id
        self.work.partner_id = buyer.partner_id
        self.env.flush_all()
        ticket = self.work.with_env(self.env_as("portal"))
        self.assertTrue(ticket.has_access("read"))
        with self.assertRaises(AccessError):
            ticket.note_presence()

    def test_told_that_somebody_answered(self):
        self.one.note_presence()
        self.two.note_presence()
        self.told("agent")
        self.two.message_post(
            body="Here you are",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        [(kind, payload)] = self.told("agent")
        self.assertEqual(kind, "answered")
        self.assertEqual(
            payload,
            {
                "ticket_id": self.work.id,
                "name": self.users["other_agent"].name,
                "is_ours": True,
            },
        )
        self.two.message_post(body="A note", subtype_xmlid="mail.mt_note")
        self.assertEqual(self.told("agent"), [])
        self.assertEqual(self.told("other_agent"), [])

    def test_what_was_answered_since(self):
        said = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment"}
        self.one.message_post(body="Mine", **said)
        seen = max(self.work.message_ids.ids)
        self.assertEqual(self.one.answered_since(seen), [])
        self.two.message_post(body="It is on its way", **said)
        self.two.message_post(body="A note", subtype_xmlid="mail.mt_note")
        self.work.message_post(
            body="Thanks",
            author_id=self.work.partner_id.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        [answer] = self.one.answered_since(seen)
        self.assertEqual(answer["author"], self.users["other_agent"].name)
        self.assertIn("It is on its way", answer["text"])
        self.assertEqual(self.two.answered_since(seen), [])
