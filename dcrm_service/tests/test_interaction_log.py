"""What another system kept is logged once, however often it is sent."""

import threading
from datetime import datetime, timedelta

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import AccessError, UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, HttpCase, get_db_name, tagged

from .common_interaction import InteractionCase


@tagged("post_install", "-at_install")
class TestLog(InteractionCase):
    """Calls of the API."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bistro.ref = "B-1"

    def record(self, **values):
        return {
            "reference": "c-1",
            "customer": "B-1",
            "date": "2026-01-31 09:05",
            **values,
        }

    def send_records(self, *records, role="agent", source="Exchange", **options):
        interactions = self.env_as(role)["dcrm.interaction"]
        return interactions.log_records(source, list(records), **options)

    def test_all_that_a_record_says(self):
        ticket, order = self.ticket(self.jan), self.order(self.jan, 10)
        self.users["agent"].group_ids += self.env.ref(
            "sales_team.group_sale_salesman_all_leads"
        )
        self.users["other_agent"].email = "dee@ours.example"
        day = self.today() + timedelta(5)
        [result] = self.send_records(
            self.record(
                customer="jan@bistro.example",
                subject="Lid",
                channel="call_centre",
                direction="in",
                duration=4.6,
                user="dee@ours.example",
                said="It <b>broke</b>",
                learned="Has a second shop",
                mood=2,
                next_step="Send a lid",
                next_step_date=str(day),
                promise="Free of charge",
                promise_date=day.isoformat(),
                ticket=ticket.number,
                order=order.name,
            )
        )
        talk = self.interactions()
        self.assertEqual(result, {"id": talk.id, "new": True})
        self.assertEqual(
            (talk.subject, talk.channel, talk.direction, talk.duration, talk.mood),
            ("Lid", "call_centre", "in", 5, "2"),
        )
        self.assertEqual(
            talk.date, datetime(2026, 1, 31, 8, 5), "it was nine in Brussels"
        )
        self.assertEqual((talk.partner_id, talk.company_id), (self.jan, self.company_a))
        self.assertEqual(talk.user_id, self.users["other_agent"])
        self.assertEqual(talk.create_uid, self.users["agent"])
        self.assertIn("&lt;b&gt;broke", talk.said)
        self.assertEqual(talk.learned, "Has a second shop")
        self.assertEqual((talk.ticket_id, talk.order_id), (ticket, order))
        self.assertEqual(talk.activity_id.date_deadline, day)
        self.assertEqual(talk.promise_ids.activity_id.summary, "Free of charge")

    def test_sent_again_is_the_same(self):
        first = self.send_records(self.record())
        again = self.send_records(
            self.record(said="More"), self.record(reference="c-2")
        )
        self.assertEqual(again[0], {"id": first[0]["id"], "new": False})
        self.assertTrue(again[1]["new"])
        other = self.send_records(self.record(), source="Another exchange")
        self.assertTrue(other[0]["new"], "references are unique in their source")
        self.assertEqual(len(self.interactions()), 3)

    def test_twice_in_one_call(self):
        first, second = self.send_records(self.record(), self.record())
        self.assertEqual(first["id"], second["id"])
        self.assertEqual((first["new"], second["new"]), (True, False))

    def test_reference_of_another_customer(self):
        self.send_records(self.record())
        results = self.send_records(
            self.record(customer="leo@hotel.example"),
            self.record(reference="c-9"),
            self.record(reference="c-9", customer="leo@hotel.example"),
        )
        for result in (results[0], results[2]):
            [(column, reason)] = result["errors"]
            self.assertEqual(column, "reference")
            self.assertIn("another customer", reason)
        self.assertTrue(results[1]["new"])

    def test_merged_customer_is_the_same(self):
        self.send_records(self.record())
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([self.bistro.id, self.hotel.id], self.hotel)
        self.env.invalidate_all()
        self.hotel.ref = "B-1"
        [result] = self.send_records(self.record())
        self.assertFalse(result["new"])

    def test_each_error_is_said_and_the_others_are_logged(self):
        twins = self.env["res.partner"].create(
            [{"name": name, "ref": "TWIN"} for name in ("One", "Two")]
        )
        self.assertTrue(twins)
        later = fields.Datetime.now() + timedelta(days=1)
        wrong = {
            "customer": ({"customer": "Nobody"}, "No customer matches."),
            "twins": ({"customer": "TWIN"}, "Several customers match."),
            "empty": ({"customer": " "}, "The cell is empty."),
            "date": ({"date": "soon"}, "This is not a date and time"),
            "year": ({"date": "0001-01-01T00:00+14:00"}, "This is not a date and time"),
            "end": ({"date": "9999-12-31T23:59-12:00"}, "This is not a date and time"),
            "future": ({"date": str(later)}, "in the future"),
            "channel": ({"channel": "smoke"}, "none of the words"),
            "mood": ({"mood": 7}, "none of the words"),
            "duration": ({"duration": -4}, "not a number of minutes"),
            "user": ({"user": "stranger"}, "No colleague"),
            "ticket": ({"ticket": "T99999"}, "no such document"),
            "promise": ({"promise_date": "2026-02-02"}, "The cell is empty."),
            "column": ({"commercial_partner_id": 1}, "no such column"),
            "reference": ({"reference": ""}, "The cell is empty."),
            "subject": ({"subject": "x" * 501}, "too long"),
        }
        records = [
            self.record(**{"reference": name, **values})
            for name, (values, _reason) in wrong.items()
        ]
        results = self.send_records(*records, self.record())
        for (name, (_values, reason)), result in zip(
            wrong.items(), results, strict=False
        ):
            with self.subTest(name):
                self.assertEqual(len(result["errors"]), 1)
                self.assertIn(reason, result["errors"][0][1])
        self.assertTrue(results[-1]["new"])
        self.assertEqual(len(self.interactions()), 1)

    def test_one_that_the_model_refuses(self):
        """Nothing of the others is lost where one fails at the end."""
        self.jan.company_id = self.company_a
        far = self.env["res.partner"].create(
            {"name": "Far", "ref": "F-1", "company_id": self.company_b.id}
        )
        self.assertTrue(far)
        results = self.send_records(
            self.record(customer="F-1"), self.record(reference="c-2")
        )
        self.assertIn("No customer matches.", results[0]["errors"][0][1])
        self.assertTrue(results[1]["new"])

    def test_who_may(self):
        for role in ("portal",):
            with self.subTest(role), self.assertRaises(AccessError):
                self.send_records(self.record(), role=role)
        with self.assertRaises(AccessError):
            self.send_records(self.record(), company_id=self.company_b.id)
        with self.assertRaisesRegex(UserError, "which system"):
            self.send_records(self.record(), source=" ")
        with self.assertRaisesRegex(UserError, "1000 records"):
            self.send_records(*[self.record()] * 1001)
        [result] = self.send_records(self.record(), role="nobody")
        self.assertTrue(result["new"], "everybody logs what they held")
        self.assertEqual(self.interactions().user_id, self.users["nobody"])

    def test_what_is_no_list_of_records(self):
        interactions = self.env_as("agent")["dcrm.interaction"]
        for records in (None, {}, self.record(), "c-1", ["c-1"], [self.record(), None]):
            with (
                self.subTest(records),
                self.assertRaisesRegex(UserError, "a list of records"),
            ):
                interactions.log_records("Exchange", records)
        self.assertFalse(self.interactions())

    def test_documents_that_the_user_may_not_read(self):
        order = self.order(self.jan, 10)
        [result] = self.send_records(self.record(order=order.name), role="nobody")
        self.assertEqual(result["errors"][0][0], "order")
        ticket = self.ticket(self.jan)
        [result] = self.send_records(self.record(ticket=ticket.number), role="nobody")
        self.assertEqual(result["errors"][0][0], "ticket")

    def test_documents_of_the_context_that_the_user_may_not_read(self):
        ticket = self.ticket(self.jan)
        talks = self.env_as("nobody")["dcrm.interaction"]
        talks = talks.with_context(default_ticket_id=ticket.id)
        values = {"partner_id": self.jan.id, "channel": "phone", "subject": "Lid"}
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            talks.create(values)
        self.assertFalse(self.interactions().ticket_id)

    def test_phone_number(self):
        if "phone_sanitized" not in self.env["res.partner"]._fields:
            self.skipTest("Phone numbers are not validated here.")
        self.company_a.country_id = self.env.ref("base.be")
        self.jan.write(
            {"phone": "+32 470 12 34 56", "country_id": self.env.ref("base.be").id}
        )
        [result] = self.send_records(self.record(customer="+32 470 12 34 56"))
        self.assertTrue(result.get("new"), result)
        self.assertEqual(self.interactions().partner_id, self.jan)


@tagged("post_install", "-at_install")
class TestLogByRpc(InteractionCase, HttpCase):
    def test_call(self):
        self.bistro.ref = "B-1"
        record = {"reference": "c-1", "customer": "B-1", "date": "2026-01-31T09:05Z"}
        self.authenticate("dcrm_agent", "dcrm_agent")
        for new in (True, False):
            answer = self.url_open(
                "/web/dataset/call_kw",
                json={
                    "params": {
                        "model": "dcrm.interaction",
                        "method": "log_records",
                        "args": ["Exchange", [record]],
                        "kwargs": {},
                    }
                },
            ).json()
            [result] = answer["result"]
            self.assertEqual(result["new"], new)
        self.assertEqual(self.interactions().date, datetime(2026, 1, 31, 9, 5))


@tagged("post_install", "-at_install")
class TestLogConcurrency(BaseCase):
    """These tests commit."""

    RACERS = 4

    def test_the_same_record_at_the_same_time(self):
        registry = Registry(get_db_name())
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            partner = env["res.partner"].create({"name": "Race", "ref": "RACE-1"})
            partner_id, admin_id = partner.id, env.ref("base.user_admin").id
        self.addCleanup(self.clean, registry, partner_id)
        record = {"reference": "race", "customer": "RACE-1", "date": "2026-01-31"}
        barrier, results = threading.Barrier(self.RACERS), []

        def run():
            with registry.cursor() as cr:
                env = api.Environment(cr, admin_id, {})
                env.cr.execute("SELECT 1")
                barrier.wait()

                def work():
                    return env["dcrm.interaction"].log_records("Race", [record])

                results.append(retrying(work, env))

        threads = [threading.Thread(target=run) for _racer in range(self.RACERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len({result["id"] for [result] in results}), 1)
        self.assertEqual(sum(result["new"] for [result] in results), 1)

    def clean(self, registry, partner_id):
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["res.partner"].browse(partner_id).unlink()
