from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged
from odoo.tools.sql import index_exists

from .common_purchase import PurchaseCase


@tagged("post_install", "-at_install")
class TestPurchaseSync(PurchaseCase):
    """How facts are brought up to date: in batches first, then by what changed."""

    def build(self, limit):
        steps = []
        while not steps or steps[-1][1]:
            steps.append(self.env["dcrm.purchase"]._build_step(self.company_a, limit))
        return steps

    def test_first_build_in_batches(self):
        partner = self.partner()
        for amount in range(5):
            self.order(partner, amount)
        self.invoice(partner, 9)
        self.order(self.partner(), 7, company=self.company_b)
        # The first step reads nothing; orders and invoices share a batch.
        self.assertEqual(self.build(4), [(0, 6), (4, 2), (2, 0)])
        self.assertEqual(self.amounts(partner), [0, 1, 2, 3, 4, 9])
        self.assertEqual(self.build(4), [(0, 0)])
        self.assertFalse(
            self.env["dcrm.purchase"].search([("company_id", "=", self.company_b.id)])
        )

    def test_sync_completes_the_first_build(self):
        partner = self.partner()
        for amount in range(5):
            self.order(partner, amount)
        for _index in range(2):
            self.env["dcrm.purchase"]._build_step(self.company_a, 2)
        self.assertTrue(self.sync()["full"])
        self.assertEqual(self.amounts(partner), [0, 1, 2, 3, 4])
        self.assertEqual(self.build(2), [(0, 0)])

    def test_basis_changed_during_the_first_build(self):
        partner = self.partner()
        for amount in (1, 2, 3):
            self.order(partner, amount)
        for _index in range(2):
            self.env["dcrm.purchase"]._build_step(self.company_a, 2)
        self.assertEqual(self.amounts(partner), [1, 2])
        self.by_invoice()
        self.build(2)
        self.assertEqual(self.amounts(partner), [])

    def test_nothing_changed_writes_nothing(self):
        self.order(self.partner(), 10)
        self.invoice(self.partner(), 20)
        self.sync()
        for full in (False, True):
            self.assertEqual(
                self.sync(full=full), {"upserted": 0, "deleted": 0, "full": full}
            )

    def test_wrong_facts_are_mended_by_a_full_sync(self):
        partner = self.partner()
        order, other = self.order(partner, 10), self.order(partner, 20)
        self.sync()
        self.env.cr.execute(
            "UPDATE dcrm_purchase SET amount = 5 WHERE order_id = %s", [order.id]
        )
        self.env.cr.execute(
            "UPDATE sale_order SET state = 'cancel' WHERE id = %s", [other.id]
        )
        self.assertEqual(self.sync()["upserted"], 0)
        self.assertEqual(self.sync(full=True)["upserted"], 1)
        self.assertEqual(self.amounts(partner), [10])

    def test_number_of_queries_is_constant(self):
        self.sync()
        counts = []
        for size in (2, 20):
            for amount in range(size):
                self.order(self.partner(), amount)
            self.invoice(self.partner(), 10)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env["dcrm.purchase"]._sync(self.company_a)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_changed_customers_are_queued(self):
        one, two, three = (self.partner() for _index in range(3))
        order = self.order(one, 10)
        self.order(two, 20)
        self.sync()
        self.assertEqual(self.taken(), {one.id, two.id})
        self.sync()
        self.assertEqual(self.taken(), set())
        order.partner_id = three
        self.sync()
        self.assertEqual(self.taken(), {one.id, three.id})
        order._action_cancel()
        order.unlink()
        self.assertEqual(self.taken(), {three.id})
        self.purchase(two, 5)
        self.assertEqual(self.taken(), {two.id})

    def taken(self):
        self.env.cr.execute("DELETE FROM dcrm_purchase_change RETURNING partner_id")
        return {partner_id for [partner_id] in self.env.cr.fetchall()}

    def test_installing_again_keeps_the_queue(self):
        self.order(self.partner(), 10)
        self.sync()
        self.env["dcrm.purchase"].init()
        self.assertEqual(len(self.taken()), 1)
        self.order(self.partner(), 10)
        self.sync()
        self.assertEqual(len(self.taken()), 1)

    def test_facts_of_a_kind_of_document_that_vanished(self):
        """Uninstalling the till drops its tables, and no key takes the facts along."""
        if "pos.order" in self.env:
            self.skipTest("the till is installed")
        partner, far = self.partner(), self.partner()
        self.order(partner, 10)
        self.purchase(partner, 20)
        self.refresh(self.company_a, self.company_b)
        till = {"source": "pos", "import_key": None}
        self.purchase(partner, 40, pos_order_ref=1, **till)
        self.purchase(far, 40, company=self.company_b, pos_order_ref=2, **till)
        # What the last synchronisation left while the till was there.
        self.env.cr.execute(
            """
            UPDATE dcrm_purchase_source SET stamp = stamp || ' pos.order.account_move';
            INSERT INTO dcrm_purchase_source (
                company_id, source, stamp, mark, built, write_date
            )
            SELECT company_id, 'pos', stamp, mark, TRUE, write_date
            FROM dcrm_purchase_source WHERE source = 'sale'
            """
        )
        self.refresh()
        self.assertEqual(self.amounts(partner), [10, 20])
        self.assertEqual(self.score_of(partner).monetary, 30)
        self.assertEqual(self.amounts(far), [40], "company B was not refreshed yet")
        self.refresh(self.company_b)
        self.assertEqual(self.amounts(far), [])
        self.assertFalse(self.score_of(far, self.company_b))
        self.sync()
        self.assertFalse(self.sync()["full"])
        self.assertNoViolations()

    def test_changes_are_found_by_an_index(self):
        for table in ("sale_order", "account_move"):
            self.assertTrue(
                index_exists(self.env.cr, f"{table}_dcrm_write_date_idx"), table
            )

    def test_every_time_zone_of_a_company_is_known_to_the_database(self):
        zones = self.env["res.partner"].fields_get(["tz"])["tz"]["selection"]
        self.env.cr.execute("SELECT name FROM pg_timezone_names")
        known = {name for [name] in self.env.cr.fetchall()}
        self.assertEqual({zone for zone, _label in zones} - known, set())


@tagged("post_install", "-at_install")
class TestRandomBooks(PurchaseCase):
    """Whatever is done to documents, in whatever order: facts equal a rebuild."""

    ACTIONS = (
        "order",
        "invoice",
        "bill",
        "advance",
        "refund",
        "cancel",
        "reopen",
        "price",
        "quantity",
        "correct",
        "undo",
        "post",
        "discard",
        "merge",
        "partner",
        "drop",
        "basis",
        "sync",
    )

    @settings(
        max_examples=15,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(ACTIONS),
                st.integers(0, 7),
                st.integers(-5, 50),
                st.booleans(),
            ),
            min_size=3,
            max_size=14,
        )
    )
    def test_incremental_equals_rebuild(self, actions):
        with self.env.cr.savepoint(flush=True) as savepoint:
            self.orders, self.moves = [], []
            self.partners = [self.partner() for _index in range(3)]
            for company in self.companies:
                self.sync(company)
            for name, pick, amount, other in actions:
                getattr(self, f"do_{name}")(pick, amount, other)
            self.assertRebuilds(*self.companies)
            self.assertOnce()
            self.assertCreditedIsCounted()
            savepoint.rollback()
            self.env.invalidate_all()

    def assertOnce(self):
        """Net of credit notes, an order that is billed in full counts once."""
        for order in self.orders:
            moves = order.order_line.invoice_lines.move_id
            if order.state != "sale" or moves.filtered(
                lambda move: move.move_type == "out_refund"
            ):
                continue
            facts = self.fact(order) | self.env["dcrm.purchase"].search(
                [("move_id", "in", moves.ids)]
            )
            if order.company_id.purchase_basis == "sale":
                self.assertEqual(facts, self.fact(order))

    def assertCreditedIsCounted(self):
        """Crediting an order no more than it was invoiced leaves nothing below zero."""
        for order in self.orders:
            lines = order.order_line.invoice_lines
            posted = lines.filtered(lambda line: line.parent_state == "posted")
            if (
                order.state != "sale"
                or order.company_id.purchase_basis != "sale"
                or order.currency_id != order.company_id.currency_id
                or any(posted.mapped("is_downpayment"))
                or order.amount_untaxed < 0
                or sum(posted.mapped("balance")) > 0  # of the only line
            ):
                continue
            facts = self.fact(order)
            for move in posted.move_id:
                facts |= self.fact(move)
            self.assertGreaterEqual(sum(facts.mapped("amount")), 0)

    def do_order(self, pick, amount, other):
        company = self.company_b if other else self.company_a
        currency = self.usd if pick % 2 else None
        values = {"currency": currency} if currency else {}
        day = date(2024, 1, 1) + timedelta(pick * 40)
        partner = self.partners[pick % len(self.partners)]
        self.orders.append(self.order(partner, amount, day, company=company, **values))

    def do_invoice(self, pick, amount, other):
        company = self.company_b if other else self.company_a
        partner = self.partners[pick % len(self.partners)]
        self.moves.append(self.invoice(partner, abs(amount), company=company))

    def some_order(self, pick, *states):
        orders = [order for order in self.orders if order.state in states]
        return orders[pick % len(orders)] if orders else None

    def do_bill(self, pick, amount, other):
        order = self.some_order(pick, "sale")
        if order and order.invoice_status == "to invoice":
            self.moves.append(self.invoice(order))

    def do_advance(self, pick, amount, other):
        order = self.some_order(pick, "sale")
        if order and order.amount_untaxed > 1:
            self.moves.append(self.down_payment(order, 1))

    def do_refund(self, pick, amount, other):
        moves = [move for move in self.moves if move.move_type == "out_invoice"]
        if moves:
            move = moves[pick % len(moves)]
            self.moves.append(self.credit_note(move, 1 if other else None))

    def do_cancel(self, pick, amount, other):
        if order := self.some_order(pick, "sale"):
            order._action_cancel()

    def do_reopen(self, pick, amount, other):
        if order := self.some_order(pick, "cancel"):
            order.action_draft()
            order.action_confirm()

    def do_price(self, pick, amount, other):
        if order := self.some_order(pick, "sale"):
            order.order_line[0].price_unit = amount

    def do_quantity(self, pick, amount, other):
        if order := self.some_order(pick, "sale"):
            order.order_line[0].product_uom_qty = abs(amount) % 5

    def some_move(self, pick, *states):
        moves = [move for move in self.moves if move.state in states]
        return moves[pick % len(moves)] if moves else None

    def do_correct(self, pick, amount, other):
        if move := self.some_move(pick, "posted"):
            move.button_draft()
            line = move.invoice_line_ids[0]
            line.write({"quantity" if other else "price_unit": abs(amount)})
            self.post(move)

    def post(self, move):
        if move.amount_total >= 0:  # the host posts nothing below zero
            move.action_post()

    def do_undo(self, pick, amount, other):
        if move := self.some_move(pick, "posted"):
            move.button_draft()
            if other:
                move.button_cancel()

    def do_post(self, pick, amount, other):
        if move := self.some_move(pick, "draft"):
            self.post(move)

    def do_discard(self, pick, amount, other):
        if move := self.some_move(pick, "draft", "cancel"):
            self.moves.remove(move)
            move.with_context(force_delete=True).unlink()

    def do_merge(self, pick, amount, other):
        if len(self.partners) > 2:
            gone = self.partners.pop(pick % 3)
            into = self.partners[pick % 2]
            wizard = self.env["base.partner.merge.automatic.wizard"].create({})
            wizard._merge([into.id, gone.id], into)
            self.env.invalidate_all()

    def do_partner(self, pick, amount, other):
        if order := self.some_order(pick, "sale", "cancel"):
            order.partner_id = self.partners[amount % len(self.partners)]

    def do_drop(self, pick, amount, other):
        if order := self.some_order(pick, "cancel"):
            self.orders.remove(order)
            order.unlink()

    def do_basis(self, pick, amount, other):
        company = self.company_b if other else self.company_a
        company.purchase_basis = "sale" if pick % 2 else "invoice"
        self.sync(company)

    def do_sync(self, pick, amount, other):
        self.sync(self.company_b if other else self.company_a)
