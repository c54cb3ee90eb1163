"""What segments do on entry and exit: once a stay, to whom, and what is in the way."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import html2plaintext

from .common_segment import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentAction(SegmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call = cls.env.ref("mail.mail_activity_data_call")

    def action(self, kind="activity", segment=None, **values):
        if kind == "activity":
            values.setdefault("activity_type_id", self.call.id)
        return self.env["dcrm.segment.action"].create(
            {"segment_id": (segment or self.good).id, "kind": kind, **values}
        )

    def server_action(self, code):
        return self.env["ir.actions.server"].create(
            {
                "name": "Mark",
                "model_id": self.env["ir.model"]._get("res.partner").id,
                "state": "code",
                "code": code,
            }
        )

    def activities(self, partner):
        return self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", partner.id)]
        )

    def logs(self, partner=None):
        domain = [("partner_id", "=", partner.id)] if partner else []
        return self.env["dcrm.segment.action.log"].search(domain, order="id")

    def buy(self, partner, amount):
        """Let a customer buy; return what a refresh then did, and what failed."""
        self.book([(partner, self.days_ago(1), amount)])
        done = self.scores.refresh(self.company_a)
        self.env.invalidate_all()
        return done["acted"], done["failed"]

    def test_once_a_stay_on_entry_and_on_exit(self):
        customer = self.partner(seller="seller")
        self.action()
        self.action(event="exit", note="Ask why.")
        self.assertEqual(self.buy(customer, 150), (1, 0))
        self.assertEqual(self.buy(customer, 10), (0, 0))
        self.refresh(full=True)
        [activity] = self.activities(customer)
        self.assertEqual(activity.user_id, self.users["seller"])
        self.assertEqual(activity.activity_type_id, self.call)
        self.assertEqual(self.buy(customer, -100), (1, 0))
        self.assertEqual(self.buy(customer, -1), (0, 0))
        self.assertEqual(len(self.activities(customer)), 2)
        self.assertIn("Ask why.", self.activities(customer).sorted("id")[1].note)
        # Another spell, another entry.
        self.assertEqual(self.buy(customer, 100), (1, 0))
        self.assertEqual(
            self.logs(customer).mapped("event"), ["entry", "exit", "entry"]
        )
        self.assertEqual(set(self.logs(customer).mapped("state")), {"done"})
        self.assertTrue(all(self.logs(customer).mapped("message")))
        self.assertNoViolations()

    def test_who_is_there_already_and_who_left_before(self):
        early, late, brief = (self.partner(seller="seller") for _n in range(3))
        self.buy(early, 150)
        self.action()
        self.buy(late, 150)
        self.buy(early, 5)
        self.assertFalse(self.activities(early))
        self.assertTrue(self.activities(late))
        # Entered and left before anything was done.
        self.book([(brief, self.days_ago(1), 150)])
        self.env["dcrm.purchase"]._sync(self.company_a)
        self.scores._score(self.company_a)
        self.assertEqual(self.logs(brief).state, "due")
        self.assertEqual(self.buy(brief, -100), (0, 0))
        self.assertEqual(self.logs(brief).state, "missed")
        self.assertFalse(self.activities(brief))
        self.assertNoViolations()

    def test_several_at_once_in_their_order_by_a_rule(self):
        hotel = self.partner(seller="seller", category_id=self.tag.ids)
        self.rule()
        code = "record.write({'comment': (record.comment or '') + '%s'})"
        for place, word in ((20, "b"), (10, "a")):
            server = self.server_action(code % word)
            self.action(
                "server", self.third, server_action_id=server.id, sequence=place
            )
        self.assertEqual(self.buy(hotel, 50), (2, 0))
        self.assertEqual(html2plaintext(hotel.comment).split(), ["a", "b"])
        self.assertEqual(self.logs(hotel).segment_id, self.third)

    def test_a_failure_is_noted_and_stops_nothing(self):
        server = self.server_action(
            "if record.name == 'Bad': raise UserError('No hotels on Sundays')\n"
            "record.write({'comment': 'Marked'})"
        )
        self.action("server", server_action_id=server.id, sequence=1)
        self.action(sequence=2)
        bad, fine = self.partner("Bad", seller="seller"), self.partner("Fine")
        fine.user_id = self.users["seller"]
        self.book([(each, self.days_ago(1), 150) for each in (bad, fine)])
        done = self.scores.refresh(self.company_a)
        self.env.invalidate_all()
        self.assertEqual((done["acted"], done["failed"]), (3, 1))
        failed = self.logs(bad)[0]
        self.assertEqual(failed.state, "failed")
        self.assertIn("No hotels on Sundays", failed.message)
        self.assertFalse(bad.comment)
        self.assertIn("Marked", fine.comment)
        self.assertTrue(self.activities(bad) and self.activities(fine))
        # It is not tried again by itself; a manager may have it tried again.
        self.assertEqual(self.buy(bad, 1), (0, 0))
        bad.name = "Good"
        with self.assertRaises(AccessError):
            failed.with_env(self.env_as("analyst")).action_retry()
        failed.with_env(self.env_as("manager")).action_retry()
        self.assertEqual(self.buy(bad, 1), (1, 0))
        self.assertIn("Marked", bad.comment)
        self.assertNoViolations()

    def test_an_error_of_the_database_stops_nothing_either(self):
        server = self.server_action("env.cr.execute('SELECT 1 / 0')")
        self.action("server", server_action_id=server.id)
        self.action(sequence=200)
        customer = self.partner(seller="seller")
        self.assertEqual(self.buy(customer, 150), (1, 1))
        self.assertIn("division by zero", self.logs(customer)[0].message)

    def test_nobody_to_do_it(self):
        customer = self.partner()
        action = self.action()
        self.assertEqual(self.buy(customer, 150), (0, 1))
        self.assertTrue(self.logs(customer).message)
        other = self.partner(seller="seller_b")
        self.assertEqual(self.buy(other, 150), (0, 1), "no colleague in company A")
        action.user_id = self.users["manager"]
        third = self.partner()
        self.assertEqual(self.buy(third, 150), (1, 0))
        self.assertEqual(self.activities(third).user_id, self.users["manager"])

    def test_an_activity_plan_of_the_host(self):
        plan = self.env["mail.activity.plan"].create(
            {
                "name": "Welcome",
                "res_model": "res.partner",
                "template_ids": [
                    Command.create(
                        {
                            "activity_type_id": self.call.id,
                            "summary": "Welcome call",
                            "delay_count": 3,
                            "delay_from": "after_plan_date",
                        }
                    ),
                    Command.create(
                        {
                            "activity_type_id": self.call.id,
                            "summary": "Check",
                            "responsible_type": "other",
                            "responsible_id": self.users["manager"].id,
                        }
                    ),
                ],
            }
        )
        self.action("plan", plan_id=plan.id)
        customer, lonely = self.partner(seller="seller"), self.partner()
        self.assertEqual(self.buy(customer, 150), (1, 0))
        found = {each.summary: each for each in self.activities(customer)}
        self.assertEqual(found["Welcome call"].user_id, self.users["seller"])
        self.assertEqual(found["Check"].user_id, self.users["manager"])
        self.assertEqual((found["Welcome call"].date_deadline - self.today()).days, 3)
        self.assertEqual(self.buy(customer, 1), (0, 0))
        self.assertEqual(self.buy(lonely, 150), (0, 1))
        self.assertFalse(self.activities(lonely))

    def test_setting_the_salesperson(self):
        action = self.action("seller", seller_id=self.users["seller"].id)
        alone, theirs = self.partner(), self.partner(seller="other_seller")
        self.assertEqual(self.buy(alone, 150), (1, 0))
        self.assertEqual(self.buy(theirs, 150), (1, 0))
        self.assertEqual((alone | theirs).user_id, self.users["seller"])
        action.keep_seller = True
        kept = self.partner(seller="other_seller")
        self.assertEqual(self.buy(kept, 150), (1, 0))
        self.assertEqual(kept.user_id, self.users["other_seller"])
        # Not somebody who does not work in the company.
        action.write({"keep_seller": False, "seller_id": self.users["seller_b"].id})
        customer = self.partner()
        self.assertEqual(self.buy(customer, 150), (0, 1))
        self.assertFalse(customer.user_id)
        self.assertIn(self.company_a.name, self.logs(customer).message)
        with self.assertRaises(UserError):
            action.company_id = self.company_a

    def test_companies(self):
        self.action(company_id=self.company_b.id)
        customer = self.partner(seller="seller")
        self.assertEqual(self.buy(customer, 150), (0, 0))
        customer.user_id = self.users["seller_b"]
        self.book([(customer, self.days_ago(1), 150)], self.company_b)
        self.refresh(self.company_b)
        [log] = self.logs(customer)
        self.assertEqual((log.company_id, log.state), (self.company_b, "done"))
        hidden = self.env_as("manager")["dcrm.segment.action.log"].search([])
        self.assertNotIn(log.id, hidden.ids)

    def test_in_batches(self):
        self.action()
        partners = [self.partner(seller="seller") for _n in range(5)]
        self.book([(partner, self.days_ago(1), 150) for partner in partners])
        self.env["dcrm.purchase"]._sync(self.company_a)
        self.scores._score(self.company_a)
        counts, log = {}, self.env["dcrm.segment.action.log"]
        left = [log._act(self.company_a, counts, 2) for _n in range(4)]
        self.assertEqual((left, counts), ([3, 1, 0, 0], {"acted": 5, "failed": 0}))
        for partner in partners:
            self.assertEqual(len(self.activities(partner)), 1)

    def test_a_run_says_what_it_did(self):
        self.action()
        self.book([(self.partner(seller="seller"), self.days_ago(1), 150)])
        self.book([(self.partner(), self.days_ago(1), 150)])
        run = self.env["dcrm.run"]._start("refresh", self.company_a)
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("dcrm_analytics.ir_cron_run").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(run.state, "done", run.error)
        self.assertIn("1 actions of segments done, 1 failed.", run.result)

    def test_merged_customers_are_no_exit(self):
        self.action(event="exit")
        one, two = self.partner(seller="seller"), self.partner(seller="seller")
        self.buy(one, 150)
        self.buy(two, 150)
        self.env["base.partner.merge.automatic.wizard"]._merge((one | two).ids, one)
        self.refresh()
        self.assertFalse(self.logs(one))
        self.assertEqual(self.stays_of(one).count((self.good, False)), 1)
        self.assertNoViolations()

    def test_what_it_did_stays_known(self):
        customer = self.partner(seller="seller")
        action = self.action()
        self.buy(customer, 150)
        [log] = self.logs(customer)
        with self.assertRaises(UserError):
            action.event = "exit"
        name = action.name
        self.book([(self.partner(), self.days_ago(1), 150)])
        self.env["dcrm.purchase"]._sync(self.company_a)
        self.scores._score(self.company_a)
        self.assertEqual(len(self.logs()), 2)
        action.unlink()
        self.assertEqual(self.logs(), log, "what was only due is due no more")
        self.assertEqual((log.name, log.state), (name, "done"))
        self.assertFalse(log.action_id)

    def test_what_is_missing_is_asked_for(self):
        for kind in ("plan", "seller", "server"):
            with self.subTest(kind), self.assertRaises(ValidationError):
                self.action(kind)
        with self.assertRaises(ValidationError):
            self.action(activity_type_id=False)
        own = self.env["dcrm.segment"].create(
            {"name": "A", "company_id": self.company_a.id}
        )
        with self.assertRaises(ValidationError):
            self.action(segment=own, company_id=self.company_b.id)

    def test_only_administrators_choose_what_runs_with_all_rights(self):
        server = self.server_action("record.write({})")
        actions = self.env_as("manager")["dcrm.segment.action"]
        values = {"segment_id": self.good.id, "kind": "server"}
        with self.assertRaises(AccessError):
            actions.create({**values, "server_action_id": server.id})
        own = actions.create(
            {"segment_id": self.good.id, "activity_type_id": self.call.id}
        )
        with self.assertRaises(AccessError):
            own.write({"kind": "server", "server_action_id": server.id})
        with self.assertRaises(AccessError):  # nor by a default
            actions.with_context(default_server_action_id=server.id).create(values)

    def test_only_administrators_say_when_it_runs_and_for_whom(self):
        server = self.server_action("record.write({})")
        action = self.action("server", server_action_id=server.id)
        seen = action.with_env(self.env_as("manager"))
        for values in (
            {"segment_id": self.third.id},
            {"event": "exit"},
            {"company_id": self.company_a.id},
            {"kind": "activity", "activity_type_id": self.call.id},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                seen.write(values)
        with self.assertRaises(AccessError):
            seen.copy({"segment_id": self.third.id})
        seen.write({"name": "Mark them", "sequence": 3})
        seen.write({"active": False})
        with self.assertRaises(AccessError):
            seen.write({"active": True})

    def test_without_mailing_lists_there_is_none_to_choose(self):
        kinds = dict(self.env["dcrm.segment.action"]._selection_kind())
        self.assertEqual("mailing" in kinds, "mailing.list" in self.env)
