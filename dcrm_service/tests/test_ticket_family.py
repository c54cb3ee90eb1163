"""A problem that many have, and what is part of it."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common_interaction import InteractionCase


@tagged("post_install", "-at_install")
class TestTicketFamily(InteractionCase):
    def setUp(self):
        super().setUp()
        self.outage = self.ticket(self.jan, name="The line is down")
        self.mine, self.theirs = (
            self.ticket(person, name="No line", parent_id=self.outage.id)
            for person in (self.mia, self.leo)
        )
        self.env.flush_all()
        self.as_agent = self.outage.with_env(self.env_as("agent"))

    def close(self, **values):
        wizard = self.as_agent.env["dcrm.ticket.close"].create(
            {"ticket_id": self.outage.id, **values}
        )
        wizard.action_apply()
        self.env.invalidate_all()

    def test_counters(self):
        self.assertEqual(self.outage.child_count, 2)
        self.assertEqual(self.outage.open_child_count, 2)
        self.mine.stage_id = self.stage_solved
        self.env.invalidate_all()
        self.assertEqual(self.outage.child_count, 2)
        self.assertEqual(self.outage.open_child_count, 1)
        domain = self.as_agent.action_open_parts()["domain"]
        found = self.env["dcrm.ticket"].search(domain)
        self.assertEqual(found, self.mine | self.theirs)

    def test_it_is_not_closed_before_its_parts(self):
        with self.assertRaises(UserError) as caught:
            self.as_agent.action_close()
        self.assertIn(self.theirs.number, str(caught.exception))
        with self.assertRaises(UserError):
            self.as_agent.stage_id = self.stage_solved
        (self.mine | self.theirs).stage_id = self.stage_solved
        self.as_agent.action_close()
        self.assertTrue(self.outage.closed_at)

    def test_closed_in_one_go_with_its_parts(self):
        family = self.as_agent | (self.mine | self.theirs).with_env(self.as_agent.env)
        family.action_close()
        self.assertTrue(all(ticket.closed_at for ticket in family))

    def test_the_customers_word_closes_it(self):
        self.outage._close_in_portal()
        self.assertTrue(self.outage.closed_at)

    def test_parts_are_answered_and_closed_together(self):
        self.close(answer="<p>It works again.</p>")
        for part in self.mine | self.theirs:
            self.assertTrue(part.closed_at)
            [said] = part.message_ids.filtered(
                lambda message: message.message_type == "comment"
            )
            self.assertEqual(said.preview, "It works again.")
            self.assertIn(part.partner_id, said.notified_partner_ids)
            self.assertTrue(part.first_response_at)
        self.assertTrue(self.outage.closed_at)
        self.assertNoViolations()

    def test_confirmed_it_is_closed_alone(self):
        self.close(closes_parts=False)
        self.assertTrue(self.outage.closed_at)
        self.assertFalse(self.mine.closed_at or self.theirs.closed_at)

    def test_parts_are_answered_only(self):
        self.close(
            answer="<p>We look.</p>",
            closes_parts=False,
            closes_ticket=False,
            part_ids=self.mine.ids,
        )
        self.assertFalse(self.outage.closed_at or self.mine.closed_at)
        self.assertTrue(self.mine.first_response_at)
        self.assertFalse(self.theirs.first_response_at)

    def test_a_stranger_is_answered_as_well(self):
        stranger = self.ticket(
            email_from="who@elsewhere.example", parent_id=self.outage.id
        )
        self.close(answer="<p>It works again.</p>", part_ids=stranger.ids)
        [said] = stranger.message_ids.filtered(
            lambda message: message.message_type == "comment"
        )
        self.assertEqual(said.outgoing_email_to, "who@elsewhere.example")

    def test_no_circles_and_no_other_company(self):
        with self.assertRaises(ValidationError):
            self.outage.parent_id = self.mine
        far = self.ticket(self.jan, team=self.team_b)
        with self.assertRaises(UserError):
            far.parent_id = self.outage
            self.env.flush_all()

    def test_merged_its_parts_go_along(self):
        again = self.ticket(self.jan, name="Down again")
        self.outage._merge_into(again)
        self.assertEqual((self.mine | self.theirs).parent_id, again)
        with self.assertRaises(ValidationError):
            self.mine.parent_id = self.outage

    def test_merged_into_its_own_part(self):
        self.outage._merge_into(self.mine, across_customers=True)
        self.assertFalse(self.mine.parent_id)
        self.assertEqual(self.theirs.parent_id, self.mine)
        self.assertNoViolations()
