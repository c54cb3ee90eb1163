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
    rule,
    run_state_machine_as_test,
)

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_points import PointsCase

# Which of what there is, whatever there is.
which = st.integers(0, 99)
quantities = st.sampled_from([1, 2, 3, 0.5, 7])
# A rule is tried thus often as it is worth.
steps = settings(
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
terms = st.fixed_dictionaries(
    {
        "earn_on": st.sampled_from(["order", "invoice", "paid"]),
        "pending_days": st.sampled_from([0, 0, 5]),
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
        self.clubs = {
            self.case.company_a: self.case.points_club(**here),
            self.case.company_b: self.case.points_club(
                company=self.case.company_b, program_id=program.id, **there
            ),
        }
        for who in range(4):
            self.sell_at_once(who, 2)

    # -- helpers ---------------------------------------------------------------------

    @contextmanager
    def may_be_refused(self):
        """What is refused in words leaves nothing behind."""
        try:
            with self.case.cr.savepoint():
                yield
        except UserError:
            self.env.invalidate_all()

    def pick(self, number, records):
        return records[number % len(records)] if records else records

    def order(self, number, *states):
        orders = self.orders.filtered(lambda order: order.state in states)
        return self.pick(number, orders)

    # -- orders ----------------------------------------------------------------------

    @rule(who=which, there=st.booleans(), many=quantities, dollars=st.booleans())
    def sell(self, who, there, many, dollars):
        company = self.case.company_b if there else self.case.company_a
        values = {}
        if dollars and not there:
            values["pricelist_id"] = self.case._pricelist(self.case.usd, company).id
        self.orders |= self.case.order(
            many, partner=self.pick(who, self.customers), company=company, **values
        )

    @rule(number=which)
    def confirm(self, number):
        order = self.order(number, "draft", "sent")
        with self.may_be_refused():
            order.action_confirm()

    @rule(who=which, many=quantities)
    def sell_at_once(self, who, many):
        order = self.case.order(many, partner=self.pick(who, self.customers))
        order.action_confirm()
        self.orders |= order

    @rule(number=which)
    def reward(self, number):
        order = self.order(number, "draft", "sale")
        for card, rewards in order and order._get_claimable_rewards().items() or ():
            with self.may_be_refused():
                order._apply_program_reward(rewards[:1], card)

    @rule(number=which)
    def press_reward(self, number):
        """The button looks anew at all that an order may have."""
        if order := self.order(number, "draft", "sale"):
            with self.may_be_refused():
                order.action_open_reward_wizard()

    @rule(number=which, many=st.sampled_from([0, 1, 2, 5]))
    def edit(self, number, many):
        order = self.order(number, "draft", "sale")
        line = order.order_line.filtered(lambda line: not line.is_reward_line)[:1]
        with self.may_be_refused():
            line.product_uom_qty = many

    @rule(number=which, many=quantities)
    def add_a_line(self, number, many):
        if order := self.order(number, "sale"):
            product = self.case.pots[order.company_id]
            with self.may_be_refused():
                order.order_line = [
                    Command.create({"product_id": product.id, "product_uom_qty": many})
                ]

    @rule(number=which)
    def remove_the_reward(self, number):
        order = self.order(number, "draft", "sale")
        with self.may_be_refused():
            order.order_line.filtered("is_reward_line").unlink()

    @rule(number=which)
    def cancel(self, number):
        with self.may_be_refused():
            self.order(number, "draft", "sale")._action_cancel()

    @rule(number=which)
    def reopen(self, number):
        if order := self.order(number, "cancel"):
            with self.may_be_refused():
                order.action_draft()
                order.action_confirm()

    # -- documents -------------------------------------------------------------------

    @rule(number=which, part=st.sampled_from([None, None, 1, 0.5]))
    def bill(self, number, part):
        if order := self.order(number, "sale"):
            with self.may_be_refused():
                self.bills |= self.case.invoice(order, part)

    @rule(number=which, part=st.sampled_from([None, 1, 0.5]))
    def give_back(self, number, part):
        bill = self.pick(number, self.bills)
        if bill.state == "posted" and bill.move_type == "out_invoice":
            with self.may_be_refused():
                self.bills |= self.case.refund(bill, part)

    @rule(number=which, again=st.booleans())
    def take_the_bill_back(self, number, again):
        bill = self.pick(number, self.bills)
        if bill.state == "posted":
            with self.may_be_refused():
                bill.button_draft()
                if again:
                    bill.action_post()
                else:
                    bill.button_cancel()

    @rule(number=which, part=st.sampled_from([None, 40]))
    def pay(self, number, part):
        bill = self.pick(number, self.bills)
        if bill.state == "posted" and bill.amount_residual > 50:
            with self.may_be_refused():
                self.case.pay(bill, part)

    # -- cards and customers ---------------------------------------------------------

    @rule(who=which, there=st.booleans(), points=st.sampled_from([60, -20, 0.37]))
    def adjust(self, who, there, points):
        club = self.clubs[self.case.company_b if there else self.case.company_a]
        customer = self.pick(who, self.customers)
        with self.may_be_refused():
            account = self.env["dcrm.points.account"]._open(club, customer)
            account._adjust(points, "By hand")

    @rule(days=st.sampled_from([1, 6, 35]))
    def wait(self, days):
        self.day += timedelta(days)
        with self.case.enter_registry_test_mode():
            for name in ("release_points", "points_expire"):
                self.env.ref(f"dcrm_loyalty.ir_cron_{name}").method_direct_trigger()
        self.env.invalidate_all()

    @rule(one=which, other=which)
    def merge(self, one, other):
        one, other = self.pick(one, self.customers), self.pick(other, self.customers)
        if one != other and len(self.customers) > 2:
            wizard = self.env["base.partner.merge.automatic.wizard"].create({})
            with self.may_be_refused():
                wizard._merge([one.id, other.id], one)
            self.customers = self.customers.exists()

    @rule(one=which, other=which)
    def become_a_contact(self, one, other):
        one, other = self.pick(one, self.customers), self.pick(other, self.customers)
        if one.commercial_partner_id != other.commercial_partner_id:
            with self.may_be_refused():
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
            assert least - 0.01 <= issued <= most + 0.01, (order, least, issued, most)

    def deserved(self, order):
        """Return the least and the most points that an order may have earned by now."""
        if order.state != "sale":
            return 0, 0
        program = self.clubs[order.company_id].program_id
        rate = order.currency_id._get_conversion_rate(
            order.currency_id, program.currency_id, order.company_id, order.date_order
        )
        lines = order.order_line.filtered(lambda line: not line.is_reward_line)
        ordered = sum(lines.mapped("price_subtotal")) * rate
        bills = lines.invoice_lines.filtered(lambda line: line.parent_state == "posted")
        billed, back = (
            sum(
                bills.filtered(lambda line, kind=kind: line.move_type == kind).mapped(
                    "price_subtotal"
                )
            )
            * rate
            for kind in ("out_invoice", "out_refund")
        )
        earn_on = self.clubs[order.company_id].earn_on
        if earn_on == "order":
            return max(0, ordered - back), ordered
        if earn_on == "invoice":
            return 0, min(ordered, billed)
        return 0, min(ordered, billed)


@tagged("post_install", "-at_install")
class TestPointsRandom(PointsCase):
    def test_whatever_happens(self):
        self.seen = Counter()
        machine = type("Here", (Shop,), {"case": self})
        run_state_machine_as_test(machine, settings=steps)
        self.assertLessEqual({"earn", "reverse"}, set(self.seen))
