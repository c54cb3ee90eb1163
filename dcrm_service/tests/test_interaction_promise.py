"""What was promised to a customer becomes an activity, and is kept or broken."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .common_interaction import InteractionCase


@tagged("post_install", "-at_install")
class TestPromise(InteractionCase):
    def promised(self, role="agent", days=3, who=None, **values):
        """Return the promise of a talk that a role's user logged."""
        promise = {
            "name": "Send samples",
            "date": self.today() + timedelta(days),
            "user_id": self.users[who or role].id,
            **values,
        }
        return self.log(role, promise_ids=[Command.create(promise)]).promise_ids

    def activities(self):
        return (
            self.env["mail.activity"]
            .with_context(active_test=False)
            .search(
                [("res_model", "=", "res.partner"), ("res_id", "=", self.bistro.id)],
                order="id",
            )
        )

    def later(self, days):
        return freeze_time(self.env.cr.now() + timedelta(days=days))

    def test_each_promise_is_an_activity_of_who_keeps_it(self):
        day = self.today() + timedelta(2)
        talk = self.log(
            "nobody",
            promise_ids=[
                Command.create(
                    {"name": name, "date": day, "user_id": self.users[role].id}
                )
                for name, role in (("Samples", "nobody"), ("A price", "seller"))
            ],
        )
        found = self.activities()
        self.assertEqual(found.mapped("summary"), ["Samples", "A price"])
        self.assertEqual(found.user_id, self.users["nobody"] | self.users["seller"])
        self.assertEqual(set(found.mapped("date_deadline")), {day})
        self.assertEqual(talk.promise_ids.mapped("state"), ["open", "open"])
        self.assertEqual(talk.promise_state, "open")

    def test_dialog_takes_promises_and_the_mood(self):
        action = self.jan.with_env(self.env_as("nobody")).action_log_interaction()
        dialog = Form(
            self.env_as("nobody")["dcrm.interaction"].with_context(**action["context"]),
            view="dcrm_service.dcrm_interaction_view_form_log",
        )
        dialog.subject = "A call"
        dialog.mood = "2"
        with dialog.promise_ids.new() as line:
            line.name = "Send samples"
        talk = dialog.save()
        promise = talk.promise_ids
        self.assertEqual(talk.mood, "2")
        self.assertEqual(promise.user_id, self.users["nobody"])
        self.assertEqual(self.activities().date_deadline, promise.date)

    def test_done_in_time_is_kept(self):
        promise = self.promised()
        self.activities().with_env(self.env_as("agent")).action_feedback("Sent")
        self.assertEqual((promise.state, promise.kept_on), ("kept", self.today()))
        self.assertEqual(promise.interaction_id.promise_state, "kept")

    def test_not_done_in_time_is_broken(self):
        promise = self.promised(days=3)
        with self.later(3):
            self.env.invalidate_all()
            self.assertEqual(promise.state, "open", "its day is not over")
        with self.later(4):
            self.env.invalidate_all()
            self.assertEqual(promise.state, "broken")
            self.activities().action_feedback()
            self.assertEqual(promise.state, "broken", "late is broken")
            self.assertTrue(promise.late)

    def test_activity_that_is_taken_up_again(self):
        promise = self.promised()
        self.activities().action_feedback()
        self.activities().active = True
        self.assertEqual((promise.state, promise.kept_on), ("open", False))

    def test_button_keeps_it(self):
        promise = self.promised()
        promise.action_keep()
        self.assertEqual(promise.state, "kept")
        self.assertFalse(self.activities().active, "its activity is done")
        promise.action_keep()
        self.assertEqual(promise.kept_on, self.today())

    def test_deleted_activity_does_not_take_a_promise_back(self):
        promise = self.promised()
        self.activities().unlink()
        promise.invalidate_recordset()
        self.assertEqual(promise.state, "open")
        promise.date = self.today() + timedelta(9)
        self.assertEqual(self.activities().date_deadline, promise.date)

    def test_taken_back_and_made_again(self):
        promise = self.promised()
        promise.action_withdraw()
        self.assertEqual(promise.state, "withdrawn")
        self.assertFalse(self.activities())
        with self.later(9):
            self.env.invalidate_all()
            self.assertEqual(promise.state, "withdrawn")
        promise.action_reopen()
        self.assertEqual(promise.state, "open")
        self.assertEqual(self.activities().summary, "Send samples")

    def test_changed_promise_changes_the_activity(self):
        promise = self.promised()
        step, day = self.activities(), self.today() + timedelta(8)
        promise.write(
            {"name": "Bring them", "date": day, "user_id": self.users["seller"].id}
        )
        self.assertEqual(self.activities(), step)
        self.assertEqual(
            (step.summary, step.date_deadline, step.user_id),
            ("Bring them", day, self.users["seller"]),
        )
        promise.unlink()
        self.assertFalse(self.activities())

    def test_search_by_state(self):
        kept, late, waiting, back = (self.promised() for _number in range(4))
        kept.action_keep()
        back.action_withdraw()
        waiting.date = self.today() + timedelta(30)
        promises = self.env_as("agent")["dcrm.interaction.promise"]
        every = kept | late | waiting | back

        def found(*domain):
            return promises.search([*domain, ("id", "in", every.ids)])

        with self.later(5):
            self.env.invalidate_all()
            self.assertEqual(found(("state", "=", "kept")), kept)
            self.assertEqual(found(("state", "=", "broken")), late)
            self.assertEqual(found(("state", "=", "open")), waiting)
            self.assertEqual(found(("state", "in", ("withdrawn", "kept"))), kept | back)
            self.assertEqual(found(("state", "!=", "broken")), every - late)
            for promise in every:
                self.assertEqual(
                    found(("state", "=", promise.state)) & promise, promise
                )
            talks = self.env_as("agent")["dcrm.interaction"].search(
                [("promise_ids.state", "=", "broken")]
            )
            self.assertIn(late.interaction_id, talks)
            self.assertNotIn(waiting.interaction_id, talks)

    def test_copy_promises_nothing_twice(self):
        promise = self.promised()
        copy = promise.interaction_id.copy()
        self.assertFalse(copy.promise_ids)
        self.assertEqual(len(self.activities()), 1)

    def test_day_is_the_company_s(self):
        """It is still the 9th in Brussels, and the 10th in Auckland."""
        promise = self.promised(date="2026-03-09")
        far = (
            self.env_as("agent_b")["dcrm.interaction"]
            .create(
                {
                    "subject": "Far",
                    "partner_id": self.jan.id,
                    "promise_ids": [
                        Command.create({"name": "A price", "date": "2026-03-09"})
                    ],
                }
            )
            .promise_ids
        )
        with freeze_time("2026-03-09 20:00:00"):
            self.env.invalidate_all()
            self.assertEqual((promise.state, far.state), ("open", "broken"))
            both = self.env_as("agent_ab")["dcrm.interaction.promise"].search(
                [("state", "=", "broken"), ("id", "in", (promise | far).ids)]
            )
            self.assertEqual(both, far)

    def test_merged_customers_keep_their_promises(self):
        promise = self.promised()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([self.hotel.id, self.bistro.id], self.hotel)
        self.env.invalidate_all()
        self.assertEqual(promise.commercial_partner_id, self.hotel)
        self.assertEqual(promise.activity_id.res_id, self.hotel.id)

    def test_merged_interactions_keep_their_promises(self):
        """What was one message to both customers is one interaction of one customer."""
        self.send("agent", self.bistro, [self.jan, self.leo])
        for customer in (self.bistro, self.hotel):
            self.interactions(customer).promise_ids = [
                Command.create({"name": f"For {customer.name}"})
            ]
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([self.bistro.id, self.hotel.id], self.bistro)
        self.env.invalidate_all()
        [talk] = self.interactions(self.bistro)
        self.assertEqual(
            set(talk.promise_ids.mapped("name")), {"For Bistro", "For Hotel"}
        )

    # -- whose -----------------------------------------------------------------------

    def test_whose_promises(self):
        self.bistro.user_id = self.users["seller"]
        promise = self.promised("agent", who="nobody")
        readers = {
            "agent": True,
            "service_manager": True,
            "nobody": True,  # who keeps it
            "seller": True,  # whose customer it is
            "seller_all": True,
            "manager": True,
            "other_seller": False,
            "seller_b": False,
            "agent_b": False,
        }
        for role, reads in readers.items():
            seen = promise.with_env(self.env_as(role))
            with self.subTest(role):
                self.assertEqual(seen.has_access("read"), reads)
                found = seen.search([("id", "=", promise.id)])
                self.assertEqual(bool(found), reads)
        for role in ("seller", "seller_all", "other_seller", "agent_b"):
            seen = promise.with_env(self.env_as(role))
            for call in (
                seen.action_keep,
                seen.action_withdraw,
                seen.action_reopen,
                seen.unlink,
                lambda seen=seen: seen.write({"name": "Nothing"}),
            ):
                with self.subTest(role), self.assertRaises(AccessError):
                    call()
        self.assertEqual(promise.state, "open")
        promise.with_env(self.env_as("nobody")).action_keep()
        self.assertEqual(promise.state, "kept")

    def test_nobody_promises_in_what_they_may_not_edit(self):
        talk = self.log("agent")
        for role in ("nobody", "other_seller", "agent_b"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.env_as(role)["dcrm.interaction.promise"].create(
                    {
                        "name": "Mine",
                        "interaction_id": talk.id,
                        "user_id": self.users[role].id,
                    }
                )
        mine = self.promised("nobody")
        with self.assertRaises(AccessError):
            mine.interaction_id = talk

    def test_whether_it_is_kept_is_not_for_people_to_say(self):
        promise = self.promised("service_manager")
        for name, value in (
            ("kept_on", self.today()),
            ("withdrawn", True),
            ("activity_id", 1),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                promise.write({name: value})
            with self.subTest(name), self.assertRaises(AccessError):
                self.promised("service_manager", **{name: value})
        for role in ("portal", "public"):
            user = self.users.get(role) or self.env.ref("base.public_user")
            with self.subTest(role), self.assertRaises(AccessError):
                promise.with_user(user).read(["name"])
