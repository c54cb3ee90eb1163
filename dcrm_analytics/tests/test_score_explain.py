from datetime import date, timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_score import AXES, ScoreCase

DAY = date(2024, 6, 30)


@tagged("post_install", "-at_install")
class TestScoreExplain(ScoreCase):
    """A score explains itself: what it says can be done over by hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_a.customer_scoring_today = DAY
        cls.partners = cls.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(10)]
        )

    def fill(self):
        self.book(
            [
                (partner, DAY - timedelta(20 * number + 5 * again), 50 * number + 10)
                for number, partner in enumerate(self.partners)
                for again in range(1 + number % 4)
            ]
        )
        self.book([(self.partners[3], DAY - timedelta(1), -15)])
        self.refresh()

    def test_the_documents_counted(self):
        self.scheme.window_days = 65
        self.fill()
        for partner in self.partners:
            score = self.score_of(partner)
            told = score.explain()["documents"]
            purchases = self.env["dcrm.purchase"].search(told["domain"])
            self.assertEqual(len(purchases), told["count"])
            self.assertAlmostEqual(sum(purchases.mapped("amount")), score.monetary)
            bought = purchases.filtered(lambda purchase: purchase.amount > 0)
            self.assertEqual(len(bought), score.frequency)
            action = score.action_open_purchases()
            self.assertEqual(action["domain"], told["domain"])

    def test_the_classes_follow_from_what_is_told(self):
        self.fill()
        for partner in self.partners:
            score = self.score_of(partner)
            told = score.explain()
            self.assertEqual(
                "".join(str(axis["class"]) for axis in told["axes"]), score.rfm_score
            )
            for axis in told["axes"]:
                sign = -1 if axis["axis"] == "recency" else 1
                passed = sum(sign * axis["value"] > sign * cut for cut in axis["cuts"])
                self.assertEqual(axis["class"], 1 + passed)
                self.assertEqual(len(axis["cut_texts"]), axis["classes"] - 1)

    def test_the_next_class_is_reached_by_what_it_takes_and_by_no_less(self):
        self.fill()
        for partner in self.partners:
            told = self.score_of(partner).explain()
            for axis in told["axes"]:
                step = axis["next"]
                if not step:
                    self.assertEqual(axis["class"], axis["classes"])
                    continue
                sign = -1 if axis["axis"] == "recency" else 1
                unit = 0.01 if axis["axis"] == "monetary" else 1

                def number(value, cuts=axis["cuts"], sign=sign):
                    return 1 + sum(sign * round(value, 2) > sign * cut for cut in cuts)

                reached = axis["value"] + sign * step["distance"]
                self.assertAlmostEqual(reached, step["needed"])
                self.assertEqual(number(reached), step["class"])
                self.assertEqual(number(reached - sign * unit), axis["class"])
                self.assertIn(str(step["class"]), step["text"])

    def test_scheme_segment_and_value_class(self):
        self.scheme.write({"window_days": 365, "name": "Ours"})
        self.fill()
        score = self.score_of(self.partners[3])
        told = score.explain()
        self.assertEqual(told["scheme"]["name"], "Ours")
        self.assertIn("365", told["scheme"]["window_text"])
        self.assertEqual(told["as_of"], DAY)
        self.assertEqual(told["segment"]["id"], score.segment_id.id)
        self.assertEqual(told["segment"]["treatment"], score.segment_id.treatment)
        self.assertEqual(told["value_class"]["class"], score.value_class)
        self.assertGreaterEqual(
            told["value_class"]["value_a"], told["value_class"]["value_b"]
        )
        self.assertEqual(told["population"], len(self.partners))

    def test_a_customer_that_never_bought(self):
        self.book([(self.partners[0], DAY, -5), (self.partners[1], DAY, 5)])
        self.refresh()
        told = self.score_of(self.partners[0]).explain()
        recency = told["axes"][AXES.index("recency")]
        self.assertIsNone(recency["value"])
        self.assertEqual(recency["class"], 1)
        self.assertIsNone(recency["next"]["distance"])

    def test_who_may_not_read_the_score_is_told_nothing(self):
        self.partners[0].user_id = self.users["seller"]
        self.fill()
        score = self.score_of(self.partners[0])
        told = score.with_env(self.env_as("seller")).explain()
        self.assertEqual(told["documents"]["count"], 1)
        for role in ("other_seller", "nobody", "portal", "seller_b"):
            with self.assertRaises(AccessError, msg=role):
                score.with_env(self.env_as(role)).explain()
