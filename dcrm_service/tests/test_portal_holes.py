"""Each class of holes that such portals have had, tried on ours."""

import csv
import io
import json
import zipfile
from itertools import product

from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_portal import MARK, PortalCase

PAGES = ("", "/close", "/reopen", "/follow", "/rate")
SENT = {"follow": "1", "rate": "5", "text": "x", "feedback": "x"}
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0")


@tagged("post_install", "-at_install")
class TestPortalHoles(PortalCase):
    # -- each route, each role, each method --------------------------------------------

    def test_no_route_touches_anothers_ticket(self):
        self.theirs.stage_id = self.stage_solved
        self.theirs.message_post(body=MARK, attachments=[("a.txt", MARK.encode())])
        self.env.flush_all()
        before = self.digest()
        token = self.ours._portal_ensure_token()
        self.env.flush_all()
        for role in ("public", "portal", "buyer", "nobody", "agent_b"):
            self.login(role)
            for page, extra in product(
                PAGES, ("", f"?access_token={token}", "?access_token=")
            ):
                url = f"/my/tickets/{self.theirs.id}{page}{extra}"
                with self.subTest(role=role, url=url):
                    for answer in (self.get(url), self.post(url, **SENT)):
                        self.assertNotIn(MARK, answer.text)
        self.assertEqual(self.digest(), before)

    def test_no_look_changes_anything(self):
        for stage in (self.stage_new, self.stage_solved):
            self.ours.stage_id = stage
            self.env.flush_all()
            before = self.digest()
            for role in ("public", "buyer", "colleague", "agent"):
                self.login(role)
                for page in PAGES:
                    self.get(f"/my/tickets/{self.ours.id}{page}?rate=5&follow=1&text=x")
            self.assertEqual(self.digest(), before)

    def test_nothing_without_the_token_of_the_form(self):
        self.ours.stage_id = self.stage_solved
        self.env.flush_all()
        before = self.digest()
        self.login("buyer")
        with mute_logger("odoo.http"):
            for page in PAGES[1:]:
                for token in (None, "", "forged"):
                    data = {**SENT, **({"csrf_token": token} if token else {})}
                    url = f"/my/tickets/{self.ours.id}{page}"
                    self.assertEqual(self.url_open(url, data=data).status_code, 400)
        self.assertEqual(self.digest(), before)

    def test_the_link_reads_and_changes_nothing_but_by_writing(self):
        """Whoever has the link of an e-mail may read and answer, and no more."""
        token = self.ours._portal_ensure_token()
        self.ours.stage_id = self.stage_solved
        self.env.flush_all()
        before = self.digest()
        for role in ("public", "stranger"):
            self.login(role)
            url = f"/my/tickets/{self.ours.id}"
            page = self.get(f"{url}?access_token={token}")
            self.assertIn(self.ours.name, page.text)
            for action in PAGES[1:]:
                self.assertNotIn(f"{url}{action}", page.text)
                self.post(f"{url}{action}?access_token={token}", **SENT)
                self.post(f"{url}{action}", access_token=token, **SENT)
        self.assertEqual(self.digest(), before)

    def test_the_link_leads_to_no_note_of_ours(self):
        token = self.ours._portal_ensure_token()
        words = self.ours.message_post(
            body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        notes = self.ours.message_post(body="For us", subtype_xmlid="mail.mt_note")
        notes |= self.ours.message_post(
            body="For us", subtype_xmlid="mail.mt_comment", is_internal=True
        )
        for role in ("public", "buyer", "agent_b"):
            self.login(role)
            for message in notes | words:
                said = {"message_id": message.id, "content": "!", "action": "add"}
                self.url_open(
                    "/mail/message/reaction", json={"params": {**said, "token": token}}
                )
        self.env.invalidate_all()
        self.assertTrue(words.reaction_ids)
        self.assertFalse(notes.reaction_ids)
        as_buyer = self.env_as("buyer")["mail.message"]
        found = as_buyer.search([("id", "in", (notes | words).ids)])
        self.assertEqual(found.ids, words.ids)
        for note in notes:
            with self.assertRaises(AccessError):
                as_buyer.browse(note.id).read(["body"])

    def test_odd_addresses(self):
        before = self.digest()
        self.login("buyer")
        for number in ("0", "-1", "999999999", "2147483648", "1e3", "1;2", "x"):
            for page in PAGES:
                url = f"/my/tickets/{number}{page}"
                with self.subTest(url), mute_logger("odoo.http", "odoo.sql_db"):
                    for answer in (self.get(url), self.post(url, **SENT)):
                        self.assertNotIn("Traceback", answer.text)
                        self.assertLess(answer.status_code, 500)
        self.assertEqual(self.digest(), before)

    # -- mass assignment ---------------------------------------------------------------

    def test_no_field_is_set_by_a_form(self):
        """Post every field of the model: what is set is what the form asks for."""
        Ticket = self.env["dcrm.ticket"]
        forged = {
            name: str(self.theirs.id)
            for name, field in Ticket._fields.items()
            if name not in ("id",) and not field.type.startswith("binary")
        }
        self.login("buyer")
        before = self.ours.read(list(forged))[0]
        for page in PAGES[1:4]:
            self.post(f"/my/tickets/{self.ours.id}{page}", **{**forged, **SENT})
        self.env.invalidate_all()
        after = self.ours.read(list(forged))[0]
        allowed = {
            # What closing, opening again and following are.
            *("stage_id", "is_closed", "closed_at", "first_closed_at", "write_date"),
            *("last_closed_at", "reopened_count", "first_response_at", "sla_state"),
            *(
                "message_follower_ids",
                "message_partner_ids",
                "message_ids",
                "write_uid",
            ),
            *("website_message_ids", "has_message", "duration_tracking", "pause_ids"),
            *(
                "write_uid",
                "message_is_follower",
                "customer_waits_since",
                "date_last_stage_update",
            ),
            *("hours_to_answer", "hours_to_close"),
        }
        changed = {name for name in forged if before[name] != after[name]}
        self.assertLessEqual(changed, allowed)
        self.assertNotEqual(self.ours.name, forged["name"])
        opened = Ticket.search([])
        self.post("/my/tickets/new", **{**forged, "subject": "Mine", "text": "x"})
        self.env.invalidate_all()
        made = Ticket.search([]) - opened
        self.assertEqual(
            (made.name, made.partner_id, made.commercial_partner_id, made.company_id),
            ("Mine", self.buyer, self.alba, self.company_a),
        )
        self.assertEqual((made.team_id, made.priority), (self.team_a, "0"))
        self.assertFalse(made.description or made.user_id or made.closed_at)

    # -- messages, followers, files ----------------------------------------------------

    def call(self, url, **params):
        return self.url_open(url, json={"params": params}).text

    def test_messages_followers_and_files_of_others(self):
        self.theirs.message_post(
            body=MARK,
            subtype_xmlid="mail.mt_comment",
            message_type="comment",
            attachments=[("secret.txt", MARK.encode())],
        )
        self.theirs.message_subscribe(self.users["stranger"].partner_id.ids)
        message = self.theirs.message_ids[:1]
        file = message.attachment_ids
        token = self.theirs._portal_ensure_token()
        self.env.flush_all()
        thread = {"thread_model": "dcrm.ticket", "thread_id": self.theirs.id}
        with mute_logger("odoo.http"):
            for role in ("public", "portal", "buyer"):
                self.login(role)
                answers = [
                    self.call("/mail/chatter_fetch", **thread),
                    self.call("/mail/chatter_fetch", **thread, token="wrong"),
                    self.call("/mail/chatter_fetch", **thread, token=token[:-1]),
                    self.call("/portal/chatter_init", **thread),
                    self.call("/mail/thread/messages", **thread),
                    self.call("/mail/thread/recipients", **thread),
                    self.call("/mail/data", fetch_params=[["mail.thread", {**thread}]]),
                    str(self.rpc("message_get_followers", [self.theirs.id])),
                    str(self.rpc("read", [self.theirs.id], ["message_ids"])),
                    self.get(f"/web/content/{file.id}").text,
                    self.get(f"/web/content/{file.id}?access_token=wrong").text,
                    self.get(f"/mail/attachment/pdf_first_page/{file.id}").text,
                    self.get(f"/web/image/{file.id}").text,
                ]
                for answer in answers:
                    self.assertNotIn(MARK, answer)
                    self.assertNotIn("secret.txt", answer)
                    self.assertNotIn("stranger@example.com", answer)

    def test_nobody_takes_the_files_of_others_along(self):
        """Whoever writes names files by number: only their own go along."""
        self.theirs.message_post(body="x", attachments=[("s.txt", MARK.encode())])
        files = self.theirs.message_ids.attachment_ids
        files |= self.env["ir.attachment"].create(
            {
                "name": "orphan.txt",
                "raw": MARK.encode(),
                "res_model": "mail.compose.message",
            }
        )
        self.env.flush_all()
        self.login("buyer")
        with mute_logger("odoo.http"):
            for file in files:
                self.call(
                    "/mail/message/post",
                    thread_model="dcrm.ticket",
                    thread_id=self.ours.id,
                    post_data={
                        "body": "Hi",
                        "attachment_ids": file.ids,
                        "attachment_tokens": ["wrong"],
                    },
                )
                self.rpc(
                    "message_post", [self.ours.id], body="Hi", attachment_ids=file.ids
                )
        self.env.invalidate_all()
        self.assertFalse(self.ours.message_ids.attachment_ids)
        self.assertNotEqual(set(files.mapped("res_id")), {self.ours.id})

    def test_own_files_go_along(self):
        self.login("buyer")
        answer = self.url_open(
            "/mail/attachment/upload",
            data={
                "csrf_token": self.csrf(),
                "thread_id": self.ours.id,
                "thread_model": "dcrm.ticket",
                "is_pending": "true",
            },
            files={"ufile": ("crack.txt", b"here", "text/plain")},
        ).json()["data"]
        [file] = answer["store_data"]["ir.attachment"]
        self.call(
            "/mail/message/post",
            thread_model="dcrm.ticket",
            thread_id=self.ours.id,
            post_data={
                "body": "See",
                "subtype_xmlid": "mail.mt_comment",
                "attachment_ids": [file["id"]],
                "attachment_tokens": [file["ownership_token"]],
            },
        )
        self.env.invalidate_all()
        sent = self.ours.message_ids.attachment_ids
        self.assertEqual((sent.raw, sent.res_id), (b"here", self.ours.id))

    def test_nobody_uploads_to_anothers_ticket(self):
        count = self.env["ir.attachment"].search_count([])
        for role in ("public", "portal", "buyer"):
            self.login(role)
            with mute_logger("odoo.http"):
                self.url_open(
                    "/mail/attachment/upload",
                    data={
                        "csrf_token": self.csrf(),
                        "thread_id": self.theirs.id,
                        "thread_model": "dcrm.ticket",
                    },
                    files={"ufile": ("x.txt", b"x", "text/plain")},
                )
        self.assertEqual(self.env["ir.attachment"].search_count([]), count)

    def test_nobody_writes_to_whom_they_please(self):
        victim = self.partner(email="victim@elsewhere.example")
        self.login("buyer")
        before = self.env["mail.mail"].search([])
        self.call(
            "/mail/message/post",
            thread_model="dcrm.ticket",
            thread_id=self.ours.id,
            post_data={
                "body": "Spam",
                "subtype_xmlid": "mail.mt_comment",
                "partner_ids": victim.ids,
                "partner_emails": ["victim2@elsewhere.example"],
                "outgoing_email_to": "victim3@elsewhere.example",
                "email_from": "boss@ours.example",
                "author_id": self.users["agent"].partner_id.id,
            },
        )
        self.env.invalidate_all()
        said = self.ours.message_ids.filtered(lambda m: "Spam" in (m.body or ""))
        self.assertEqual(said.author_id, self.buyer)
        self.assertFalse(said.partner_ids or said.outgoing_email_to)
        for mail in self.env["mail.mail"].search([]) - before:
            self.assertNotIn("elsewhere.example", f"{mail.email_to}{mail.email_from}")

    def csrf(self):
        return http.Request.csrf_token(self)

    # -- away from here ----------------------------------------------------------------

    def test_no_way_leads_to_another_site(self):
        self.login("buyer")
        for extra in (
            "redirect=//evil.example",
            "url=https://evil.example",
            "next=//evil",
        ):
            for page in PAGES:
                url = f"/my/tickets/{self.theirs.id}{page}?{extra}"
                answer = self.post(url, redirect="//evil.example", **SENT)
                self.assertNotIn("evil", answer.url.partition("?")[0])
                for step in answer.history:
                    self.assertTrue(
                        step.headers["Location"].startswith(("/", self.base_url()))
                    )
                    self.assertFalse(step.headers["Location"].startswith("//"))

    # -- tables ------------------------------------------------------------------------

    def export(self, kind, tickets):
        data = {
            "model": "dcrm.ticket",
            "fields": [
                {"name": name, "label": name, "type": "char"}
                for name in ("number", "name", "partner_id/name")
            ],
            "ids": tickets.ids,
            "domain": [],
            "import_compat": False,
        }
        return self.url_open(
            f"/web/export/{kind}",
            data={"data": json.dumps(data), "csrf_token": self.csrf()},
        ).content

    def test_subjects_are_no_formulas_in_tables(self):
        self.login("buyer")
        for formula in FORMULAS:
            self.post("/my/tickets/new", subject=formula, text="x")
        self.env.invalidate_all()
        tickets = self.env["dcrm.ticket"].search([("name", "in", FORMULAS)])
        self.assertEqual(len(tickets), len(FORMULAS))
        agent = self.users["agent"]
        agent.group_ids |= self.env.ref("base.group_allow_export")
        self.env.flush_all()
        self.login("agent")
        table = list(csv.reader(io.StringIO(self.export("csv", tickets).decode())))
        self.assertEqual({row[1] for row in table[1:]}, {f"'{f}" for f in FORMULAS})
        with zipfile.ZipFile(io.BytesIO(self.export("xlsx", tickets))) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
            self.assertNotIn("<f>", sheet)
