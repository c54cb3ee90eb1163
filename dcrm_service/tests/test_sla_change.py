"""What sets deadlines anew: the ticket, the customer, the policies."""

from datetime import timedelta

from odoo.tests import tagged

from .common_sla import CourseCase, utc


@tagged("post_install", "-at_install")
class TestSlaChange(CourseCase):
    def test_a_change_sets_it_anew_and_keeps_what_it_was(self):
        urgent = self.policy("Urgent", 1, priority="3")
        ticket = self.ticket(self.partner())
        ticket.priority = "3"
        clock = self.clock(ticket)
        self.assertEqual(clock.policy_id, urgent)
        self.assertDue(ticket, "2026-03-04 11:00")
        change = clock.change_ids
        self.assertEqual(change.deadline_before, utc("2026-03-05 10:00"))
        self.assertEqual(change.policy_before_id, self.everyone)
        self.assertEqual(change.reason, "Priority: Urgent")
        note = ticket.message_ids.filtered(lambda each: "Priority: Urgent" in each.body)
        self.assertTrue(note)
        for words in ("4 Mar 2026 11:00", "5 Mar 2026 10:00", "policy Urgent"):
            self.assertIn(words, note[0].body)
        ticket.priority = "0"
        self.assertDue(ticket, "2026-03-05 10:00")
        self.assertEqual(len(clock.change_ids), 2)
        self.assertNoViolations()

    def test_a_change_that_changes_nothing_leaves_no_trace(self):
        ticket = self.ticket(self.partner())
        before = len(ticket.message_ids)
        ticket.write(
            {
                "priority": "1",
                "kind_id": self.env["dcrm.ticket.kind"].search([], limit=1).id,
            }
        )
        self.assertFalse(ticket.sla_change_ids)
        self.assertEqual(len(ticket.message_ids), before)

    def test_what_was_reached_is_not_promised_anew(self):
        ticket = self.ticket(self.partner())
        self.answer(ticket)
        self.policy("Urgent", 0.5, 2, priority="3")
        ticket.priority = "3"
        self.assertDue(ticket, "2026-03-05 10:00")
        self.assertEqual(ticket.resolution_deadline, utc("2026-03-04 12:00"))

    def test_a_promise_that_ends_is_kept_in_the_history(self):
        kind = self.env["dcrm.ticket.kind"].search([], limit=1)
        self.everyone.kind_ids = kind
        ticket = self.ticket(self.partner(), kind_id=kind.id)
        ticket.kind_id = False
        self.assertFalse(ticket.next_deadline)
        clock = self.clock(ticket)
        self.assertFalse(clock.state)
        self.assertEqual(clock.change_ids.policy_before_id, self.everyone)
        self.assertNoViolations()

    def test_what_is_broken_stays_so_where_nothing_is_promised(self):
        kind = self.env["dcrm.ticket.kind"].search([], limit=1)
        self.everyone.kind_ids = kind
        ticket = self.ticket(self.partner(), kind_id=kind.id)
        clock = self.clock(ticket)
        due = clock.deadline
        self.later("2026-03-20 10:00")
        ticket.with_env(self.env_as("agent")).kind_id = False
        self.assertEqual((clock.state, clock.deadline), ("breached", due))
        self.assertTrue(ticket.is_late)
        self.answer(ticket)
        self.env.flush_all()
        row = self.env["dcrm.sla.report"].search(
            [("ticket_id", "=", ticket.id), ("target", "=", "first_response")]
        )
        self.assertEqual((row.state, row.kept), ("breached", 0))
        self.assertNoViolations()

    def test_open_tickets_follow_the_customers_level(self):
        self.policy("Premier", 1, 4, service_level_ids=self.premier.ids)
        customer = self.served(self.standard)
        open_, closed = self.ticket(customer), self.ticket(customer)
        theirs = self.ticket(customer, self.team_b)
        closed.stage_id = self.stage_solved
        contact = self.partner(parent_id=customer.id)
        of_contact = self.ticket(contact)
        self.assertEqual(of_contact.service_level_id, self.standard)
        customer.with_company(self.company_a).service_level_id = self.premier
        for ticket in (open_, of_contact):
            self.assertEqual(ticket.service_level_id, self.premier)
            self.assertDue(ticket, "2026-03-04 11:00")
            self.assertEqual(
                set(ticket.sla_change_ids.mapped("reason")), {"Service level: Premier"}
            )
        self.assertEqual(closed.service_level_id, self.standard)
        self.assertDue(closed, "2026-03-05 10:00")
        self.assertFalse(theirs.service_level_id)
        self.assertNoViolations()

    def test_a_posted_purchase_that_lifts_the_class_lifts_the_next_deadline(self):
        self.company_a.customer_scoring = True
        self.policy("Premier", 1, 4, service_level_ids=self.premier.ids)
        large, small = self.partner(), self.partner()
        self.purchase(large, 900.0)
        self.purchase(small, 30.0)
        self.refresh()
        self.assertEqual(self.ticket(large).service_level_id, self.premier)
        ticket = self.ticket(small)
        self.assertNotEqual(ticket.service_level_id, self.premier)
        self.assertDue(ticket, "2026-03-05 10:00")
        self.purchase(small, 9000.0)
        self.refresh(full=True)
        self.assertEqual(ticket.service_level_id, self.premier)
        self.assertDue(ticket, "2026-03-04 11:00")
        self.assertDue(self.ticket(small), "2026-03-04 11:00")
        self.assertNoViolations()

    def test_other_contact_other_customer_other_level(self):
        self.policy("Premier", 1, 4, service_level_ids=self.premier.ids)
        ticket = self.ticket(self.served(self.standard))
        ticket.partner_id = self.served(self.premier)
        self.assertEqual(ticket.service_level_id, self.premier)
        self.assertDue(ticket, "2026-03-04 11:00")

    def test_merged_customers_have_one_level(self):
        self.policy("Premier", 1, 4, service_level_ids=self.premier.ids)
        into, gone = self.served(self.standard), self.served(self.premier)
        tickets = self.ticket(into) | self.ticket(gone)
        closed = self.ticket(gone, stage_id=self.stage_solved.id)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((into | gone).ids, into, extra_checks=False)
        self.assertEqual((tickets | closed).commercial_partner_id, into)
        for ticket in tickets:
            self.assertEqual(ticket.service_level_id, self.standard)
            self.assertDue(ticket, "2026-03-05 10:00")
        self.assertEqual(closed.service_level_id, self.premier)
        self.assertNoViolations()

    def test_policies_are_applied_to_open_tickets_on_demand(self):
        ticket, closed = self.ticket(self.partner()), self.ticket(self.partner())
        closed.stage_id = self.stage_solved
        self.everyone.first_response_hours = 4
        self.assertDue(ticket, "2026-03-05 10:00")
        self.everyone.with_env(self.env_as("service_manager")).action_apply()
        self.assertDue(ticket, "2026-03-04 14:00")
        self.assertDue(closed, "2026-03-05 10:00")
        self.assertNoViolations()

    def test_many_at_once_are_promised_as_each_by_itself(self):
        self.policy("Premier", 2, 8, service_level_ids=self.premier.ids)
        customers = [self.served(self.premier), self.served(self.standard)]
        values = [
            {
                "name": f"{number}",
                "partner_id": customers[number % 2].id,
                "team_id": (self.team_a, self.team_b)[number % 3 == 0].id,
                "company_id": (self.company_a, self.company_b)[number % 3 == 0].id,
                "opened_at": utc("2026-03-01 10:00") + timedelta(hours=7 * number),
            }
            for number in range(12)
        ]
        self.policy("B", 3, company=self.company_b)
        together = self.env["dcrm.ticket"].create(values)
        for ticket, each in zip(together, values, strict=True):
            alone = self.env["dcrm.ticket"].create(each)
            for field in ("first_response_deadline", "resolution_deadline"):
                self.assertEqual(ticket[field], alone[field])
        self.assertNoViolations()
