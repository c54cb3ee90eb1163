"""An activity that is done with a customer is an interaction, once, where chosen."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .common_interaction import InteractionCase


@tagged("post_install", "-at_install")
class TestActivity(InteractionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call = cls.env.ref("mail.mail_activity_data_call")
        cls.visit = cls.env.ref("mail.mail_activity_data_meeting")
        cls.to_do = cls.env.ref("mail.mail_activity_data_todo")
        cls.company_a.interaction_activity_type_ids = cls.call | cls.visit

    def activity(self, document=None, kind=None, role="agent", **values):
        document = self.jan if document is None else document
        return self.env["mail.activity"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id(document._name),
                "res_id": document.id,
                "activity_type_id": (kind or self.call).id,
                "user_id": self.users[role].id,
                **values,
            }
        )

    def do(self, activity, feedback=False, role="agent"):
        activity.with_env(self.env_as(role)).sudo().action_feedback(feedback)
        return self.interactions()

    def test_call_that_is_done(self):
        before = fields.Datetime.now()
        activity = self.activity(summary="Autumn assortment")
        self.assertFalse(self.interactions(), "it did not take place yet")
        talk = self.do(activity, "Wants steel pans\n& lids")
        self.assertEqual(len(talk), 1)
        self.assertEqual(
            (talk.subject, talk.channel, talk.direction, talk.partner_id),
            ("Autumn assortment", "phone", "out", self.jan),
        )
        self.assertEqual(talk.user_id, self.users["agent"])
        self.assertEqual(talk.company_id, self.company_a)
        self.assertGreaterEqual(talk.date, before.replace(microsecond=0))
        self.assertIn("Wants steel pans", talk.said)
        self.assertIn("&amp; lids", talk.said)
        action = talk.with_env(self.env_as("agent")).action_open_origin()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("res.partner", self.jan.id)
        )

    def test_visit_on_an_order(self):
        order = self.order(self.jan, 10)
        talk = self.do(self.activity(order, self.visit))
        self.assertEqual((talk.channel, talk.order_id), ("visit", order))
        self.assertIn(order.name, talk.subject)

    def test_on_a_ticket(self):
        ticket = self.ticket(self.jan)
        talk = self.do(self.activity(ticket))
        self.assertEqual(talk.ticket_id, ticket)

    def test_types_that_were_not_chosen(self):
        self.do(self.activity(kind=self.to_do))
        self.call.interaction_channel = False
        self.do(self.activity())
        self.assertFalse(self.interactions())

    def test_each_company_chooses(self):
        self.do(self.activity(role="agent_b"), role="agent_b")
        self.assertFalse(self.interactions())
        self.company_b.interaction_activity_type_ids = self.call
        self.do(self.activity(role="agent_b"), role="agent_b")
        self.do(self.activity(kind=self.visit, role="agent_b"), role="agent_b")
        self.assertEqual(self.interactions().company_id, self.company_b)
        self.assertEqual(len(self.interactions()), 1)

    def test_none_with_ourselves(self):
        ours = self.users["other_agent"].partner_id
        self.do(self.activity(ours))
        self.do(self.activity(self.company_a.partner_id))
        free = self.env["mail.activity"].create(
            {"activity_type_id": self.call.id, "user_id": self.users["agent"].id}
        )
        self.do(free)
        self.assertFalse(self.interactions())

    def test_cancelled_activity(self):
        activity = self.activity()
        activity.action_cancel()
        self.assertFalse(self.interactions())

    def test_done_taken_up_again_and_done_once_more(self):
        activity = self.activity()
        self.do(activity, "Nobody there")
        activity.active = True
        self.assertFalse(self.interactions(), "it did not take place")
        talk = self.do(activity, "Now she was")
        self.assertEqual(len(talk), 1)
        self.assertIn("Now she was", talk.said)

    def test_words_of_a_person_stay(self):
        activity = self.activity(self.ticket(self.jan))
        talk = self.do(activity, "Short")
        activity.feedback = "Longer"
        self.assertIn("Longer", talk.said)
        talk.said = "<p>What she really said</p>"
        activity.feedback = "Longest"
        self.assertIn("really said", talk.said)
        activity.active = True
        self.assertTrue(talk.exists(), "somebody added to it")
        self.do(activity)
        self.assertEqual(self.interactions(), talk)

    def test_undone_on_a_ticket_is_forgotten(self):
        activity = self.activity(self.ticket(self.jan))
        self.do(activity, "Short")
        activity.active = True
        self.assertFalse(self.interactions())

    def test_edited_and_copied_activity(self):
        activity = self.activity()
        self.do(activity)
        activity.write({"summary": "Another", "active": False})
        activity.copy()
        self.assertEqual(len(self.interactions()), 1)

    def test_deleted_document_keeps_the_interaction(self):
        order = self.order(self.jan, 10, confirm=False)
        talk = self.do(self.activity(order), "Wants steel")
        order.unlink()
        self.env.invalidate_all()
        self.assertIn("Wants steel", talk.said)
        self.assertFalse(talk.order_id)
        with self.assertRaisesRegex(Exception, "no more"):
            talk.action_open_origin()

    # -- activities that are meetings --------------------------------------------------

    def meeting_of(self, activity, people, **values):
        self.long_since()
        event = self.meeting(people, **values)
        activity.calendar_event_id = event
        return event

    def test_meeting_and_its_activity_are_one(self):
        activity = self.activity(kind=self.visit)
        self.meeting_of(activity, [self.jan])
        self.assertEqual(len(self.interactions()), 1)
        self.do(activity, "It went well")
        self.assertEqual(len(self.interactions()), 1)

    def test_activity_done_before_the_meeting_ended(self):
        activity = self.activity(kind=self.visit)
        event = self.meeting_of(activity, [self.jan], begin=1)
        talk = self.do(activity, "She rang instead")
        self.assertEqual(len(talk), 1)
        self.assertLessEqual(talk.date, fields.Datetime.now())
        start = fields.Datetime.now() - timedelta(hours=3)
        event.with_context(no_mail_to_attendees=True).write(
            {"start": start, "stop": start + timedelta(hours=1)}
        )
        self.env["dcrm.interaction"]._capture_meetings(event)
        self.assertEqual(self.interactions(), talk)

    def test_meeting_without_the_customer(self):
        activity = self.activity(kind=self.visit)
        self.meeting_of(activity, [])
        talk = self.do(activity, "Was there")
        self.assertEqual((len(talk), talk.partner_id), (1, self.jan))

    def test_private_meeting_stays_private(self):
        activity = self.activity(kind=self.visit)
        self.meeting_of(activity, [self.jan], privacy="private")
        self.assertFalse(self.do(activity, "Secret"))

    # -- what comes of what ------------------------------------------------------------

    def test_next_step_and_promise_that_are_calls(self):
        """An activity that an interaction made is a new interaction when it is done."""
        self.company_a.interaction_activity_type_ids |= self.to_do
        self.to_do.interaction_channel = "phone"
        talk = self.log(
            "agent",
            next_step="Call her",
            promise_ids=[Command.create({"name": "A price"})],
        )
        for activity in talk.activity_id | talk.promise_ids.activity_id:
            self.do(activity)
        self.assertEqual(len(self.interactions()), 3)
        self.assertEqual(talk.promise_ids.state, "kept")

    def test_many_at_once_cost_what_one_costs(self):
        """But for what each of them makes."""
        self.company_a.interaction_activity_type_ids = False
        activities = [self.activity() for _number in range(2)]
        costs = []
        for activity in activities:
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            activity.action_feedback()
            self.env.flush_all()
            costs.append(self.env.cr.sql_log_count - before)
        bare = costs[1]
        thread = self.env.registry["dcrm.interaction"]
        self.patch(thread, "_follow_activities", lambda self, *args: None)
        promises = self.env.registry["dcrm.interaction.promise"]
        self.patch(promises, "_follow_activities", lambda self, *args: None)
        activity = self.activity()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        activity.action_feedback()
        self.env.flush_all()
        self.assertLessEqual(bare - (self.env.cr.sql_log_count - before), 1)
