"""What is said on any channel goes on with tickets, and ours is an answer."""

from odoo.tests import tagged

from .common_sla import CourseCase, utc

FIELDS = ["stage_id", "first_response_at", "last_answer_at", "customer_waits_since"]


class TalkCase(CourseCase):
    def setUp(self):
        super().setUp()
        self.everyone.next_response_hours = 4
        self.customer = self.partner(seller="seller")
        self.asked = self.ticket(self.customer)

    def talk(self, text, role="agent", ticket=None, **values):
        """Log a talk; its ticket is given at once."""
        return self.env_as(role)["dcrm.interaction"].create(
            {
                "subject": "The oven",
                "partner_id": self.customer.id,
                "company_id": self.company_a.id,
                "date": utc(text),
                "direction": "out",
                "channel": "phone",
                "ticket_id": (ticket or self.asked).id,
                **values,
            }
        )


@tagged("post_install", "-at_install")
class TestWhatWeSay(TalkCase):
    """An answer is what has reached the customer, on whatever channel."""

    def assertUnanswered(self):
        self.assertFalse(self.asked.first_response_at)
        self.assertFalse(self.asked.last_answer_at)
        self.assertEqual(self.clock(self.asked).state, "running")

    def test_what_reached_nobody_is_no_answer(self):
        colleague = self.users["other_agent"].partner_id
        self.answer(self.asked, partner_ids=[])
        self.assertUnanswered()
        self.answer(self.asked, partner_ids=colleague.ids)
        self.assertUnanswered()
        self.answer(self.asked, partner_ids=self.partner().ids)
        self.assertUnanswered()
        self.assertNoViolations()

    def test_a_colleague_who_has_a_copy_is_not_the_customer(self):
        colleague = self.users["other_agent"].partner_id
        colleague.email = "colleague@ours.example"
        self.asked.email_cc = "Colleague <colleague@ours.example>, copy@else.example"
        self.answer(self.asked, partner_ids=colleague.ids)
        self.assertUnanswered()
        self.answer(self.asked, outgoing_email_to="copy@else.example")
        self.assertTrue(self.asked.first_response_at)

    def test_a_colleague_who_asks_is_one(self):
        colleague = self.users["other_agent"].partner_id
        colleague.email = "colleague@ours.example"
        ticket = self.ticket(colleague)
        self.answer(ticket)
        self.assertTrue(ticket.first_response_at)

    def test_whom_no_email_reached_has_no_answer(self):
        """Whoever calls says neither that one came in, nor when it was."""
        for kind in ("comment", "email"):
            message = self.asked.with_env(self.env_as("agent")).message_post(
                body="We are on it.",
                message_type=kind,
                subtype_xmlid="mail.mt_comment",
                incoming_email_to=self.customer.email,
                date="2026-03-04 08:00:00",
            )
            self.assertFalse(message.incoming_email_to)
            self.assertEqual(message.date, utc("2026-03-04 10:00"))
            self.assertUnanswered()

    def test_who_has_no_address_was_not_reached(self):
        self.customer.email = False
        self.answer(self.asked)
        self.assertUnanswered()

    def test_an_answer_to_a_colleague_of_who_asked(self):
        buyer = self.partner(parent_id=self.customer.id)
        self.answer(self.asked, partner_ids=buyer.ids)
        self.assertTrue(self.asked.first_response_at)

    def test_an_answer_to_who_follows(self):
        self.asked.message_subscribe(self.customer.ids)
        self.answer(self.asked, partner_ids=[])
        self.assertTrue(self.asked.first_response_at)

    def test_an_answer_to_a_stranger(self):
        stranger = self.ticket(email_from="who@else.example")
        self.answer(
            stranger, partner_ids=[], outgoing_email_to="Who <who@else.example>"
        )
        self.assertTrue(stranger.first_response_at)

    def test_what_leaves_later_is_no_answer_yet(self):
        self.answer(self.asked, scheduled_date="2099-03-05 08:00:00")
        self.assertFalse(self.asked.first_response_at)
        self.later("2099-03-05 09:30")
        self.env["mail.message.schedule"]._send_notifications_cron()
        self.assertEqual(self.asked.first_response_at, utc("2099-03-05 09:30"))

    def test_who_is_called_has_an_answer(self):
        self.later("2026-03-04 12:00")
        self.talk("2026-03-04 11:30")
        self.assertEqual(self.asked.first_response_at, utc("2026-03-04 11:30"))
        self.assertEqual(self.clock(self.asked).state, "met")
        self.assertEqual(self.clock(self.asked).reached_at, utc("2026-03-04 11:30"))
        self.assertNoViolations()

    def test_a_visit_ends_the_wait_for_the_next_answer(self):
        self.answer(self.asked)
        self.later("2026-03-04 12:00")
        self.write_as_customer(self.asked)
        self.later("2026-03-04 14:00")
        self.talk("2026-03-04 13:00", channel="visit")
        clock = self.clock(self.asked, "next_response")
        self.assertEqual(clock.reached_at, utc("2026-03-04 13:00"))
        self.assertFalse(self.asked.customer_waits_since)
        self.assertNoViolations()

    def test_who_called_and_was_talked_to_has_an_answer(self):
        self.later("2026-03-04 12:00")
        self.talk("2026-03-04 11:30", direction="in", user_id=False)
        self.assertUnanswered()
        self.talk("2026-03-04 11:40", direction="in")
        self.assertEqual(self.asked.first_response_at, utc("2026-03-04 11:40"))

    def test_what_it_was_opened_for_is_no_answer(self):
        self.later("2026-03-04 12:00")
        self.talk("2026-03-04 09:30")
        self.assertUnanswered()

    def test_a_call_that_was_logged_late_was_the_first_answer(self):
        self.later("2026-03-04 12:00")
        self.answer(self.asked)
        self.talk("2026-03-04 11:00")
        self.assertEqual(self.asked.first_response_at, utc("2026-03-04 11:00"))
        self.assertEqual(self.asked.last_answer_at, utc("2026-03-04 12:00"))


@tagged("post_install", "-at_install")
class TestWhoMaySay(TalkCase):
    """Who may only read a ticket moves none of its deadlines."""

    def setUp(self):
        super().setUp()
        self.answer(self.asked)
        self.later("2026-03-04 12:00")
        self.asked.stage_id = self.stage_waiting
        self.later("2026-03-09 12:00")

    def state(self):
        self.env.invalidate_all()
        clocks = self.asked.clock_ids.sorted("id")
        pauses = self.asked.pause_ids
        return (
            self.asked.read(FIELDS),
            clocks.read(["target", "deadline", "paused_at", "reached_at"]),
            pauses.read(["started_at", "ended_at"]),
        )

    def test_a_seller_logs_a_talk_and_moves_nothing(self):
        before = self.state()
        talk = self.talk("2026-03-05 12:00", "seller", direction="in", channel="letter")
        self.assertEqual(talk.ticket_id, self.asked)
        self.assertFalse(talk.is_heard)
        self.assertEqual(self.state(), before)
        talk.date = utc("2026-03-05 11:00")
        talk.direction = "out"
        self.assertEqual(self.state(), before)
        self.talk("2026-03-06 12:00", "seller", direction="in", user_id=False)
        self.run_cron("cron_audit_pauses")
        self.assertEqual(self.state(), before)
        self.assertNoViolations()

    def test_nor_by_the_context(self):
        before = self.state()
        self.env_as("seller")["dcrm.interaction"].with_context(
            default_ticket_id=self.asked.id
        ).create(
            {
                "subject": "Talk",
                "partner_id": self.customer.id,
                "direction": "in",
                "channel": "letter",
                "date": utc("2026-03-05 12:00"),
            }
        )
        self.assertEqual(self.state(), before)

    def test_nor_by_logging_records(self):
        before = self.state()
        [result] = self.env_as("seller")["dcrm.interaction"].log_records(
            "Exchange",
            [
                {
                    "reference": "1",
                    "customer": self.customer.email,
                    "date": "2026-03-05 11:00",
                    "subject": "Talk",
                    "direction": "in",
                    "ticket": self.asked.number,
                }
            ],
            self.company_a.id,
        )
        self.assertFalse(result.get("errors"), result)
        talk = self.env["dcrm.interaction"].browse(result["id"])
        self.assertEqual(talk.ticket_id, self.asked)
        self.assertEqual(self.state(), before)

    def test_who_is_responsible_is_told_of_what_a_seller_logged(self):
        self.asked.user_id = self.users["agent"]
        told = self.asked.message_ids
        talk = self.talk("2026-03-05 12:00", "seller", direction="in", channel="letter")
        note = self.asked.message_ids - told
        self.assertIn(self.users["seller"].name, note.body)
        self.assertIn(f'data-oe-id="{talk.id}"', note.body)
        self.assertEqual(note.subtype_id, self.env.ref("mail.mt_note"))
        self.assertEqual(
            note.notification_ids.res_partner_id, self.users["agent"].partner_id
        )
        talk.subject = "Another word"
        self.talk("2026-03-05 13:00", "seller")
        self.talk("2026-03-05 14:00", direction="in")
        since = self.asked.message_ids - told
        self.assertEqual(since.filtered("partner_ids"), note)

    def test_whatever_is_logged_at_once_is_told_once(self):
        self.asked.user_id = self.users["agent"]
        told = self.asked.message_ids
        record = {"customer": self.customer.email, "date": "2026-03-05 11:00"}
        record |= {"direction": "in", "ticket": self.asked.number}
        results = self.env_as("seller")["dcrm.interaction"].log_records(
            "Exchange",
            [{**record, "reference": str(number)} for number in range(30)],
            self.company_a.id,
        )
        [note] = self.asked.message_ids - told
        talks = self.env["dcrm.interaction"].browse(each["id"] for each in results)
        self.assertIn(f'data-oe-id="{talks[0].id}"', note.body)
        talks.with_env(self.env_as("seller")).write({"ticket_id": self.asked.id})
        self.assertEqual(self.asked.message_ids - told, note)

    def test_who_is_not_with_us_any_more_is_not_told(self):
        owner = self.make_user("owner", "base.group_user", self.company_a)
        self.asked.user_id = owner
        self.team_a.lead_id = self.users["other_agent"]
        for _owner in range(2):
            told = self.asked.message_ids
            self.talk("2026-03-05 12:00", "seller", direction="in")
            note = self.asked.message_ids - told
            self.assertEqual(
                note.notified_partner_ids, self.users["other_agent"].partner_id
            )
            # Of us at first, who may not read it; then not even that.
            owner.active = False

    def test_who_may_only_read_it_writes_to_its_customer(self):
        message = self.answer(self.asked, role="seller")
        self.assertIn(self.customer, message.notified_partner_ids)
        self.assertTrue(self.asked.first_response_at)

    def test_what_counted_and_is_taken_away_is_told(self):
        talk = self.talk("2026-03-05 12:00")
        answered_at = self.asked.last_answer_at
        told = self.asked.message_ids
        talk.ticket_id = False
        note = self.asked.message_ids - told
        self.assertIn("is no longer about this ticket", note.body)
        self.assertEqual(note.author_id, self.users["agent"].partner_id)
        self.assertEqual(self.asked.last_answer_at, answered_at)

    def test_talks_with_somebody_else_move_nothing(self):
        before = self.state()
        installer = self.partner()
        for direction in ("in", "out"):
            talk = self.talk(
                "2026-03-05 12:00", direction=direction, partner_id=installer.id
            )
            self.assertFalse(talk.is_heard)
        self.assertEqual(self.state(), before)
        self.assertNoViolations()

    def test_an_agent_does(self):
        self.assertTrue(
            self.talk("2026-03-05 12:00", direction="in", channel="letter").is_heard
        )
        self.assertEqual(self.asked.stage_id, self.stage_progress)
        self.assertEqual(self.asked.pause_ids.ended_at, utc("2026-03-05 12:00"))


@tagged("post_install", "-at_install")
class TestOnClosedTickets(TalkCase):
    """A customer's word goes on with a closed ticket, or with one that follows it."""

    def setUp(self):
        super().setUp()
        self.answer(self.asked)
        self.later("2026-03-04 16:00")
        self.asked.stage_id = self.stage_solved
        self.team_a.reopen_within_days = 14

    def test_a_letter_opens_it_again(self):
        self.later("2026-03-09 12:00")
        letter = self.talk("2026-03-09 11:00", direction="in", channel="letter")
        self.assertFalse(self.asked.closed_at)
        self.assertEqual(self.asked.reopened_count, 1)
        self.assertEqual(self.asked.customer_waits_since, utc("2026-03-09 11:00"))
        self.assertEqual(letter.ticket_id, self.asked)
        self.assertNoViolations()

    def test_long_after_it_goes_on_in_another(self):
        self.later("2026-04-09 12:00")
        call = self.talk("2026-04-09 11:59", direction="in", channel="phone")
        self.assertTrue(self.asked.closed_at)
        following = self.asked.continued_in_id
        self.assertEqual(call.ticket_id, following)
        self.assertEqual(following.partner_id, self.customer)
        self.assertEqual(following.channel, "phone")
        letter = self.talk("2026-04-09 12:00", direction="in", channel="web")
        self.assertEqual(letter.ticket_id, following)
        self.assertTrue(call.is_heard and letter.is_heard)
        self.assertNotIn("no longer", str(self.asked.message_ids.mapped("body")))
        talks = self.env["dcrm.interaction"].search([("ticket_id", "=", following.id)])
        self.assertEqual(talks, call | letter)
        self.assertNoViolations()

    def test_what_was_said_before_it_was_closed_opens_nothing(self):
        self.later("2026-03-09 12:00")
        self.talk("2026-03-04 15:00", direction="in", channel="letter")
        self.assertTrue(self.asked.closed_at)

    def test_what_we_say_opens_nothing(self):
        self.later("2026-03-09 12:00")
        self.talk("2026-03-09 11:00")
        self.assertTrue(self.asked.closed_at)

    def test_who_may_only_read_it_opens_nothing(self):
        self.later("2026-03-09 12:00")
        self.talk("2026-03-09 11:00", "seller", direction="in", channel="letter")
        self.assertTrue(self.asked.closed_at)
        self.assertFalse(self.asked.reopened_count)

    def test_of_a_merged_ticket_the_living_one_hears(self):
        living = self.ticket(self.customer)
        merged = self.ticket(self.customer)
        merged._merge_into(living)
        self.later("2026-03-09 12:00")
        # Nobody logs one with what was merged; what came about by itself may be.
        call = self.talk("2026-03-09 11:00", direction="in", ticket=living)
        call.sudo().ticket_id = merged
        self.assertEqual(call.ticket_id, living)
        self.assertEqual(living.first_response_at, utc("2026-03-09 11:00"))
