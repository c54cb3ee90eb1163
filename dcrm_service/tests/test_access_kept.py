"""What the system says, nobody else says: by no call, no context, no table."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.models import MAGIC_COLUMNS
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.dcrm_analytics.tests.common_access import models_of

from ..models.dcrm_ticket import KEPT
from .common_interaction import InteractionCase

# Whoever has all rights of the addon, and no others.
STAFF = ("agent", "service_manager")
# What a cell begins with that a program of tables takes for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@tagged("post_install", "-at_install")
class TestAccessKept(InteractionCase):
    def setUp(self):
        super().setUp()
        self.own = self.ticket(self.jan)
        talk = self.env["dcrm.interaction"].create(
            {
                "subject": "Call",
                "partner_id": self.jan.id,
                "company_id": self.company_a.id,
                "user_id": self.users["agent"].id,
                "promise_ids": [
                    Command.create({"name": "Come", "user_id": self.users["agent"].id})
                ],
            }
        )
        time = self.env["dcrm.ticket.time"].create(
            {
                "ticket_id": self.own.id,
                "minutes": 5,
                "user_id": self.users["agent"].id,
            }
        )
        check = self.env["dcrm.ticket.check"].create(
            {"ticket_id": self.own.id, "name": "Ask"}
        )
        self.records = [self.own, talk, talk.promise_ids, time, check]

    def test_every_model_that_staff_writes_and_the_system_fills(self):
        """A model with fields of the system that agents may write is one of these."""
        agent = self.env_as("agent")
        found = {
            name
            for name in models_of(self.env, "dcrm_service")
            if not agent[name]._transient
            and agent[name].has_access("write")
            and any(
                field.store and field.readonly and field.name not in MAGIC_COLUMNS
                for field in agent[name]._fields.values()
            )
        }
        self.assertEqual(found, {records._name for records in self.records})

    def test_no_field_of_the_system_is_written(self):
        """Not by write, on create, or by the context."""
        for role in STAFF:
            for record in self.records:
                mine = record.with_env(self.env_as(role))
                imported = KEPT if role == "service_manager" else set()
                for name in sorted(mine._kept() - imported - {"name", "ticket_id"}):
                    with self.subTest(f"{role} writes {mine._name}.{name}"):
                        with self.assertRaises(AccessError):
                            mine.write({name: False})
                        with self.assertRaises(AccessError):
                            mine.create({name: False})

    def test_the_context_says_nothing_in_the_systems_stead(self):
        other = self.partner()
        forged = {
            "is_of_machine": True,
            "sender_doubt": "failed",
            "next_deadline": "2099-01-01 00:00:00",
            "customer_told_at": "2020-01-01 00:00:00",
            "commercial_partner_id": other.id,
            "partner_id": other.id,
            "kept_on": "2020-01-01",
            "done_at": "2020-01-01 00:00:00",
            "is_required": True,
            "origin_key": "forged",
            "split_from_id": self.own.id,
        }
        values = {
            "dcrm.ticket": {"name": "New", "partner_id": self.jan.id},
            "dcrm.interaction": {"subject": "New", "partner_id": self.jan.id},
            "dcrm.interaction.promise": {
                "name": "New",
                "interaction_id": self.records[1].id,
            },
            "dcrm.ticket.time": {"ticket_id": self.own.id, "minutes": 5},
            "dcrm.ticket.check": {"ticket_id": self.own.id, "name": "New"},
        }
        context = {f"default_{name}": value for name, value in forged.items()}
        for model, told in values.items():
            records = self.env_as("agent")[model]
            plain = records.create(told)
            made = records.with_context(**context).create(told)
            for name in sorted(records._kept() & forged.keys()):
                with self.subTest(f"{model}.{name}"):
                    self.assertEqual(made[name], plain[name])

    def test_an_item_of_no_ticket_is_refused(self):
        checks = self.env_as("agent")["dcrm.ticket.check"]
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            checks.create({"name": "New"})

    # -- flags -----------------------------------------------------------------------

    def test_a_call_hides_nothing_from_the_timeline(self):
        self.company_a.interaction_capture_forms = True
        interactions = self.env["dcrm.interaction"]
        flags = {
            "dcrm_automatic_email": True,
            "dcrm_opening_message": True,
            "dcrm_known_interaction": True,
        }
        mine = self.own.with_env(self.env_as("agent")).with_context(**flags)
        mine.message_post(
            body="We come",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.jan.ids,
        )
        made = interactions.search([("ticket_id", "=", self.own.id)])
        self.assertEqual(made.channel, "email")
        ticket = mine.create(
            {"name": "By form", "partner_id": self.jan.id, "channel": "web"}
        )
        self.assertTrue(interactions.search([("ticket_id", "=", ticket.id)]))

    def test_a_call_stops_no_deadline_from_following_the_calendar(self):
        self.env["dcrm.sla.policy"].create(
            {"name": "All", "company_id": False, "first_response_hours": 4}
        )
        ticket = self.ticket(self.jan)
        before = ticket.clock_ids.deadline
        calendar = self.hours_a.with_context(dcrm_working_time_quiet=True)
        calendar.write({"tz": "Pacific/Auckland"})
        self.env.invalidate_all()
        self.assertNotEqual(ticket.clock_ids.deadline, before)

    def test_a_call_closes_no_ticket_before_its_parts(self):
        self.ticket(self.jan, parent_id=self.own.id)
        mine = self.own.with_env(self.env_as("agent"))
        with self.assertRaisesRegex(UserError, "Parts"):
            mine.with_context(dcrm_close_before_parts=True).action_close()

    # -- tables ----------------------------------------------------------------------

    def lasting(self):
        """Return the names of the addon's models but dialogs, which nobody exports."""
        return {
            name
            for name in models_of(self.env, "dcrm_service")
            if not self.env[name]._transient
        }

    def test_no_text_of_any_model_is_a_formula(self):
        for name in sorted({*self.lasting(), "rating.rating"}):
            records = self.env[name]
            texts = [
                field.name
                for field in records._fields.values()
                if field.type in ("char", "text", "html")
                and field.store
                and not field.compute
            ]
            for start in FORMULA:
                found = records.new(dict.fromkeys(texts, f"{start}1+1"))
                [row] = found.export_data(texts)["datas"]
                with self.subTest(f"{name} {start!r}"):
                    self.assertFalse([each for each in row if each[:1] in FORMULA])

    def test_nor_one_of_what_a_model_links_to(self):
        self.own.name = "=1+1"
        for name in self.lasting():
            records = self.env[name]
            field = records._fields.get("ticket_id")
            if field and field.comodel_name == "dcrm.ticket":
                found = records.new({"ticket_id": self.own.id})
                with self.subTest(name):
                    self.assertEqual(
                        found.export_data(["ticket_id/name"])["datas"], [["'=1+1"]]
                    )
