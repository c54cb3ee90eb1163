"""What a colleague might try by calls, with rights on some tickets, on others none."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..models.dcrm_ticket_portal import PORTAL_READABLE
from .common_interaction import InteractionCase

# What nothing is learned from: the color of a kind, how their own ticket was, and what
# the host answers of themselves.
HARMLESS = {
    "color",
    "has_message",
    "message_is_follower",
    "my_activity_date_deadline",
    "rating_avg",
}


@tagged("post_install", "-at_install")
class TestAccessAttack(InteractionCase):
    def setUp(self):
        super().setUp()
        self.own = self.ticket(self.jan, name="Own")
        self.far = self.ticket(self.leo, self.team_b, name="Far")
        self.agent = self.env_as("agent")

    def said(self, **values):
        """Return what the customer said in the ticket."""
        return self.own.message_post(
            body="It broke",
            author_id=self.jan.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            **values,
        )

    def rate(self, ticket, rate):
        """Return the rating that a ticket's contact gave by the link in an e-mail."""
        token = ticket._rating_get_access_token(ticket.partner_id)
        return ticket.rating_apply(rate, token=token, feedback="Slow")

    def refuses(self, call):
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            call()

    def chosen(self, name):
        """Return a condition on a field that says something of who meets it."""
        is_boolean = self.own._fields[name].type == "boolean"
        return (name, "in", [True] if is_boolean else [False, "1", 1])

    def is_answered(self, call, name):
        """Return whether a call gives an answer; some the host can't answer at all."""
        self.env.invalidate_all()
        try:
            with self.env.cr.savepoint():
                return call(name) is not None
        except (AccessError, ValueError, NotImplementedError):
            return False

    # -- what was said -----------------------------------------------------------------

    def test_what_was_said_stays_as_it_was(self):
        message = self.said()
        mine = message.with_env(self.agent)
        ticket = self.own.with_env(self.agent)
        for values in (
            {"body": "It works"},
            {"author_id": self.mia.id},
            {"date": "2020-01-01 00:00:00"},
            {"sender_doubt": "failed"},
        ):
            with self.subTest(values):
                self.refuses(lambda values=values: mine.write(values))
                command = Command.update(message.id, values)
                self.refuses(
                    lambda command=command: ticket.write({"message_ids": [command]})
                )
        self.refuses(mine.unlink)
        self.refuses(
            lambda: ticket.write({"message_ids": [Command.delete(message.id)]})
        )

    def test_who_wrote_it_corrects_it(self):
        ticket = self.own.with_env(self.agent)
        answer = ticket.message_post(
            body="Monday", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        answer.body = "Tuesday"
        self.assertIn("Tuesday", answer.body)
        self.refuses(lambda: answer.write({"date": "2020-01-01 00:00:00"}))
        self.refuses(answer.unlink)

    def test_nobody_speaks_as_a_customer(self):
        ticket = self.own.with_env(self.agent)
        words = {
            "message_type": "comment",
            "subtype_xmlid": "mail.mt_comment",
            "body": "All well",
        }
        for author in ({"author_id": self.jan.id}, {"email_from": self.jan.email}):
            with self.subTest(author):
                self.refuses(
                    lambda author=author: ticket.message_post(**words, **author)
                )
        self.refuses(
            lambda: ticket.message_notify(
                body="All well", author_id=self.jan.id, partner_ids=self.leo.ids
            )
        )
        self.refuses(
            lambda: self.agent["mail.message"].create(
                {
                    "model": ticket._name,
                    "res_id": ticket.id,
                    "author_id": self.jan.id,
                    "body": "All well",
                }
            )
        )
        # An address of ours that is nobody's is that of who writes.
        answer = ticket.message_post(**words, email_from="care@ours.example")
        self.assertEqual(answer.author_id, self.users["agent"].partner_id)

    # -- how it was --------------------------------------------------------------------

    def test_how_it_was_only_the_customer_says(self):
        rating = self.rate(self.own, 1)
        mine = rating.with_env(self.agent)
        self.assertEqual(mine.rating, 1)
        self.refuses(lambda: mine.read(["access_token"]))
        ticket = self.own.with_env(self.agent)
        self.refuses(lambda: mine.write({"rating": 5}))
        self.refuses(lambda: ticket.rating_apply(5, rating=mine))
        self.refuses(
            lambda: ticket.write(
                {"rating_ids": [Command.update(mine.id, {"rating": 5})]}
            )
        )
        self.refuses(
            lambda: mine.create(
                {
                    "res_model_id": self.env["ir.model"]._get_id("dcrm.ticket"),
                    "res_id": self.own.id,
                    "rating": 5,
                    "consumed": True,
                }
            )
        )

    def test_how_it_was_is_read_by_who_reads_the_ticket(self):
        self.jan.commercial_partner_id.user_id = self.users["seller"]
        here, there = self.rate(self.own, 1), self.rate(self.far, 1)
        for role, seen in {
            "nobody": there.browse(),
            "seller": here,
            "other_seller": there.browse(),
            "agent": here,
            "agent_b": there,
            "agent_ab": here | there,
        }.items():
            with self.subTest(role):
                ratings = self.env_as(role)["rating.rating"]
                found = ratings.search([("id", "in", (here | there).ids)])
                self.assertEqual(found.sudo(), seen.sudo())

    # -- time, people, promises --------------------------------------------------------

    def test_time_is_given_to_nobody_else(self):
        time = self.env["dcrm.ticket.time"].create(
            {
                "ticket_id": self.own.id,
                "minutes": 5,
                "user_id": self.users["agent"].id,
            }
        )
        mine = time.with_env(self.agent)
        self.refuses(lambda: mine.write({"user_id": self.users["other_agent"].id}))
        self.refuses(lambda: mine.write({"ticket_id": self.far.id}))
        mine.minutes = 6
        self.assertEqual(time.minutes, 6)

    def test_no_ticket_is_a_customers_to_work_on(self):
        with self.assertRaises(ValidationError):
            self.own.with_env(self.agent).user_id = self.users["portal"]
        with self.assertRaises(ValidationError):
            self.log(promise_ids=[Command.create(self.promised_by("portal"))])

    def promised_by(self, role):
        return {"name": "Call", "user_id": self.users[role].id}

    def test_no_talk_is_about_a_ticket_that_was_merged(self):
        gone = self.ticket(self.jan)
        gone._merge_into(self.own)
        with self.assertRaisesRegex(UserError, self.own.number):
            self.log(ticket_id=gone.id)
        with self.assertRaisesRegex(UserError, self.own.number):
            self.log().ticket_id = gone

    def test_what_was_promised_and_is_over_stays(self):
        talk = self.log(
            "nobody",
            promise_ids=[
                Command.create({"name": "Call", "date": date})
                for date in ("2020-01-01", "2099-01-01")
            ],
        )
        broken, coming = talk.promise_ids.sorted("date")
        mine = broken.with_env(self.env_as("nobody"))
        self.refuses(lambda: mine.write({"date": "2099-01-01"}))
        self.refuses(mine.unlink)
        self.refuses(
            lambda: talk.with_env(mine.env).write(
                {"promise_ids": [Command.delete(broken.id)]}
            )
        )
        coming.with_env(mine.env).date = "2099-02-01"
        coming.with_env(mine.env).unlink()
        broken.with_env(self.env_as("service_manager")).unlink()

    # -- names -------------------------------------------------------------------------

    def test_no_dialog_names_a_ticket_that_one_may_not_read(self):
        for model, values in {
            "dcrm.ticket.split": {"ticket_id": self.far.id, "name": "New"},
            "dcrm.ticket.close": {"ticket_id": self.far.id, "part_ids": []},
            "dcrm.ticket.merge": {
                "ticket_ids": self.own.ids,
                "into_id": self.far.id,
            },
            "dcrm.ticket.choice": {"ticket_id": self.far.id, "kind": "refund"},
        }.items():
            with self.subTest(model):
                self.refuses(
                    lambda model=model, values=values: self.agent[model].create(values)
                )

    def test_customers_search_by_nothing_that_they_may_not_read(self):
        buyer = self.make_user("buyer", "base.group_portal", self.company_a)
        self.users["buyer"] = buyer
        buyer.partner_id.parent_id = self.bistro
        tickets = self.env_as("buyer")["dcrm.ticket"]
        self.assertEqual(tickets.search([], order="id").sudo(), self.own)
        self.own.user_id = self.users["agent"]
        self.own.activity_schedule("mail.mail_activity_data_todo", summary="Never pay")
        self.own.message_post(body="Never pay", message_type="comment")
        hidden = tickets._fields.keys() - PORTAL_READABLE - HARMLESS
        calls = {
            "search": lambda name: tickets.search([self.chosen(name)], order="id"),
            "order": lambda name: tickets.search([], order=name),
            "group": lambda name: tickets.formatted_read_group([], [name]),
            "count": lambda name: tickets._read_group([], [], [f"{name}:count"]),
            "read": lambda name: self.own.with_env(tickets.env).read([name]),
        }
        for name in sorted(hidden):
            for way, call in calls.items():
                with self.subTest(f"{way} {name}"):
                    self.assertFalse(self.is_answered(call, name))
        for path, value in (
            ("user_id.login", self.users["agent"].login),
            ("message_ids.body", "never pay"),
            ("website_message_ids.body", "never pay"),
            ("activity_ids.summary", "never pay"),
        ):
            with self.subTest(path):
                domain = [(path, "ilike", value)]
                self.assertTrue(self.own.search(domain))
                found = self.is_answered(
                    lambda domain: tickets.search(domain, order="id").ids or None,
                    domain,
                )
                self.assertFalse(found)
