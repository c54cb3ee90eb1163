from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from .common_interaction import InteractionCase


@tagged("post_install", "-at_install")
class TestInteraction(InteractionCase):
    """What is logged by hand, and what must not be."""

    def test_logged_with_few_words(self):
        before = fields.Datetime.now()
        talk = self.log("nobody", subject="Autumn assortment")
        self.assertEqual(talk.user_id, self.users["nobody"])
        self.assertEqual(talk.company_id, self.company_a)
        self.assertEqual(talk.commercial_partner_id, self.bistro)
        self.assertGreaterEqual(talk.date, before)
        self.assertFalse(talk.origin_key)

    def test_dialog_knows_the_customer(self):
        action = self.jan.with_env(self.env_as("nobody")).action_log_interaction()
        dialog = Form(
            self.env_as("nobody")["dcrm.interaction"].with_context(**action["context"]),
            view="dcrm_service.dcrm_interaction_view_form_log",
        )
        dialog.subject = "A call"
        dialog.contact_ids.add(self.mia)
        talk = dialog.save()
        self.assertEqual((talk.partner_id, talk.contact_ids), (self.jan, self.mia))

    def test_people_of_another_customer_are_dropped(self):
        dialog = Form(
            self.env["dcrm.interaction"].with_context(default_partner_id=self.jan.id)
        )
        dialog.subject = "A call"
        dialog.contact_ids.add(self.mia)
        dialog.partner_id = self.leo
        self.assertFalse(dialog.save().contact_ids)

    def test_future_is_refused_in_words(self):
        later = fields.Datetime.now() + timedelta(hours=1)
        with self.assertRaisesRegex(ValidationError, "“Tomorrow” is in the future"):
            self.log(subject="Tomorrow", date=later)
        talk = self.log()
        with self.assertRaisesRegex(ValidationError, "Plan a meeting"):
            talk.date = later

    def test_clocks_may_differ_a_little(self):
        talk = self.log(date=fields.Datetime.now() + timedelta(minutes=2))
        self.assertTrue(talk)

    def test_takes_no_negative_time(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.log(duration=-1)
            self.env.flush_all()

    def test_partner_of_another_company_is_refused(self):
        theirs = self.partner(company_id=self.company_b.id)
        with self.assertRaises(UserError):
            self.log(partner=theirs)

    def test_colleague_of_another_company_is_refused(self):
        with self.assertRaises(UserError):
            self.log(user_ids=[Command.link(self.users["agent_b"].id)])

    def test_customer_is_the_contact_s_whatever_is_said(self):
        talk, other = self.log("service_manager"), self.partner("Somebody else")
        with self.assertRaises(AccessError):
            talk.write({"commercial_partner_id": other.id})
        with self.assertRaises(AccessError):
            self.log("service_manager", commercial_partner_id=other.id)
        self.assertEqual(
            talk.commercial_partner_id, talk.partner_id.commercial_partner_id
        )

    def test_origin_is_not_for_people_to_say(self):
        talk = self.log("service_manager")
        forged = {
            "origin_key": "calendar.event,1",
            "res_model": "mail.message",
            "res_id": 1,
            "activity_id": 1,
        }
        for name, value in forged.items():
            with self.subTest(name):
                with self.assertRaises(AccessError):
                    talk.write({name: value})
                with self.assertRaises(AccessError):
                    self.log("service_manager", **{name: value})
                context = {f"default_{name}": value}
                talks = self.env_as("nobody")["dcrm.interaction"]
                another = talks.with_context(**context).create(
                    {"subject": "A call", "partner_id": self.jan.id}
                )
                self.assertFalse(another[name])


@tagged("post_install", "-at_install")
class TestNextStep(InteractionCase):
    """The next step is one activity on the customer."""

    def steps(self, partner=None):
        return (
            self.env["mail.activity"]
            .with_context(active_test=False)
            .search(
                [
                    ("res_model", "=", "res.partner"),
                    ("res_id", "=", (partner or self.bistro).id),
                ]
            )
        )

    def test_one_activity_for_who_logged_it(self):
        day = self.today() + timedelta(3)
        talk = self.log("nobody", next_step="Send samples", next_step_date=day)
        step = self.steps()
        self.assertEqual(step.summary, "Send samples")
        self.assertEqual(step.date_deadline, day)
        self.assertEqual(step.user_id, self.users["nobody"])
        self.assertEqual(talk.activity_id, step)

    def test_without_a_day_it_has_the_days_of_a_to_do(self):
        talk = self.log(next_step="Send samples")
        todo = self.env.ref("mail.mail_activity_data_todo")
        with_zone = todo.with_context(tz=self.users["agent"].tz)
        self.assertEqual(talk.next_step_date, with_zone._get_date_deadline())
        self.assertEqual(self.steps().date_deadline, talk.next_step_date)
        self.assertEqual(len(self.steps()), 1)

    def test_no_step_no_activity(self):
        self.log()
        self.log(next_step_date=self.today())
        self.assertFalse(self.steps())

    def test_changed_step_changes_the_activity(self):
        talk = self.log(next_step="Send samples")
        step = self.steps()
        day = self.today() + timedelta(9)
        talk.write({"next_step": "Bring samples", "next_step_date": day})
        talk.user_id = self.users["other_agent"]
        talk.subject = "Samples"
        self.assertEqual(self.steps(), step)
        self.assertEqual((step.summary, step.date_deadline), ("Bring samples", day))
        self.assertEqual(step.user_id, self.users["other_agent"])
        talk.next_step = False
        self.assertFalse(self.steps())

    def test_step_that_is_done_stays_done(self):
        talk = self.log(next_step="Send samples")
        step = self.steps()
        step.with_env(self.env_as("agent")).action_feedback("Sent")
        talk.write({"user_id": self.users["other_agent"].id, "learned": "Likes steel"})
        self.assertEqual(self.steps(), step)
        self.assertEqual(talk.next_step_state, "done")
        talk.next_step = "Ask how they liked them"
        self.assertEqual(len(self.steps()), 2)
        self.assertEqual(talk.activity_id, self.steps() - step)

    def test_step_that_was_deleted(self):
        talk = self.log(next_step="Send samples")
        self.steps().unlink()
        talk.invalidate_recordset()
        talk.user_id = self.users["other_agent"]
        self.assertFalse(self.steps())
        self.assertTrue(talk.exists())

    def test_type_of_activity_may_be_gone(self):
        self.env.ref("mail.mail_activity_data_todo").active = False
        self.log(next_step="Send samples")
        self.assertEqual(len(self.steps()), 1)


@tagged("post_install", "-at_install")
class TestTicketOfInteraction(InteractionCase):
    def test_ticket_is_made_once(self):
        talk = self.log("agent", subject="Lid broke", said="<p>It fell.</p>")
        action = talk.action_create_ticket()
        ticket = talk.ticket_id
        self.assertEqual(action["res_id"], ticket.id)
        self.assertEqual(
            (ticket.name, ticket.partner_id, ticket.channel, ticket.company_id),
            ("Lid broke", self.jan, "phone", self.company_a),
        )
        self.assertIn("It fell.", ticket.description)
        self.assertEqual(talk.action_create_ticket()["res_id"], ticket.id)
        self.assertEqual(
            self.env["dcrm.ticket"].search_count(
                [("commercial_partner_id", "=", self.bistro.id)]
            ),
            1,
        )

    def test_only_agents_make_tickets(self):
        talk = self.log("nobody")
        with self.assertRaises(AccessError):
            talk.action_create_ticket()
        self.assertFalse(talk.sudo().ticket_id)
        with self.assertRaises(AccessError):
            talk.with_env(self.env_as("portal")).action_create_ticket()

    def test_ticket_belongs_to_the_interactions_company(self):
        talk = self.env_as("agent_ab", self.company_b, self.company_a)[
            "dcrm.interaction"
        ].create({"subject": "Lid", "partner_id": self.jan.id})
        self.assertEqual(talk.company_id, self.company_b)
        elsewhere = talk.with_env(
            self.env_as("agent_ab", self.company_a, self.company_b)
        )
        elsewhere.action_create_ticket()
        self.assertEqual(talk.ticket_id.company_id, self.company_b)


@tagged("post_install", "-at_install")
class TestCustomerOfInteraction(InteractionCase):
    """The customer is whom the contact spoke for at the time."""

    def test_contact_who_changes_companies(self):
        talk = self.log(partner=self.jan)
        self.jan.parent_id = self.hotel
        self.env.flush_all()
        self.assertEqual(talk.commercial_partner_id, self.bistro)
        self.assertEqual(self.log(partner=self.jan).commercial_partner_id, self.hotel)

    def test_person_who_becomes_a_contact(self):
        person = self.partner("Person")
        talk = self.log(partner=person)
        person.parent_id = self.bistro
        self.env.flush_all()
        self.assertEqual(talk.commercial_partner_id, self.bistro)
        self.assertEqual(self.bistro.interaction_count, 1)

    def test_person_and_company_on_one_email(self):
        person = self.partner("Person", email="person@bistro.example")
        self.send("agent", self.bistro, [person, self.jan])
        person.parent_id = self.bistro
        talk = self.interactions()
        self.assertEqual(len(talk), 1)
        self.assertEqual(talk.commercial_partner_id, self.bistro)
        self.assertEqual(talk.partner_id | talk.contact_ids, person | self.jan)

    def test_contact_is_deleted(self):
        talk = self.log(partner=self.jan)
        self.jan.unlink()
        self.assertEqual(talk.partner_id, self.bistro)

    def test_customer_is_deleted(self):
        talk = self.log(partner=self.hotel)
        self.leo.unlink()
        self.hotel.unlink()
        self.assertFalse(talk.exists())

    def test_date_is_of_its_company(self):
        """Days of silence are the company's: late there is tomorrow here."""
        with freeze_time("2026-03-10 11:30:00"):
            talk = self.log(date="2026-03-09 10:30:00")
            self.assertTrue(talk)
            self.env.invalidate_all()
            in_brussels = self.jan.with_company(self.company_a)
            in_auckland = self.jan.with_company(self.company_b)
            self.assertEqual(in_brussels.silent_days, 1)  # the 9th and the 10th
            self.assertEqual(in_auckland.silent_days, 2)  # the 9th and the 11th
