"""Each invariant holds after a refresh, and is broken on purpose, one way at a time."""

from contextlib import contextmanager

from odoo.exceptions import AccessError

from ..models.dcrm_audit import DcrmAudit
from .common import DcrmCase
from .common_audit import BREAKS


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
        self.env.cr.execute(statement, self.known)
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
