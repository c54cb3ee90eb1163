from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
from lifetimes.datasets import load_dataset

from odoo.tests import tagged

from .common_score import AXES, ScoreCase, quick_quantiles

LAST_DAY = date(1998, 6, 30)


def expected(purchases, day, window, classes):
    """Return the scores of many customers, by pandas alone, in whole cents.

    :param purchases: frame ``customer, date, cents``
    """
    day = pd.Timestamp(day)
    purchases = purchases[purchases["date"] <= day]
    bought = purchases[purchases["cents"] > 0].groupby("customer")["date"]
    scores = pd.DataFrame({"cents": 0}, index=purchases["customer"].unique())
    scores["first"], scores["last"] = bought.min(), bought.max()
    inside = purchases
    if window:
        inside = purchases[purchases["date"] > day - pd.Timedelta(days=window)]
    scores["cents"] = inside.groupby("customer")["cents"].sum()
    scores["frequency"] = inside[inside["cents"] > 0].groupby("customer").size()
    scores[["cents", "frequency"]] = scores[["cents", "frequency"]].fillna(0)
    scores["recency"] = (day - scores["last"]).dt.days
    axes = (-scores["recency"], scores["frequency"], scores["cents"])
    for axis, values, count in zip(AXES, axes, classes, strict=True):
        cuts = quick_quantiles(values[scores["frequency"] > 0], count)
        # Not a number exceeds nothing.
        scores[f"{axis}_class"] = 1 + sum((values > cut).astype(int) for cut in cuts)
    positive = scores["cents"].clip(lower=0)
    by_level = positive.groupby(positive).sum().sort_index(ascending=False)
    greater = (by_level.cumsum() - by_level) / by_level.sum()
    share = positive.map(greater)
    scores["value_class"] = np.select(
        [positive <= 0, share < 0.8, share < 0.95], ["c", "a", "b"], "c"
    )
    return scores


@tagged("post_install", "-at_install")
class TestScoreCdnow(ScoreCase):
    """The CDNOW customers: each of 23,570 is scored as pandas scores them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        frame = load_dataset(
            "CDNOW_master.txt",
            header=0,
            sep=r"\s+",
            names=["customer", "date", "quantity", "amount"],
        )
        frame["date"] = pd.to_datetime(frame["date"].astype("str"), format="%Y%m%d")
        cls.company_a.customer_scoring_today = LAST_DAY
        cls.imported = cls.env["dcrm.purchase"].import_history(
            frame[["customer", "date", "amount"]], cls.company_a
        )
        cls.purchases = frame[["customer", "date"]].assign(
            cents=(frame["amount"] * 100).round().astype(int)
        )

    def customers(self):
        """Return ``{partner id: number of the customer}``."""
        partners = self.env["res.partner"].search_fetch(
            [("ref", "!=", False), ("company_id", "in", [False, self.company_a.id])],
            ["ref"],
        )
        return {partner.id: int(partner.ref) for partner in partners}

    def assertSame(self, found, wanted):
        """A frame of scores, by customer, is what was computed beside it."""
        found = found.set_index(found["partner_id"].map(self.customers())).sort_index()
        wanted = wanted.sort_index()
        self.assertEqual(list(found.index), list(wanted.index))
        cents = [int(Decimal(f"{each:.2f}") * 100) for each in found["monetary"]]
        self.assertEqual(cents, wanted["cents"].astype(int).tolist())
        for name, column in (
            ("first_purchase_date", "first"),
            ("last_purchase_date", "last"),
        ):
            same = pd.to_datetime(found[name]).eq(wanted[column])
            none = found[name].isna() & wanted[column].isna()
            self.assertTrue((same | none).all(), name)
        for name in ("frequency", *(f"{axis}_class" for axis in AXES)):
            self.assertEqual(
                found[name].astype(int).tolist(), wanted[name].astype(int).tolist()
            )
        self.assertEqual(found["value_class"].tolist(), wanted["value_class"].tolist())

    def test_every_customer(self):
        self.assertEqual(self.imported["accepted"], 69_659)
        self.assertEqual(self.imported["customers"], 23_570)
        self.scores.refresh(self.company_a)
        live = self.scores.search_read(
            [("company_id", "=", self.company_a.id)],
            [
                "partner_id",
                "first_purchase_date",
                "last_purchase_date",
                "frequency",
                "monetary",
                "value_class",
                *(f"{axis}_class" for axis in AXES),
            ],
            load=None,
        )
        live = pd.DataFrame(live).replace({False: None})
        wanted = expected(self.purchases, LAST_DAY, 0, (5, 5, 5))
        self.assertSame(live, wanted)
        self.assertAlmostEqual(live["monetary"].sum(), 2_500_315.63, 2)
        frame = self.scores.refresh(self.company_a, as_of=LAST_DAY)
        self.assertSame(frame, wanted)
        # What a server does by itself, once rows are committed.
        self.env.cr.execute("ANALYZE")
        self.assertNoViolations()

    def test_of_another_day_window_and_classes(self):
        for day, window, classes in (
            (date(1997, 9, 30), 0, (5, 5, 5)),
            (date(1997, 12, 31), 180, (3, 4, 9)),
            (date(1998, 6, 30), 30, (7, 3, 5)),
        ):
            self.scheme.write(
                {
                    "window_days": window,
                    **{
                        f"{axis}_classes": count
                        for axis, count in zip(AXES, classes, strict=True)
                    },
                }
            )
            frame = self.scores.refresh(self.company_a, as_of=day)
            self.assertSame(frame, expected(self.purchases, day, window, classes))
