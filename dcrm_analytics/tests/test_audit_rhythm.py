from .common_score import ScoreCase

# What breaks an invariant, in plain SQL behind the back of everything, and which
# violation shows it.
BREAKS = [
    *(
        (
            f"a score with another {column}",
            f"UPDATE dcrm_customer_score SET {column} = {value} WHERE id = %(score)s",
            "rhythm_matches_facts",
            "dcrm.customer.score",
        )
        for column, value in (
            ("purchase_gap", "purchase_gap + 1"),
            ("purchase_due_date", "purchase_due_date + 1"),
            ("danger_since", "NULL"),
            ("lifecycle", "'lost'"),
            ("lifecycle_since", "lifecycle_since - 1"),
            ("relation", "'friend'"),
        )
    ),
    *(
        (
            f"a spell in danger with another {column}",
            f"UPDATE dcrm_customer_danger SET {column} = {value} WHERE id = %(spell)s",
            "spells_match_facts",
            "dcrm.customer.danger",
        )
        for column, value in (
            ("silent_since", "silent_since - 1"),
            ("entered_on", "entered_on - 1"),
            ("left_on", "entered_on"),
            ("purchase_gap", "7"),
            ("outcome", "'bought'"),
        )
    ),
    (
        "a lost spell in danger",
        "DELETE FROM dcrm_customer_danger WHERE id = %(spell)s",
        "spells_match_facts",
        "res.partner",
    ),
    *(
        (
            f"a stay in the lifecycle with another {column}",
            f"UPDATE dcrm_customer_lifecycle SET {column} = {value}"
            " WHERE id = %(stay)s",
            "spells_match_facts",
            "dcrm.customer.lifecycle",
        )
        for column, value in (
            ("state", "'lost'"),
            ("entered_on", "entered_on - 1"),
            ("left_on", "entered_on"),
            ("from_state", "'lost'"),
        )
    ),
    (
        "a lost stay in the lifecycle",
        "DELETE FROM dcrm_customer_lifecycle WHERE id = %(stay)s",
        "spells_match_facts",
        "res.partner",
    ),
    (
        "a purchase that the queues forgot",
        """UPDATE dcrm_purchase SET date = date - 5 WHERE id = %(purchase)s;
        DELETE FROM dcrm_purchase_change""",
        "rhythm_matches_facts",
        "dcrm.customer.score",
    ),
]


class TestAuditRhythm(ScoreCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        self = cls("book")
        customer = self.partner()
        for ago in (120, 100, 80, 60):
            purchase = self.purchase(customer, 10, self.days_ago(ago))
        self.refresh()
        of_customer = [("partner_id", "=", customer.id)]
        cls.known = {
            "score": self.score_of(customer).id,
            "purchase": purchase.id,
            "spell": self.env["dcrm.customer.danger"].search(of_customer).id,
            "stay": self.env["dcrm.customer.lifecycle"]
            .search(of_customer, order="entered_on desc", limit=1)
            .id,
        }

    def violations(self):
        return {
            (violation["invariant"], violation["model"])
            for violation in self.env["dcrm.audit"].run()
        }

    def test_every_break_is_found(self):
        self.assertNoViolations()
        for what, statement, invariant, model in BREAKS:
            with self.subTest(what):
                savepoint = self.env.cr.savepoint(flush=False)
                self.env.cr.execute(statement, self.known)
                self.env.invalidate_all(flush=False)
                self.assertIn((invariant, model), self.violations())
                savepoint.rollback()
                savepoint.close(rollback=False)
                self.env.invalidate_all(flush=False)
        self.assertNoViolations()

    def test_every_invariant_is_broken_by_a_test(self):
        invariants = self.env["dcrm.audit"].sudo()._rhythm_invariants(self.company_a)
        self.assertEqual(
            {(invariant.name, invariant.model) for invariant in invariants},
            {(invariant, model) for _what, _sql, invariant, model in BREAKS},
        )

    def test_a_company_is_gathered_once(self):
        audit = self.env["dcrm.audit"].sudo()
        statements = [
            invariant.broken.code
            for invariant in audit._rhythm_invariants(self.company_a)
        ]
        gathered = ["CREATE TEMPORARY TABLE" in code for code in statements]
        self.assertEqual(gathered, [True] + [False] * (len(statements) - 1))

    def test_messages_count_and_name_the_company(self):
        self.env.cr.execute("DELETE FROM dcrm_customer_danger")
        [violation] = self.env["dcrm.audit"].run()
        self.assertEqual(
            violation["ids"], [self.scores.browse(self.known["score"]).partner_id.id]
        )
        self.assertIn("1 customers of Company A", violation["message"])
