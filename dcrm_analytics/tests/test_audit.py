"""Each invariant holds after a refresh, and is broken on purpose, one way at a time."""

from contextlib import contextmanager

from odoo.exceptions import AccessError

from ..models.dcrm_audit import DcrmAudit
from .common import DcrmCase

# What breaks an invariant, in plain SQL behind the back of everything, and which
# violation shows it: (what, statement, invariant, model). ``%(name)s`` are ids that
# the fixture knows.
BREAKS = [
    (
        "a purchase of another amount than its order",
        "UPDATE dcrm_purchase SET amount = amount + 1 WHERE order_id = %(order)s",
        "facts_match_sources",
        "sale.order",
    ),
    (
        "a purchase of another day than its order",
        "UPDATE dcrm_purchase SET date = date - 1 WHERE order_id = %(order)s",
        "facts_match_sources",
        "sale.order",
    ),
    (
        "a lost purchase",
        "DELETE FROM dcrm_purchase WHERE order_id = %(order)s",
        "facts_match_sources",
        "sale.order",
    ),
    (
        "a lost credit note",
        "DELETE FROM dcrm_purchase WHERE move_id = %(refund)s",
        "facts_match_sources",
        "account.move",
    ),
    (
        "a purchase whose order was cancelled behind the host's back",
        "UPDATE sale_order SET state = 'cancel' WHERE id = %(order)s",
        "facts_match_sources",
        "sale.order",
    ),
    (
        "a purchase that says it is an order's and names none",
        "UPDATE dcrm_purchase SET order_id = NULL WHERE order_id = %(order)s",
        "facts_match_sources",
        "dcrm.purchase",
    ),
    (
        "an invoice beside the order that it bills",
        """INSERT INTO dcrm_purchase (
            partner_id, company_id, date, amount, margin_known, source, move_id
        ) SELECT partner_id, company_id, date, amount, FALSE, 'invoice', %(invoice)s
        FROM dcrm_purchase WHERE order_id = %(order)s""",
        "purchases_counted_once",
        "dcrm.purchase",
    ),
    *(
        (
            f"a score with another {column}",
            f"UPDATE dcrm_customer_score SET {column} = {value} WHERE id = %(score)s",
            "scores_match_facts",
            "dcrm.customer.score",
        )
        for column, value in (
            ("frequency", "frequency + 1"),
            ("monetary", "monetary - 0.01"),
            ("first_purchase_date", "first_purchase_date - 1"),
            ("last_purchase_date", "NULL"),
            ("recency_class", "recency_class % 5 + 1"),
            ("frequency_class", "frequency_class % 5 + 1"),
            ("monetary_class", "monetary_class % 5 + 1"),
            ("rfm_score", "'000'"),
            ("value_class", "CASE value_class WHEN 'a' THEN 'b' ELSE 'a' END"),
        )
    ),
    (
        "a score of purchases that are gone",
        """DELETE FROM dcrm_purchase USING dcrm_customer_score score
        WHERE score.id = %(score)s AND dcrm_purchase.partner_id = score.partner_id""",
        "scores_match_facts",
        "dcrm.customer.score",
    ),
    (
        "a lost score",
        "DELETE FROM dcrm_customer_score WHERE id = %(score)s",
        "scores_match_facts",
        "res.partner",
    ),
    (
        "a purchase that the queue forgot",
        """UPDATE dcrm_purchase SET amount = 9999 WHERE id = %(history)s;
        DELETE FROM dcrm_purchase_change""",
        "scores_match_facts",
        "dcrm.customer.score",
    ),
    (
        "a history that says otherwise",
        "UPDATE dcrm_customer_score_history SET monetary = 1",
        "score_history_agrees",
        "dcrm.customer.score",
    ),
    (
        "a lost history",
        "DELETE FROM dcrm_customer_score_history",
        "score_history_agrees",
        "dcrm.customer.score",
    ),
    (
        "a gap in a grid",
        "DELETE FROM dcrm_segment_cell WHERE id = %(cell)s",
        "segments_partition",
        "dcrm.rfm.scheme",
    ),
    (
        "a cell outside its cube",
        "UPDATE dcrm_segment_cell SET recency_class = 6 WHERE id = %(cell)s",
        "segments_partition",
        "dcrm.rfm.scheme",
    ),
    (
        "a score in another segment than its cell's",
        """UPDATE dcrm_customer_score SET segment_id = (
            SELECT max(id) FROM dcrm_segment WHERE id <> segment_id
        ) WHERE id = %(score)s""",
        "segments_partition",
        "dcrm.customer.score",
    ),
    (
        "a score by a rule that leads elsewhere",
        """UPDATE dcrm_customer_score SET segment_rule_id = %(rule)s
        WHERE id = %(score)s""",
        "segments_partition",
        "dcrm.customer.score",
    ),
    (
        "a score by a rule that is archived",
        """UPDATE dcrm_segment_rule SET active = FALSE, segment_id = (
            SELECT segment_id FROM dcrm_customer_score WHERE id = %(score)s
        ) WHERE id = %(rule)s;
        UPDATE dcrm_customer_score SET segment_rule_id = %(rule)s WHERE id = %(score)s
        """,
        "segments_partition",
        "dcrm.customer.score",
    ),
    (
        "an action on the exit of who is still there",
        "UPDATE dcrm_segment_action_log SET event = 'exit' WHERE id = %(log)s",
        "actions_match_stays",
        "dcrm.segment.action.log",
    ),
    (
        "an action of another customer than its stay",
        """UPDATE dcrm_segment_action_log log SET partner_id = other.partner_id
        FROM dcrm_customer_score other
        WHERE log.id = %(log)s AND other.partner_id <> log.partner_id""",
        "actions_match_stays",
        "dcrm.segment.action.log",
    ),
    (
        "an action that is due and done",
        "UPDATE dcrm_segment_action_log SET state = 'due' WHERE id = %(log)s",
        "actions_match_stays",
        "dcrm.segment.action.log",
    ),
    (
        "a second open stay",
        """INSERT INTO dcrm_segment_stay (
            partner_id, company_id, segment_id, entered_on
        ) SELECT partner_id, company_id, segment_id, entered_on FROM dcrm_segment_stay
        WHERE id = %(stay)s""",
        "stays_match_scores",
        "dcrm.segment.stay",
    ),
    (
        "an open stay in a segment that the score is not in",
        """UPDATE dcrm_segment_stay SET segment_id = (
            SELECT max(id) FROM dcrm_segment WHERE id <> segment_id
        ) WHERE id = %(stay)s""",
        "stays_match_scores",
        "dcrm.segment.stay",
    ),
    (
        "a stay that ended while the score stayed",
        "UPDATE dcrm_segment_stay SET left_on = entered_on WHERE id = %(stay)s",
        "stays_match_scores",
        "dcrm.customer.score",
    ),
    (
        "a stay that was left before it was entered",
        "UPDATE dcrm_segment_stay SET left_on = entered_on - 1 WHERE id = %(stay)s",
        "stays_match_scores",
        "dcrm.segment.stay",
    ),
    (
        "a purchase in another company's books than its order",
        """UPDATE dcrm_purchase SET company_id = %(company_b)s
        WHERE order_id = %(order)s""",
        "companies_apart",
        "dcrm.purchase",
    ),
    (
        "a score by another company's scheme",
        "UPDATE dcrm_rfm_scheme SET company_id = %(company_b)s",
        "companies_apart",
        "dcrm.customer.score",
    ),
    (
        "a score by another company's rule",
        """UPDATE dcrm_segment_rule SET company_id = %(company_b)s;
        UPDATE dcrm_customer_score SET segment_rule_id = %(rule)s WHERE id = %(score)s
        """,
        "companies_apart",
        "dcrm.customer.score",
    ),
    (
        "a score in another company's segment",
        "UPDATE dcrm_segment SET company_id = %(company_b)s",
        "companies_apart",
        "dcrm.customer.score",
    ),
]


class TestAudit(DcrmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        self = cls("make_book")
        self.make_book()

    def make_book(self):
        """Sell in both companies in every way, and refresh."""
        cls = type(self)
        customers = [self.partner() for _number in range(6)]
        cls.first_order = self.order(customers[0], 500, self.days_ago(40))
        cls.first_invoice = self.invoice(cls.first_order, date=self.days_ago(39))
        cls.refund = self.credit_note(cls.first_invoice, 50, self.days_ago(30))
        self.down_payment(self.order(customers[1], 900, self.days_ago(20)), 300)
        self.invoice(customers[1], 80, self.days_ago(10))
        self.invoice(customers[5], 80, self.days_ago(3), currency=self.usd)
        for number, customer in enumerate(customers):
            for step in range(number + 1):
                cls.history = self.purchase(
                    customer, 100.25 * (number + 1), self.days_ago(13 * step + number)
                )
            self.purchase(
                customer, 5000 * (6 - number), company=self.company_b, margin=50
            )
        self.order(customers[2], 12000, company=self.company_b)
        segments = self.env["dcrm.segment"].search([])
        call = self.env.ref("mail.mail_activity_data_call").id
        self.env["dcrm.segment.action"].create(
            [
                {"segment_id": segment.id, "activity_type_id": call}
                for segment in segments
            ]
        )
        cls.rule = self.env["dcrm.segment.rule"].create(
            {
                "name": "Nobody",
                "segment_id": self.env["dcrm.segment"].create({"name": "None"}).id,
                "domain": "[('id', '=', 0)]",
                "company_id": self.company_a.id,
            }
        )
        self.refresh(self.company_a, self.company_b)
        cls.score = self.score_of(customers[0])
        cls.stay = self.env["dcrm.segment.stay"].search(
            [
                ("partner_id", "=", customers[0].id),
                ("company_id", "=", self.company_a.id),
            ]
        )

    @property
    def known(self):
        """Return the ids that the statements of BREAKS speak of."""
        return {
            "order": self.first_order.id,
            "invoice": self.first_invoice.id,
            "refund": self.refund.id,
            "history": self.history.id,
            "score": self.score.id,
            "stay": self.stay.id,
            "rule": self.rule.id,
            "log": self.env["dcrm.segment.action.log"]
            .search([("stay_id", "=", self.stay.id)])
            .id,
            "cell": self.score.scheme_id.cell_ids[:1].id,
            "company_b": self.company_b.id,
        }

    @contextmanager
    def undone(self):
        """Undo what is done inside, so that the next break meets a whole book."""
        self.env.flush_all()
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            yield
        finally:
            savepoint.rollback()
            savepoint.close(rollback=False)
            self.env.invalidate_all(flush=False)

    def break_it(self, statement):
        self.env.flush_all()
        # The names are written as they are, so that SQL's own % may stand beside.
        for name, id_ in self.known.items():
            statement = statement.replace(f"%({name})s", str(id_))
        self.env.cr.execute(statement)
        # Some breaks wake the queue of changes, which would excuse them.
        self.env.cr.execute("DELETE FROM dcrm_purchase_change")
        self.env.invalidate_all(flush=False)

    def violations(self):
        return {
            (violation["invariant"], violation["model"])
            for violation in self.env["dcrm.audit"].run()
        }

    def test_whole_book_has_no_violations(self):
        self.assertTrue(self.score)
        self.assertTrue(self.stay)
        self.assertNoViolations()

    def test_every_break_is_found(self):
        for what, statement, invariant, model in BREAKS:
            with self.subTest(what), self.undone():
                self.break_it(statement)
                self.assertIn((invariant, model), self.violations())
        self.assertNoViolations()

    def test_every_invariant_is_broken_by_a_test(self):
        # Those of this addon alone: others that are installed add theirs.
        audit = self.env["dcrm.audit"].sudo()
        invariants = DcrmAudit._invariants(audit, self.companies)
        self.assertEqual(
            {(invariant.name, invariant.model) for invariant in invariants},
            {(invariant, model) for _what, _sql, invariant, model in BREAKS},
        )

    def test_violation_says_what_and_what_to_do(self):
        self.break_it(
            "UPDATE dcrm_customer_score SET frequency = 99 WHERE id = %(score)s"
        )
        [violation] = (
            violation
            for violation in self.env["dcrm.audit"].run()
            if violation["invariant"] == "scores_match_facts"
        )
        self.assertEqual(set(violation), {"invariant", "model", "ids", "message"})
        self.assertEqual(violation["model"], "dcrm.customer.score")
        self.assertEqual(violation["ids"], self.score.ids)
        self.assertIn("1 scores", violation["message"])
        self.assertIn("Refresh all scores", violation["message"])

    def test_what_waits_for_a_refresh_is_no_violation(self):
        self.purchase(self.score.partner_id, 77, self.days_ago(1))
        self.assertNoViolations()
        scheme = self.score.scheme_id
        scheme.window_days = 30
        self.assertNoViolations()
        self.refresh()
        self.assertNoViolations()

    def test_windows_margins_and_other_class_counts_hold(self):
        self.score.scheme_id.write(
            {
                "window_days": 25,
                "basis": "margin",
                "recency_classes": 3,
                "frequency_classes": 4,
                "monetary_classes": 9,
            }
        )
        self.refresh(self.company_a, self.company_b)
        self.assertNoViolations()

    def test_other_basis_holds(self):
        self.company_a.purchase_basis = "invoice"
        self.assertNoViolations()
        self.refresh()
        self.assertNoViolations()
        self.assertFalse(
            self.env["dcrm.purchase"].search(
                [("order_id", "!=", False), ("company_id", "=", self.company_a.id)]
            )
        )

    def test_only_managers_run_it_and_each_their_companies(self):
        for role in ("portal", "nobody", "seller", "seller_all", "analyst"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.env_as(role)["dcrm.audit"].run()
        self.break_it(
            "UPDATE dcrm_customer_score SET frequency = 99 WHERE company_id = "
            "%(company_b)s"
        )
        self.assertEqual(self.env_as("manager")["dcrm.audit"].run(), [])
        both = self.env_as("manager_ab")["dcrm.audit"].run()
        self.assertIn("scores_match_facts", {each["invariant"] for each in both})
