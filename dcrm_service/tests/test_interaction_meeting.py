from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time, tagged

from ..models import dcrm_interaction_meeting
from .common_interaction import InteractionCase


@tagged("post_install", "-at_install")
class TestMeeting(InteractionCase):
    """A meeting held with a customer is an interaction, once it is over."""

    def setUp(self):
        super().setUp()
        self.long_since()

    def run_cron(self):
        self.env.flush_all()
        cron = self.env.ref("dcrm_service.ir_cron_capture_meetings")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def after(self, hours):
        return freeze_time(fields.Datetime.now() + timedelta(hours=hours))

    def test_meeting_to_come(self):
        meeting = self.meeting([self.jan, self.mia], begin=1, hours=2)
        self.run_cron()
        self.assertFalse(self.interactions())
        with self.after(2):
            self.run_cron()
            self.assertFalse(self.interactions(), "not over yet")
        with self.after(4):
            self.run_cron()
            self.run_cron()
        talk = self.interactions()
        self.assertEqual(len(talk), 1)
        self.assertEqual(
            (talk.subject, talk.date, talk.duration, talk.channel, talk.direction),
            ("Tasting", meeting.start, 120, "visit", "out"),
        )
        self.assertEqual(talk.partner_id | talk.contact_ids, self.jan | self.mia)
        self.assertEqual(talk.user_id, self.users["agent"])
        self.assertEqual(talk.company_id, self.company_a)
        self.assertEqual((talk.res_model, talk.res_id), ("calendar.event", meeting.id))
        action = talk.with_env(self.env_as("agent")).action_open_origin()
        self.assertEqual(action["res_id"], meeting.id)

    def test_meeting_written_down_afterwards(self):
        self.meeting([self.jan])
        self.assertEqual(len(self.interactions()), 1)
        self.run_cron()
        self.assertEqual(len(self.interactions()), 1)

    def test_several_customers(self):
        colleague = self.users["other_agent"]
        self.meeting([self.jan, self.leo, colleague.partner_id])
        talks = self.interactions()
        self.assertEqual(talks.commercial_partner_id, self.bistro | self.hotel)
        self.assertEqual(len(talks), 2)
        self.assertEqual(talks.user_ids, colleague)

    def test_what_is_no_meeting_with_a_customer(self):
        self.meeting([])
        self.meeting([self.users["other_agent"].partner_id])
        self.meeting([self.jan], active=False)
        self.assertFalse(self.interactions())

    def test_private_meetings_stay_private(self):
        self.meeting([self.jan], privacy="private")
        agent = self.users["agent"]
        agent.with_user(agent).calendar_default_privacy = "private"
        self.meeting([self.jan])
        self.run_cron()
        self.assertFalse(self.interactions())
        self.meeting([self.jan], privacy="public")
        self.assertEqual(len(self.interactions()), 1)

    def test_customer_who_declined(self):
        meeting = self.meeting([self.jan, self.leo], begin=1)
        meeting.attendee_ids.filtered(
            lambda attendee: attendee.partner_id == self.jan
        ).do_decline()
        with self.after(3):
            self.run_cron()
        self.assertEqual(self.interactions().commercial_partner_id, self.hotel)

    def test_meetings_from_before_capturing(self):
        self.company_a.interaction_capture = False
        self.company_a.interaction_capture = True
        self.meeting([self.jan])
        self.run_cron()
        self.assertFalse(self.interactions())

    def test_each_company_decides(self):
        self.meeting([self.jan], role="agent_b")
        self.assertFalse(self.interactions())
        order = self.order(self.jan, 10)
        self.meeting(
            [self.jan],
            role="agent_ab",
            res_model_id=self.env["ir.model"]._get_id("sale.order"),
            res_id=order.id,
        )
        self.assertEqual(self.interactions().company_id, self.company_a)

    def test_corrected_meeting(self):
        meeting = self.meeting([self.jan])
        earlier = meeting.start - timedelta(hours=3)
        meeting.write(
            {"start": earlier, "stop": earlier + timedelta(minutes=90), "name": "Tour"}
        )
        talk = self.interactions()
        self.assertEqual((talk.date, talk.duration), (earlier, 90))
        self.assertEqual(talk.subject, "Tour")

    def test_what_a_person_wrote_stays(self):
        meeting = self.meeting([self.jan])
        talk = self.interactions()
        talk.write({"subject": "Steel pans", "learned": "Opens a second shop"})
        meeting.write({"start": meeting.start - timedelta(hours=1)})
        self.assertEqual(talk.subject, "Steel pans")
        meeting.unlink()
        self.assertEqual(talk.learned, "Opens a second shop")

    def test_meeting_that_did_not_take_place(self):
        for undo in (
            lambda meeting: meeting.unlink(),
            lambda meeting: meeting.action_archive(),
            lambda meeting: meeting.write(
                {
                    "start": meeting.start + timedelta(days=9),
                    "stop": meeting.stop + timedelta(days=9),
                }
            ),
            lambda meeting: meeting.write(
                {"partner_ids": [(3, self.jan.id)]},
            ),
        ):
            meeting = self.meeting([self.jan])
            self.assertEqual(len(self.interactions()), 1)
            undo(meeting.with_context(no_mail_to_attendees=True))
            self.assertFalse(self.interactions())

    def test_archived_interaction_does_not_come_back(self):
        meeting = self.meeting([self.jan])
        self.interactions().action_archive()
        self.run_cron()
        meeting.write({"start": meeting.start - timedelta(hours=1)})
        self.assertFalse(self.interactions().active)
        self.assertEqual(len(self.interactions()), 1)

    def test_each_time_of_a_recurring_meeting(self):
        meeting = self.meeting(
            [self.jan],
            begin=-50,
            recurrency=True,
            rrule_type="daily",
            end_type="count",
            count=5,
            event_tz="UTC",
        )
        self.assertEqual(len(meeting.recurrence_id.calendar_event_ids), 5)
        self.run_cron()
        self.assertEqual(len(self.interactions()), 3)
        with self.after(24):
            self.run_cron()
        self.assertEqual(len(self.interactions()), 4)

    def test_web_meeting(self):
        self.meeting([self.jan], videocall_location="https://talk.example/x")
        self.assertEqual(self.interactions().channel, "web")

    def test_many_meetings_in_batches(self):
        self.company_a.interaction_capture = False
        for number in range(5):
            self.meeting([self.jan], begin=-4 - number)
        self.company_a.interaction_capture = True
        self.long_since()
        self.patch(dcrm_interaction_meeting, "BATCH", 2)
        self.run_cron()
        self.assertEqual(len(self.interactions()), 5)
