from email.utils import formatdate, make_msgid

from odoo import fields
from odoo.tests import tagged

from .common_interaction import InteractionCase


@tagged("post_install", "-at_install")
class TestOutgoing(InteractionCase):
    """What one of us writes to a customer is an interaction with that customer."""

    def test_email_to_a_contact(self):
        message = self.send("agent", self.bistro, [self.jan])
        talk = self.interactions()
        self.assertEqual(len(talk), 1)
        self.assertEqual(
            (talk.subject, talk.channel, talk.direction, talk.date),
            ("Our offer", "email", "out", message.date),
        )
        self.assertEqual(talk.partner_id, self.jan)
        self.assertEqual(talk.commercial_partner_id, self.bistro)
        self.assertEqual(talk.user_id, self.users["agent"])
        self.assertEqual(talk.company_id, self.company_a)
        self.assertEqual((talk.res_model, talk.res_id), ("mail.message", message.id))
        self.assertEqual(talk.create_uid, self.env.ref("base.user_root"))

    def test_follower_counts_as_addressed(self):
        order = self.order(self.jan, 10)
        order.message_subscribe(self.jan.ids)
        self.send("agent", order)
        self.assertEqual(self.interactions().partner_id, self.jan)

    def test_several_people_of_a_customer(self):
        self.send("agent", self.bistro, [self.mia, self.jan])
        talk = self.interactions()
        self.assertEqual(len(talk), 1)
        self.assertEqual(talk.partner_id | talk.contact_ids, self.mia | self.jan)

    def test_several_customers_on_one_email(self):
        self.send("agent", self.bistro, [self.jan, self.leo])
        talks = self.interactions()
        self.assertEqual(talks.commercial_partner_id, self.bistro | self.hotel)
        self.assertEqual(len(talks), 2)
        for talk in talks:
            self.assertEqual(
                talk.partner_id.commercial_partner_id, talk.commercial_partner_id
            )
            self.assertFalse(talk.contact_ids, "the others are not theirs")

    def test_colleagues_who_are_named(self):
        colleague = self.users["other_agent"].partner_id
        self.send("agent", self.bistro, [self.jan, colleague])
        self.assertEqual(self.interactions().user_ids, self.users["other_agent"])

    def test_internal_notes_never(self):
        self.send(
            "agent", self.bistro, [self.jan], subtype_xmlid="mail.mt_note", subject="No"
        )
        self.send("agent", self.bistro, [self.jan], is_internal=True)
        self.bistro.with_env(self.env_as("agent"))._message_log(body="Noted")
        self.assertFalse(self.interactions())

    def test_only_among_ourselves(self):
        self.send("agent", self.bistro, [self.users["other_agent"].partner_id])
        self.send("agent", self.bistro)
        former = self.users["other_seller"]
        former.active = False
        self.send("agent", self.bistro, [former.partner_id])
        ours = self.partner(
            parent_id=self.company_a.partner_id.id, email="desk@ours.example"
        )
        self.send("agent", self.bistro, [ours, self.company_b.partner_id])
        self.assertFalse(self.interactions())

    def test_who_has_no_address_got_nothing(self):
        self.jan.email = False
        self.send("agent", self.bistro, [self.jan])
        self.assertFalse(self.interactions())

    def test_automatic_messages_are_no_contact(self):
        self.send("agent", self.bistro, [self.jan], message_type="notification")
        self.send("agent", self.bistro, [self.jan], message_type="auto_comment")
        root = self.env.ref("base.user_root")
        self.bistro.with_user(root).message_post(
            body="Your bill",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.jan.ids,
        )
        self.bistro.with_env(self.env_as("agent")).message_notify(
            body="Look", partner_ids=self.jan.ids
        )
        self.assertFalse(self.interactions())

    def test_sent_later_is_captured_when_sent(self):
        later = fields.Datetime.add(fields.Datetime.now(), days=1)
        message = self.send("agent", self.bistro, [self.jan], scheduled_date=later)
        self.assertFalse(self.interactions())
        self.env["mail.message.schedule"].search(
            [("mail_message_id", "=", message.id)]
        ).sudo()._send_notifications()
        self.assertEqual(len(self.interactions()), 1)

    def test_notified_again_is_the_same(self):
        message = self.send("agent", self.bistro, [self.jan])
        self.bistro.with_env(self.env_as("agent"))._notify_thread(
            message, skip_existing=True
        )
        self.assertEqual(len(self.interactions()), 1)

    def test_mass_mailing_is_no_contact(self):
        composer = (
            self.env_as("service_manager")["mail.compose.message"]
            .with_context(active_model="res.partner", active_ids=[self.jan.id])
            .create(
                {"composition_mode": "mass_mail", "body": "News", "subject": "News"}
            )
        )
        self.users["service_manager"].group_ids |= self.env.ref(
            "base.group_partner_manager"
        )
        composer._action_send_mail()
        self.assertFalse(self.interactions())

    def test_switched_off_nothing_happens(self):
        self.company_a.interaction_capture = False
        self.send("agent", self.bistro, [self.jan])
        self.receive(self.jan)
        self.meeting([self.jan])
        self.assertFalse(self.interactions())

    def test_people_do_not_work_in_documents_of_employees(self):
        """A hook says where messages are with customers at all."""
        self.patch(type(self.bistro), "_is_customer_thread", lambda self: False)
        self.send("agent", self.bistro, [self.jan])
        self.assertFalse(self.interactions())


@tagged("post_install", "-at_install")
class TestCompanies(InteractionCase):
    """Each interaction belongs to the company that it was with."""

    def test_only_companies_that_capture(self):
        self.send("agent_b", self.bistro, [self.jan])
        self.assertFalse(self.interactions())
        self.company_b.interaction_capture = True
        self.send("agent_b", self.bistro, [self.jan])
        self.assertEqual(self.interactions().company_id, self.company_b)

    def test_company_of_the_document(self):
        self.company_b.interaction_capture = True
        order = self.order(self.jan, 10, company=self.company_b)
        self.send("agent_ab", order, [self.jan], company=self.company_b)
        self.assertEqual(self.interactions().company_id, self.company_b)

    def test_company_that_the_user_works_in(self):
        self.company_b.interaction_capture = True
        self.send("agent_ab", self.bistro, [self.jan], company=self.company_b)
        self.assertEqual(self.interactions().company_id, self.company_b)

    def test_customer_of_one_company_alone(self):
        self.company_b.interaction_capture = True
        (self.bistro | self.jan | self.mia).company_id = self.company_b
        self.send("agent_ab", self.bistro, [self.jan], company=self.company_a)
        talk = self.interactions()
        self.assertEqual(talk.company_id, self.company_b)

    def test_answer_belongs_to_the_company_that_wrote(self):
        self.company_b.interaction_capture = True
        sent = self.send("agent_b", self.bistro, [self.jan])
        self.answer(self.jan, sent)
        answer = self.interactions().filtered(lambda talk: talk.direction == "in")
        self.assertEqual(answer.company_id, self.company_b)
        self.assertEqual(answer.partner_id, self.jan)

    def test_one_email_to_two_companies(self):
        """Each has its own interaction of it, and only one."""
        self.company_b.interaction_capture = True
        self.team_b.write({"alias_name": "care-b", "alias_domain_id": self.domain.id})
        to = "care-a@dcrm.example, care-b@dcrm.example"
        self.receive(self.jan, to)
        talks = self.interactions()
        self.assertEqual(talks.company_id, self.companies)
        self.assertEqual(len(talks), 2)


@tagged("post_install", "-at_install")
class TestIncoming(InteractionCase):
    """What a customer writes is an interaction with that customer."""

    def test_email_that_makes_a_ticket(self):
        self.bistro.user_id = self.users["seller"]
        ticket = self.env["dcrm.ticket"].browse(self.receive(self.jan))
        talk = self.interactions()
        self.assertEqual(len(talk), 1)
        self.assertEqual(
            (talk.subject, talk.channel, talk.direction, talk.partner_id),
            ("Broken pan", "email", "in", self.jan),
        )
        self.assertEqual((talk.ticket_id, talk.company_id), (ticket, self.company_a))
        self.assertIn("It broke.", talk.origin_body)

    def test_answer_to_our_email(self):
        order = self.order(self.jan, 10)
        order.user_id = self.users["seller"]
        sent = self.send("agent", order, [self.jan])
        self.answer(self.jan, sent)
        first, second = self.interactions()
        self.assertEqual((first.direction, second.direction), ("out", "in"))
        self.assertEqual(second.user_id, self.users["seller"], "whose order it is")

    def test_the_same_email_many_times(self):
        email = self.email(self.jan)
        for _attempt in range(3):
            self.process(email)
        self.assertEqual(len(self.interactions()), 1)

    def test_one_email_to_two_addresses_of_ours(self):
        self.make_team("Repairs", self.company_a, alias_name="repairs")
        self.env["dcrm.ticket.team"].search([("name", "=", "Repairs")]).write(
            {"alias_domain_id": self.domain.id}
        )
        self.receive(self.jan, "care-a@dcrm.example, repairs@dcrm.example")
        tickets = self.env["dcrm.ticket"].search([("partner_id", "=", self.jan.id)])
        self.assertEqual(len(tickets), 2)
        self.assertEqual(len(self.interactions()), 1)

    def test_sender_whom_nobody_knows(self):
        self.receive("stranger@nowhere.example")
        self.receive("")
        self.assertFalse(self.interactions())

    def test_colleague_writes_to_a_customer_with_a_copy_to_us(self):
        agent = self.users["agent"].partner_id
        to = "jan@bistro.example, care-a@dcrm.example"
        # Nobody is a colleague by saying so.
        self.receive(agent, to, Cc="leo@hotel.example")
        self.assertFalse(self.interactions())
        self.env["ir.config_parameter"].set_param(
            "dcrm_service.authentication_servers", "mx.dcrm.example"
        )
        domain = agent.email_normalized.partition("@")[2]
        proven = {
            "Cc": "leo@hotel.example",
            "Authentication-Results": f"mx.dcrm.example; dkim=pass header.d={domain}",
        }
        self.receive(agent, to, **proven)
        talks = self.interactions()
        self.assertEqual(talks.commercial_partner_id, self.bistro | self.hotel)
        self.assertEqual(set(talks.mapped("direction")), {"out"})
        self.assertEqual(talks.user_id, self.users["agent"])

    def test_answer_to_an_internal_note(self):
        note = self.send(
            "agent", self.bistro, [self.jan], subtype_xmlid="mail.mt_note", subject="No"
        )
        self.answer(self.jan, note)
        self.assertFalse(self.interactions())

    def test_machines_are_no_customers(self):
        sent = self.send("agent", self.bistro, [self.jan])
        for headers in (
            {"Auto_Submitted": "auto-replied"},
            {"Auto_Submitted": "auto-generated; x=y"},
            {"Precedence": "bulk"},
            {"X_Autoreply": "yes"},
        ):
            self.answer(self.jan, sent, **headers)
        self.assertEqual(self.interactions().mapped("direction"), ["out"])
        self.answer(self.jan, sent, Auto_Submitted="no")
        self.assertEqual(self.interactions().mapped("direction"), ["out", "in"])

    def test_clock_of_the_sender_is_ahead(self):
        future = fields.Datetime.add(fields.Datetime.now(), days=3).timestamp()
        self.receive(self.jan, Date=formatdate(future))
        self.assertLessEqual(self.interactions().date, fields.Datetime.now())

    def test_customer_in_the_portal(self):
        portal = self.users["portal"]
        portal.partner_id.parent_id = self.bistro
        ticket = self.ticket(portal.partner_id)
        ticket.with_user(self.env.ref("base.user_root")).message_post(
            author_id=portal.partner_id.id,
            body="Any news?",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        talk = self.interactions()
        self.assertEqual((talk.channel, talk.direction), ("portal", "in"))
        self.assertEqual((talk.partner_id, talk.ticket_id), (portal.partner_id, ticket))

    def test_no_subject(self):
        order = self.order(self.jan, 10)
        self.send("agent", order, [self.jan], subject=False)
        self.assertEqual(self.interactions().subject, order.display_name)

    def test_message_id_that_an_interaction_has(self):
        """What is captured stays one, even where the message is deleted and resent."""
        sent = self.send("agent", self.bistro, [self.leo])
        message_id = make_msgid(domain="x.example")
        self.answer(self.jan, sent, message_id=message_id)
        talk = self.interactions(self.bistro)
        self.env["mail.message"].search([("message_id", "=", message_id)]).unlink()
        self.answer(self.jan, sent, message_id=message_id)
        self.assertEqual(len(talk), 1)
        self.assertEqual(self.interactions(self.bistro), talk)

    def test_message_is_shown_to_who_may_read_it(self):
        order = self.order(self.jan, 10)
        self.bistro.user_id = self.users["seller"]
        self.send("agent", order, [self.jan], body="A secret price")
        talk = self.interactions()
        self.assertEqual(talk.said or "", "")
        for role, shown in (("seller", False), ("agent", True)):
            seen = talk.with_env(self.env_as(role))
            with self.subTest(role):
                self.assertEqual("secret" in (seen.origin_body or ""), shown)

    def test_message_or_document_is_gone(self):
        order = self.order(self.jan, 10, confirm=False)
        self.send("agent", order, [self.jan])
        talk = self.interactions()
        self.assertEqual(talk.action_open_origin()["res_id"], order.id)
        order.unlink()
        self.env.invalidate_all()
        self.assertEqual(talk.subject, "Our offer")
        self.assertFalse(talk.origin_body)
        with self.assertRaisesRegex(Exception, "no more"):
            talk.action_open_origin()
