"""What customers do with their tickets: follow, open again, rate; and nobody else."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_portal import PortalCase


@tagged("post_install", "-at_install")
class TestPortalAct(PortalCase):
    def act(self, name, ticket=None, **data):
        page = self.post(f"/my/tickets/{(ticket or self.ours).id}/{name}", **data)
        self.env.invalidate_all()
        return page

    # -- following ---------------------------------------------------------------------

    def test_follow_and_unfollow(self):
        partner = self.users["colleague"].partner_id
        self.login("colleague")
        page = self.act("follow", follow="1")
        self.assertIn(partner, self.ours.message_partner_ids)
        self.assertIn("No more e-mails", page.text)
        page = self.act("follow", follow="0")
        self.assertNotIn(partner, self.ours.message_partner_ids)
        self.assertIn("Answers by e-mail", page.text)

    def test_nobody_makes_others_follow(self):
        self.login("buyer")
        stranger = self.users["stranger"].partner_id
        self.act("follow", follow="1", partner_ids=stranger.id, partner_id=stranger.id)
        self.assertEqual(self.ours.message_partner_ids, self.buyer)

    # -- opening again -----------------------------------------------------------------

    def test_open_again_with_words(self):
        self.ours.stage_id = self.stage_solved
        self.env.flush_all()
        self.login("colleague")
        self.assertIn("Open it again", self.get(f"/my/tickets/{self.ours.id}").text)
        page = self.act("reopen", text="It <b>leaks</b> still")
        self.assertFalse(self.ours.is_closed)
        said = self.ours.message_ids.filtered(lambda m: m.message_type == "comment")
        self.assertIn("&lt;b&gt;leaks", said[:1].body)
        self.assertEqual(said[:1].author_id, self.users["colleague"].partner_id)
        self.assertNotIn("Open it again", page.text)

    def test_open_again_without_words(self):
        self.ours.stage_id = self.stage_solved
        self.env.flush_all()
        self.login("buyer")
        self.act("reopen")
        self.assertFalse(self.ours.is_closed)

    def test_what_is_open_stays_as_it_is(self):
        self.login("buyer")
        count = len(self.ours.message_ids)
        self.act("reopen", text="Hello?")
        self.assertEqual(len(self.ours.message_ids), count)

    def test_what_was_closed_long_ago_goes_on_in_another(self):
        self.team_a.reopen_within_days = 7
        self.ours.stage_id = self.stage_solved
        long_ago = fields.Datetime.now() - timedelta(days=8)
        self.ours.write({"opened_at": long_ago, "closed_at": long_ago})
        self.env.flush_all()
        self.login("buyer")
        page = self.act("reopen", text="Again")
        self.assertTrue(self.ours.is_closed)
        following = self.ours.continued_in_id
        self.assertTrue(following)
        self.assertTrue(page.url.endswith(f"/my/tickets/{following.id}"))

    # -- rating ------------------------------------------------------------------------

    def test_rate_and_rate_again(self):
        self.ours.user_id = self.users["agent"]
        self.ours.stage_id = self.stage_solved
        self.env.flush_all()
        self.login("colleague")
        self.assertIn("How was it?", self.get(f"/my/tickets/{self.ours.id}").text)
        self.act("rate", rate="5", feedback="Fine <script>")
        rating = self.ours.rating_ids
        self.assertEqual((rating.rating, rating.feedback), (5, "Fine <script>"))
        self.assertEqual(rating.partner_id, self.users["colleague"].partner_id)
        self.assertEqual(rating.rated_partner_id, self.users["agent"].partner_id)
        self.assertEqual(rating.parent_res_id, self.team_a.id)
        self.act("rate", rate="3", feedback="x" * 5000)
        self.assertEqual(rating.feedback, "x" * 2000)
        page = self.act("rate", rate="1", feedback="No")
        self.assertEqual(self.ours.rating_ids.mapped("rating"), [1])
        self.assertIn("what you said", page.text)
        self.assertTrue(self.ours.is_closed, "who says how it was asks nothing")

    def test_each_person_rates_for_themselves(self):
        self.ours.stage_id = self.stage_solved
        self.env.flush_all()
        for role, rate in (("buyer", 5), ("colleague", 1)):
            self.login(role)
            self.act("rate", rate=str(rate))
        self.assertEqual(sorted(self.ours.rating_ids.mapped("rating")), [1, 5])

    def test_rates_that_are_none(self):
        self.login("buyer")
        self.act("rate", rate="5")
        self.assertFalse(self.ours.rating_ids, "it is open")
        self.ours.stage_id = self.stage_solved
        self.env.flush_all()
        for rate in ("", "0", "2", "-5", "6", "1e308", "nan", "5.0", "٥", "x"):
            with self.subTest(rate):
                self.act("rate", rate=rate)
                self.assertFalse(self.ours.rating_ids)
        ticket = self.ours.with_env(self.env_as("buyer"))
        with self.assertRaises(UserError):
            ticket._rate_in_portal(4, "")

    def test_no_rate_by_a_message(self):
        self.ours.stage_id = self.stage_solved
        self.env.flush_all()
        self.login("buyer")
        self.url_open(
            "/mail/message/post",
            json={
                "params": {
                    "thread_model": "dcrm.ticket",
                    "thread_id": self.ours.id,
                    "post_data": {"body": "Hi", "rating_value": 5},
                }
            },
        )
        self.env.invalidate_all()
        self.assertFalse(self.ours.rating_ids)

    # -- merged ------------------------------------------------------------------------

    def test_a_merged_ticket_leads_to_the_one_that_lives(self):
        gone = self.ticket(self.buyer, name="The same lid")
        gone._merge_into(self.ours)
        token = gone._portal_ensure_token()
        self.env.flush_all()
        self.login("buyer")
        page = self.get(f"/my/tickets/{gone.id}")
        self.assertTrue(page.url.endswith(f"/my/tickets/{self.ours.id}"))
        self.act("close", gone)
        self.assertTrue(self.ours.is_closed)
        self.login("public")
        page = self.get(f"/my/tickets/{gone.id}?access_token={token}")
        self.assertIn(self.ours.name, page.text)
        self.login("stranger")
        self.assertNotIn(self.ours.name, self.get(f"/my/tickets/{gone.id}").text)

    def test_merged_into_anothers_ticket_nothing_of_it_is_shown(self):
        gone = self.ticket(self.buyer, name="The same lid")
        gone._merge_into(self.theirs, across_customers=True)
        token = gone._portal_ensure_token()
        self.env.flush_all()
        before = self.digest()
        for role in ("buyer", "public"):
            self.login(role)
            for url in ("", f"?access_token={token}"):
                page = self.get(f"/my/tickets/{gone.id}{url}")
                self.assertNotIn("Theirs", page.text)
            self.act("close", gone)
            self.act("follow", gone, follow="1")
        self.assertEqual(self.digest(), before)

    def test_merged_tickets_of_nobody_known_stay_apart(self):
        """Two who wrote, and are no customers, are not the same for that."""
        gone, living = (
            self.env["dcrm.ticket"].create(
                {"name": name, "team_id": self.ours.team_id.id, "partner_id": False}
            )
            for name in ("One stranger's", "Another stranger's")
        )
        gone._merge_into(living, across_customers=True)
        token = gone._portal_ensure_token()
        self.env.flush_all()
        self.login("public")
        page = self.get(f"/my/tickets/{gone.id}?access_token={token}")
        self.assertNotIn("Another stranger", page.text)

    # -- by no other way ---------------------------------------------------------------

    def test_the_methods_check_who_calls(self):
        self.theirs.stage_id = self.stage_solved
        ticket = self.theirs.with_env(self.env_as("buyer"))
        for call in (
            lambda: ticket._close_in_portal(),
            lambda: ticket._reopen_in_portal("x"),
            lambda: ticket._follow_in_portal(True),
            lambda: ticket._rate_in_portal(5, ""),
        ):
            with self.assertRaises(AccessError):
                call()
