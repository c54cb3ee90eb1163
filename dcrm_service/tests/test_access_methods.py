"""What the network may call: every public method is known, and refuses who may not."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import get_public_method
from odoo.tests import tagged

from odoo.addons.dcrm_analytics.tests.common_access import added_methods, digest

from .common import ServiceCase
from .test_access import ACCESS, ROLES

AGENTS = {"agent", "service_manager"}
MANAGERS = {"service_manager"}
ANALYSTS = {"analyst", "manager"}
READERS = {"seller", "seller_all", *ANALYSTS, *AGENTS}
STAFF = {"nobody", *READERS}
# Every public method that the addon adds, and the roles that may call it: on what is
# theirs to see, as the seller's own customer is.
METHODS = {
    ("dcrm.customer.profit", "action_open_document"): READERS - AGENTS,
    ("dcrm.customer.score", "refresh"): ANALYSTS,
    # Who was told answers, and a manager of service for them.
    ("dcrm.escalation.notice", "action_accept"): MANAGERS,
    ("dcrm.escalation.notice", "action_hand_on"): MANAGERS,
    ("dcrm.escalation.notice", "action_open_ticket"): READERS,
    ("dcrm.interaction", "action_create_ticket"): AGENTS,
    ("dcrm.interaction", "action_open_origin"): READERS,
    ("dcrm.interaction", "log_records"): STAFF,
    ("dcrm.interaction.import", "action_read"): {"manager"},
    ("dcrm.interaction.promise", "action_keep"): {"manager", *AGENTS},
    ("dcrm.interaction.promise", "action_reopen"): {"manager", *AGENTS},
    ("dcrm.interaction.promise", "action_withdraw"): {"manager", *AGENTS},
    ("dcrm.sla.policy", "action_apply"): MANAGERS,
    ("dcrm.ticket", "action_accept_escalation"): READERS,
    ("dcrm.ticket", "action_assign_to_me"): AGENTS,
    ("dcrm.ticket", "action_close"): AGENTS,
    # To make coupons takes a manager of the host's, too.
    ("dcrm.ticket", "action_give_coupon"): set(),
    ("dcrm.ticket", "action_hand_on_escalation"): READERS,
    ("dcrm.ticket", "action_open_earlier"): READERS,
    ("dcrm.ticket", "action_open_living"): READERS,
    ("dcrm.ticket", "action_open_parts"): READERS,
    ("dcrm.ticket", "action_refund"): AGENTS,
    ("dcrm.ticket", "action_reopen"): AGENTS,
    ("dcrm.ticket", "action_replace"): AGENTS,
    ("dcrm.ticket", "action_return"): AGENTS,
    ("dcrm.ticket", "answered_since"): READERS,
    ("dcrm.ticket", "note_absence"): READERS,
    ("dcrm.ticket", "note_presence"): READERS,
    ("dcrm.ticket", "open_request"): AGENTS,
    ("dcrm.ticket.choice.line", "action_choose"): AGENTS,
    ("dcrm.ticket.close", "action_apply"): AGENTS,
    ("dcrm.ticket.document", "action_open"): READERS,
    ("dcrm.ticket.macro", "of_tickets"): AGENTS,
    ("dcrm.ticket.macro", "run"): AGENTS,
    ("dcrm.ticket.macro.run", "action_run"): AGENTS,
    ("dcrm.ticket.merge", "action_add_same_customer"): AGENTS,
    ("dcrm.ticket.merge", "action_merge"): AGENTS,
    ("dcrm.ticket.split", "action_split"): AGENTS,
    ("dcrm.ticket.team", "action_open_ratings"): STAFF,
    ("dcrm.ticket.team", "action_open_tickets"): STAFF,
    ("dcrm.ticket.time", "action_apply_cost"): MANAGERS,
    ("dcrm.ticket.time", "action_open_ticket"): READERS,
    ("res.partner", "action_log_interaction"): STAFF,
    ("res.partner", "action_open_interactions"): STAFF,
    ("res.partner", "action_open_tickets"): STAFF,
}
HOST_GROUPS = (
    "sales_team.group_sale_salesman_all_leads",
    "account.group_account_invoice",
)
# The marker of what only those may read who may call the method.
MARK = "Mkqz"


class Undone(Exception):
    """Takes back what was tried."""


@tagged("post_install", "-at_install")
class TestAccessMethods(ServiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["public"] = cls.env.ref("base.public_user")
        # What is begun in a ticket needs the rights of the host as well.
        for role in AGENTS:
            for group in HOST_GROUPS:
                cls.users[role].group_ids |= cls.env.ref(group)
        self = cls("make_records")
        self.make_records()
        cls.env.flush_all()

    def make_records(self):
        """Give a seller's customer one of everything that a method is called on."""
        cls = type(self)
        self.env["dcrm.sla.policy"].create(
            {"name": "Everyone", "company_id": False, "first_response_hours": 4}
        )
        customer = self.partner(f"{MARK} own", seller="seller")
        cls.subject = self.ticket(customer, name=MARK, product_id=self.product.id)
        talk = self.env["dcrm.interaction"].create(
            {
                "partner_id": customer.id,
                "subject": MARK,
                "company_id": self.company_a.id,
                "promise_ids": [Command.create({"name": MARK})],
            }
        )
        ladder = self.env["dcrm.escalation.policy"].create(
            {
                "name": "Ladder",
                "team_id": self.team_a.id,
                "step_ids": [Command.create({"role": "lead"})],
            }
        )
        notice = self.env["dcrm.escalation.notice"].create(
            {
                "clock_id": self.subject.clock_ids[:1].id,
                "policy_id": ladder.id,
                "step_id": ladder.step_ids.id,
                "user_id": self.users["service_manager"].id,
                "told_at": self.subject.opened_at,
            }
        )
        message = self.subject.message_post(body=MARK, message_type="comment")
        talk.write({"res_model": "mail.message", "res_id": message.id})
        quotation = self.order(customer, 10, confirm=False)
        document = self.env["dcrm.ticket.document"].create(
            {
                "ticket_id": self.subject.id,
                "kind": "replacement",
                "res_model": quotation._name,
                "res_id": quotation.id,
            }
        )
        time = self.env["dcrm.ticket.time"].create(
            {
                "ticket_id": self.subject.id,
                "minutes": 5,
                "user_id": self.users["agent"].id,
            }
        )
        profit = self.env["dcrm.customer.profit"].create(
            {
                "partner_id": customer.id,
                "company_id": self.company_a.id,
                "date": time.date,
                "source": "service",
                "res_id": time.id,
                "service_time_id": time.id,
            }
        )
        cls.records = {
            "dcrm.customer.profit": profit,
            "dcrm.escalation.notice": notice,
            "dcrm.interaction": talk,
            "dcrm.interaction.promise": talk.promise_ids,
            "dcrm.sla.policy": self.env["dcrm.sla.policy"].search([], limit=1),
            "dcrm.ticket": self.subject,
            "dcrm.ticket.document": document,
            "dcrm.ticket.macro": self.env["dcrm.ticket.macro"].create(
                {"name": "Macro", "company_id": self.company_a.id}
            ),
            "dcrm.ticket.team": self.team_a,
            "dcrm.ticket.time": time,
            "res.partner": customer,
        }

    def dialog(self, model, role):
        """Return a dialog on the ticket that a role has opened already."""
        ticket = self.subject
        values = {
            "dcrm.interaction.import": {"company_id": self.company_a.id},
            "dcrm.ticket.choice.line": {
                "choice_id": (
                    self.env["dcrm.ticket.choice"]
                    .with_user(self.users[role])
                    .sudo()
                    .create({"ticket_id": ticket.id, "kind": "replacement"})
                    .id
                ),
                "res_model": "product.product",
                "res_id": self.product.id,
            },
            "dcrm.ticket.close": {"ticket_id": ticket.id},
            "dcrm.ticket.macro.run": {
                "ticket_ids": ticket.ids,
                "macro_id": self.records["dcrm.ticket.macro"].id,
            },
            "dcrm.ticket.merge": {
                "ticket_ids": (ticket | self.ticket(ticket.partner_id)).ids
            },
            "dcrm.ticket.split": {"ticket_id": ticket.id, "name": "Split"},
        }[model]
        dialogs = self.env[model].with_user(self.users[role]).sudo()
        return dialogs.create(values)

    def records_for(self, model, role):
        if model in self.records:
            return self.records[model]
        if self.env[model]._transient:
            return self.dialog(model, role)
        return self.env[model]

    def arguments_of(self, name):
        return {
            "answered_since": (0,),
            "log_records": (
                "Exchange",
                [{"reference": "1", "customer": MARK, "date": "2026-01-31 14:05"}],
            ),
            "of_tickets": (self.subject.ids,),
            "open_request": ("key", "Subject"),
            "run": (self.subject.ids,),
        }.get(name, ())

    def call(self, role, model, name):
        """Call a method as the network does; return its answer in words."""
        records = self.records_for(model, role).with_env(self.env_as(role))
        # A call from the network finds nothing read already.
        self.env.invalidate_all()
        method = get_public_method(records, name)
        return repr(method(records, *self.arguments_of(name)))

    def is_answered(self, role, model, name):
        """Return whether a role may call a method; take back what it did."""
        try:
            with self.env.cr.savepoint():
                self.call(role, model, name)
                raise Undone
        except AccessError:
            return False
        except (Undone, UserError):
            return True

    def digest(self):
        """Return a digest of the rows of the addon, and of what it makes elsewhere."""
        lasting = [name for name in ACCESS if not self.env[name]._transient]
        return digest(
            self.env,
            [*lasting, "res.partner", "mail.message", "mail.activity", "sale.order"],
        )

    def test_every_public_method_is_known(self):
        self.assertEqual(added_methods(self.env, "dcrm_service"), set(METHODS))

    def test_who_may_call_what(self):
        methods = dict(METHODS)
        if "loyalty.card" not in self.env:
            # Agents are told that there are no coupons.
            methods["dcrm.ticket", "action_give_coupon"] = AGENTS
        for (model, name), may in methods.items():
            for role in ROLES:
                self.records_for(model, role)
                before = self.digest()
                with self.subTest(f"{role} calls {model}.{name}"):
                    answered = self.is_answered(role, model, name)
                    self.assertEqual(answered, role in may)
                    if not answered:
                        self.assertEqual(self.digest(), before)
