"""Whatever happens to orders, documents, cards and customers, the ledger is right."""

from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_points import PointsCase

# What has to succeed somewhere, and the moves that have to come of it.
DONE = {
    *("confirm", "reward", "press", "edit", "add", "remove", "cancel", "reopen"),
    *(
        "bill",
        "give back",
        "give a line back",
        "take the bill back",
        "pay",
        "take the payment back",
    ),
    *("adjust", "merge", "become a contact"),
}
KINDS = {
    *("earn", "pending", "release", "redeem", "expire", "reverse", "adjust"),
    "transfer",
}

# What each of these brings beside its euros.
OF_A_LID = 5

# Which of what there is, whatever there is.
which = st.integers(0, 99)
quantities = st.sampled_from([1, 2, 3, 0.5, 7])
# The same examples each time: what has to happen in them is asserted at the end.
steps = settings(
    max_examples=14,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
terms = st.fixed_dictionaries(
    {
        "earn_on": st.sampled_from(["order", "invoice", "paid"]),
        "pending_days": st.sampled_from([0, 5]),
        "points_expiry": st.sampled_from(["never", "fixed", "earned", "inactive"]),
        "expiry_months": st.just(1),
    }
)


class Shop(RuleBasedStateMachine):
    """Two companies sell to four customers, on the terms that were drawn."""

    def __init__(self):
        super().__init__()
        self.env = self.case.env
        self.savepoint = self.case.cr.savepoint()
        self.orders = self.env["sale.order"]
        self.bills = self.env["account.move"]
        self.payments = self.env["account.payment"]
        self.customers = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(4)]
        )
        self.day = self.case.today()
        self.case.patch(
            type(self.case.company_a), "_customer_today", lambda company: self.day
        )

    def teardown(self):
        try:
            self.case.assertNoViolations()
            groups = self.env["dcrm.points.move"]._read_group([], ["kind"])
            self.case.seen.update(kind for [kind] in groups)
        finally:
            self.savepoint.close(rollback=True)
            self.env.invalidate_all()

    @initialize(here=terms, there=terms)
    def found(self, here, there):
        program = self.case.make_program(company=self.case.company_b)
        for each in program | self.case.program:
            lids = self.case.lids[each.company_id]
            each.rule_ids = [
                Command.create(
                    {
                        "reward_point_mode": "unit",
                        "reward_point_amount": OF_A_LID,
                        "minimum_qty": 0,
                        "product_ids": [Command.set(lids.ids)],
                    }
                )
            ]
        self.clubs = {
            self.case.company_a: self.case.points_club(**here),
            self.case.company_b: self.case.points_club(
                company=self.case.company_b, program_id=program.id, **there
            ),
        }
        for who in range(4):
            self.sell(who, False, 2, False, True)

    # -- helpers ---------------------------------------------------------------------

    @contextmanager
    def trying(self, what):
        """Count what was done; what is refused in words leaves nothing behind."""
        try:
            with self.case.cr.savepoint():
                yield
            self.case.done[what] += 1
        except UserError:
            self.case.refused[what] += 1
            self.env.invalidate_all()

    def pick(self, number, records):
        return records[number % len(records)]

    def of_state(self, *states):
        return self.orders.filtered(lambda order: order.state in states)

    def posted(self, kind="out_invoice"):
        return self.bills.filtered(
            lambda bill: bill.state == "posted" and bill.move_type == kind
        )

    # -- orders ----------------------------------------------------------------------

    def quotation(self, who, there, many, dollars):
        company = self.case.company_b if there else self.case.company_a
        values = {}
        if dollars and not there:
            values["pricelist_id"] = self.case._pricelist(self.case.usd, company).id
        order = self.case.order(
            many, partner=self.pick(who, self.customers), company=company, **values
        )
        self.orders |= order
        return order

    @precondition(lambda self: self.posted())
    @rule(number=which, line=which)
    def give_a_line_back(self, number, line):
        """Credit one line of an invoice: the others stay with the customer."""
        bill = self.pick(number, self.posted())
        with self.trying("give a line back"):
            credit = bill._reverse_moves()
            kept = credit.invoice_line_ids - self.pick(line, credit.invoice_line_ids)
            kept.unlink()
            credit.action_post()
            self.bills |= credit

    @rule(who=which, there=st.booleans(), many=quantities, dollars=st.booleans())
    def offer(self, who, there, many, dollars):
        self.quotation(who, there, many, dollars)

    @precondition(lambda self: self.of_state("draft"))
    @rule(number=which)
    def confirm(self, number):
        with self.trying("confirm"):
            self.pick(number, self.of_state("draft")).action_confirm()

    @rule(
        who=which,
        there=st.booleans(),
        many=quantities,
        dollars=st.booleans(),
        paid=st.booleans(),
    )
    def sell(self, who, there, many, dollars, paid):
        order = self.quotation(who, there, many, dollars)
        order.action_confirm()
        if paid:
            bill = self.case.invoice(order)
            self.payments |= self.case.pay(bill)
            self.bills |= bill

    def reward(self, order):
        for card, rewards in order._get_claimable_rewards().items():
            with self.trying("reward"):
                assert not order._apply_program_reward(rewards[:1], card)

    @rule(who=which, there=st.booleans(), many=quantities, keep=st.booleans())
    def offer_with_reward(self, who, there, many, keep):
        order = self.quotation(who, there, many, False)
        order._update_programs_and_rewards()
        self.reward(order)
        if order.order_line.coupon_id and not keep:
            with self.trying("remove"):
                order.order_line.filtered("coupon_id").unlink()

    @precondition(lambda self: self.of_state("sale"))
    @rule(number=which)
    def reward_later(self, number):
        """The button looks anew at all that an order may have."""
        order = self.pick(number, self.of_state("sale"))
        with self.trying("press"):
            order.action_open_reward_wizard()
        self.reward(order)

    @precondition(lambda self: self.of_state("draft", "sale"))
    @rule(number=which, many=st.sampled_from([0, 1, 2, 5]))
    def edit(self, number, many):
        order = self.pick(number, self.of_state("draft", "sale"))
        line = order.order_line.filtered(lambda line: not line.is_reward_line)[:1]
        with self.trying("edit"):
            line.product_uom_qty = many

    @precondition(lambda self: self.of_state("sale"))
    @rule(number=which, many=quantities, lids=st.booleans())
    def add_a_line(self, number, many, lids):
        order = self.pick(number, self.of_state("sale"))
        products = self.case.lids if lids else self.case.pots
        product = products[order.company_id]
        with self.trying("add"):
            order.order_line = [
                Command.create({"product_id": product.id, "product_uom_qty": many})
            ]

    @precondition(lambda self: self.of_state("draft", "sale").order_line.coupon_id)
    @rule(number=which)
    def remove_the_reward(self, number):
        lines = self.of_state("draft", "sale").order_line.filtered("coupon_id")
        line = self.pick(number, lines)
        with self.trying("remove"):
            if line.order_id.state == "draft":
                line.unlink()
            else:
                # The host keeps the lines of a confirmed order.
                line.product_uom_qty = 0

    @precondition(lambda self: self.of_state("draft", "sale"))
    @rule(number=which)
    def cancel(self, number):
        with self.trying("cancel"):
            self.pick(number, self.of_state("draft", "sale"))._action_cancel()

    @precondition(lambda self: self.of_state("cancel"))
    @rule(number=which)
    def reopen(self, number):
        order = self.pick(number, self.of_state("cancel"))
        with self.trying("reopen"):
            order.action_draft()
            order.action_confirm()

    # -- documents -------------------------------------------------------------------

    def to_bill(self):
        return self.of_state("sale").filtered(
            lambda order: order.invoice_status == "to invoice"
        )

    @precondition(to_bill)
    @rule(number=which, part=st.sampled_from([None, None, 1, 0.5]))
    def bill(self, number, part):
        with self.trying("bill"):
            self.bills |= self.case.invoice(self.pick(number, self.to_bill()), part)

    @precondition(posted)
    @rule(number=which, part=st.sampled_from([None, 1, 0.5]))
    def give_back(self, number, part):
        with self.trying("give back"):
            self.bills |= self.case.refund(self.pick(number, self.posted()), part)

    @precondition(lambda self: self.posted() | self.posted("out_refund"))
    @rule(number=which, again=st.booleans())
    def take_the_bill_back(self, number, again):
        bill = self.pick(number, self.posted() | self.posted("out_refund"))
        with self.trying("take the bill back"):
            bill.button_draft()
            if again:
                bill.action_post()
            else:
                bill.button_cancel()

    def unpaid(self):
        return self.posted().filtered(lambda bill: bill.amount_residual > 50)

    @precondition(unpaid)
    @rule(number=which, part=st.sampled_from([None, 40]))
    def pay(self, number, part):
        with self.trying("pay"):
            self.payments |= self.case.pay(self.pick(number, self.unpaid()), part)

    @precondition(lambda self: self.payments)
    @rule(number=which)
    def take_the_payment_back(self, number):
        payment = self.pick(number, self.payments)
        with self.trying("take the payment back"):
            payment.action_draft()
            payment.action_cancel()
        self.payments -= payment

    # -- cards and customers ---------------------------------------------------------

    @rule(who=which, there=st.booleans(), points=st.sampled_from([60, -20, 0.37]))
    def adjust(self, who, there, points):
        club = self.clubs[self.case.company_b if there else self.case.company_a]
        customer = self.pick(who, self.customers)
        with self.trying("adjust"):
            account = self.env["dcrm.points.account"]._open(club, customer)
            account._adjust(points, "By hand")

    @rule(days=st.sampled_from([1, 6, 35]))
    def wait(self, days):
        self.day += timedelta(days)
        with self.case.enter_registry_test_mode():
            for name in ("release_points", "points_expire"):
                self.env.ref(f"dcrm_loyalty.ir_cron_{name}").method_direct_trigger()
        self.env.invalidate_all()

    @precondition(lambda self: len(self.customers) > 2)
    @rule(one=which, other=which)
    def merge(self, one, other):
        one, other = self.pick(one, self.customers), self.pick(other, self.customers)
        if one != other:
            wizard = self.env["base.partner.merge.automatic.wizard"].create({})
            with self.trying("merge"):
                wizard._merge([one.id, other.id], one)
            self.customers = self.customers.exists()

    @rule(one=which, other=which)
    def become_a_contact(self, one, other):
        one, other = self.pick(one, self.customers), self.pick(other, self.customers)
        if one.commercial_partner_id != other.commercial_partner_id:
            with self.trying("become a contact"):
                one.parent_id = other

    # -- what holds ------------------------------------------------------------------

    @invariant()
    def points_are_right(self):
        self.env.flush_all()
        self.case.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.case.cr.execute("SET CONSTRAINTS ALL DEFERRED")
        audit = self.env["dcrm.audit"].sudo()
        for each in audit._invariants(self.case.companies):
            if each.name.startswith("points"):
                assert not audit._violation(each), audit._violation(each)

    @invariant()
    def orders_have_what_they_deserve(self):
        held = self.env["dcrm.points.move"]._of_documents(self.orders)
        for order in self.orders:
            issued = sum(
                float(points + pending)
                for (order_id, _account), rows in held.items()
                for _move, issuing, points, pending in rows
                if order_id == order.id and issuing
            )
            least, most = self.deserved(order)
            # Each rule rounds down to the hundredth.
            assert least - 0.02 <= issued <= most + 0.02, (order, least, issued, most)

    def deserved(self, order):
        """Return the least and the most points that an order may have earned by now."""
        if order.state != "sale":
            return 0, 0
        earn_on = self.clubs[order.company_id].earn_on
        program = self.clubs[order.company_id].program_id
        rate = order.currency_id._get_conversion_rate(
            order.currency_id, program.currency_id, order.company_id, order.date_order
        )
        lines = order.order_line.filtered(lambda line: not line.is_reward_line)
        earned = rate * sum(
            self.earned_by(line, earn_on, "price_subtotal") for line in lines
        ) + OF_A_LID * sum(
            self.earned_by(line, earn_on, "quantity")
            for line in lines
            if line.product_id in self.case.lids.values()
        )
        if earn_on != "paid":
            return earned, earned
        bills = lines.invoice_lines.move_id.filtered(lambda bill: bill in self.bills)
        if bills <= self.posted() and all(
            bill.payment_state in ("paid", "in_payment") for bill in bills
        ):
            return earned, earned
        touched = bills.filtered(
            lambda bill: (
                bill.state == "posted" and bill.amount_residual != bill.amount_total
            )
        )
        return 0, earned if touched or self.payments else 0

    def earned_by(self, line, earn_on, measure):
        """Return how much of an order's line is billed and kept, in a measure."""
        bills = line.invoice_lines.filtered(lambda bill: bill.parent_state == "posted")
        billed, back = (
            sum(
                bills.filtered(lambda bill, kind=kind: bill.move_type == kind).mapped(
                    measure
                )
            )
            for kind in ("out_invoice", "out_refund")
        )
        ordered = line["product_uom_qty" if measure == "quantity" else measure]
        if earn_on == "order":
            return max(0, ordered - max(0, back - max(0, billed - ordered)))
        return min(ordered, max(0, billed - back))


@tagged("post_install", "-at_install")
class TestPointsRandom(PointsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lids = {
            company: cls.env["product.product"].create(
                {
                    "name": "Lid",
                    "company_id": company.id,
                    "list_price": 30.0,
                    "taxes_id": [Command.clear()],
                }
            )
            for company in cls.companies
        }

    def test_whatever_happens(self):
        self.seen, self.done, self.refused = set(), Counter(), Counter()
        machine = type("Here", (Shop,), {"case": self})
        run_state_machine_as_test(machine, settings=steps)
        self.assertEqual(set(self.done), DONE, (self.done, self.refused))
        self.assertLessEqual(KINDS, self.seen)
