"""Scores computed a second time, customer by customer, and books to compute them from.

Written beside, and not from, ``compute.rfm`` and the statements that score: plain
pandas and loops, exact in decimals, so that a fault in one of them shows.
"""

from datetime import timedelta
from decimal import Decimal

import pandas as pd

from odoo.tools import SQL

from .common import DcrmCase

AXES = ("recency", "frequency", "monetary")


def expected_scores(facts, day, schemes, scheme_of=None):
    """Return the scores of a day as a frame by customer.

    :param facts: frame of ``partner_id, date, amount, margin`` (Decimal or None)
    :param schemes: ``{key: dict(window, margin, classes, cuts)}``; ``cuts`` of an axis
        are given where they are not to be taken from the customers
    :param scheme_of: ``{partner_id: key}``; default: all are of the first scheme
    """
    facts = facts[facts["date"] <= day]
    default = next(iter(schemes))
    rows = []
    for partner_id, own in facts.groupby("partner_id"):
        key = (scheme_of or {}).get(partner_id, default)
        rows.append(
            {
                "partner_id": partner_id,
                "scheme": key,
                **_figures(own, day, schemes[key]),
            }
        )
    if not rows:
        return pd.DataFrame()
    scores = pd.DataFrame(rows).set_index("partner_id")
    for key, scheme in schemes.items():
        _class(scores, scores["scheme"] == key, scheme)
    scores["value_class"] = _value_classes(scores["monetary"])
    scores["rfm_score"] = [
        "".join(str(row[f"{axis}_class"]) for axis in AXES)
        for _index, row in scores.iterrows()
    ]
    return scores


def _figures(own, day, scheme):
    bought = own[own["amount"] > 0]
    inside = own
    if scheme.get("window"):
        inside = own[own["date"] > day - timedelta(scheme["window"])]
    values = inside["margin" if scheme.get("margin") else "amount"]
    last = bought["date"].max() if len(bought) else None
    return {
        "first_purchase_date": bought["date"].min() if len(bought) else None,
        "last_purchase_date": last,
        "recency": (day - last).days if last else None,
        "frequency": int((inside["amount"] > 0).sum()),
        "monetary": sum((v for v in values if v is not None), Decimal(0)),
        "margin_unknown": sum(value is None for value in inside["margin"]),
    }


def _class(scores, mask, scheme):
    """Class the customers of a scheme, one axis after the other."""
    of_scheme = scores[mask]
    if of_scheme.empty:
        return
    for axis, classes in zip(AXES, scheme.get("classes", (5, 5, 5)), strict=True):
        values = of_scheme[axis]
        if axis == "recency":
            values = values.map(lambda days: None if pd.isna(days) else -days)
        buyers = values[of_scheme["frequency"] > 0]
        cuts = scheme.get("cuts", {}).get(axis)
        if cuts is None:
            unit = Decimal(str(scheme.get("unit", "0.01"))) if axis == "monetary" else 1
            cuts = _quantiles(list(buyers), classes, unit)
        elif axis == "recency":
            cuts = [-cut for cut in cuts]
        for partner_id, value in values.items():
            unknown = value is None or value != value
            number = 1 if unknown else 1 + sum(value > cut for cut in cuts)
            scores.loc[partner_id, f"{axis}_class"] = number
        column = f"{axis}_class"
        scores[column] = scores[column].astype("Int64")


def _quantiles(values, classes, unit):
    if not values:
        return [0] * (classes - 1)
    if min(values) == max(values):
        middle = (classes + 1) // 2
        return [
            values[0] - unit if k < middle else values[0] for k in range(1, classes)
        ]
    cuts = []
    for k in range(1, classes):
        enough = (
            v
            for v in values
            if sum(w <= v for w in values) * classes >= k * len(values)
        )
        cuts.append(min(enough))
    return cuts


def quick_quantiles(values, classes):
    """The same of many values: counted up over the distinct ones."""
    counted = pd.Series(values).value_counts().sort_index().cumsum()
    return [
        counted[counted * classes >= k * len(values)].index[0]
        for k in range(1, classes)
    ]


def _value_classes(monetary):
    positive = sorted((value for value in monetary if value > 0), reverse=True)
    total, bounds = sum(positive), {}
    for value in dict.fromkeys(positive):
        greater = sum(other for other in positive if other > value)
        bounds[value] = (
            "a"
            if greater * 100 < total * 80
            else "b"
            if greater * 100 < total * 95
            else "c"
        )
    return [bounds.get(value, "c") for value in monetary]


class ScoreCase(DcrmCase):
    """Purchases written straight as facts, and scores compared with expected ones."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scheme = cls.env.ref("dcrm_analytics.scheme_default")
        cls.scores = cls.env["dcrm.customer.score"]
        cls.segments = {
            segment.code: segment for segment in cls.env["dcrm.segment"].search([])
        }

    def book(self, rows, company=None):
        """Write facts ``(partner, date, amount[, margin])`` at once."""
        company = company or self.company_a
        self.env.flush_all()
        values = [
            SQL(
                "(%s, %s, %s, %s, %s, %s, 'import', %s)",
                partner.id,
                company.id,
                date,
                amount,
                margin[0] if margin else None,
                bool(margin and margin[0] is not None),
                f"book-{next(self.numbers)}",
            )
            for partner, date, amount, *margin in rows
        ]
        if values:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO dcrm_purchase (partner_id, company_id, date, amount, "
                    "margin, margin_known, source, import_key) VALUES %s",
                    SQL(", ").join(values),
                )
            )

    def facts(self, company=None):
        """Return the facts of a company as ``expected_scores`` asks for them."""
        self.env.cr.execute(
            SQL(
                "SELECT partner_id, date, amount::text, margin::text "
                "FROM dcrm_purchase WHERE company_id = %s",
                (company or self.company_a).id,
            )
        )
        rows = [
            (partner_id, date, Decimal(amount), margin and Decimal(margin))
            for partner_id, date, amount, margin in self.env.cr.fetchall()
        ]
        frame = pd.DataFrame(rows, columns=["partner_id", "date", "amount", "margin"])
        return frame.astype({"amount": object, "margin": object}).where(
            frame.notna(), None
        )

    def live(self, company=None):
        """Return the live scores of a company, as dicts by customer."""
        scores = self.scores.search(
            [("company_id", "=", (company or self.company_a).id)]
        )
        return {score.partner_id.id: score for score in scores}

    def assertScores(self, found, expected, grid=None):
        """Records or rows of a frame, by customer, say what is expected of each."""
        self.assertEqual(set(found), set(expected.index))
        for partner_id, wanted in expected.iterrows():
            score = found[partner_id]
            for name in (
                "first_purchase_date",
                "last_purchase_date",
                "frequency",
                "margin_unknown",
                "recency_class",
                "frequency_class",
                "monetary_class",
                "rfm_score",
                "value_class",
            ):
                self.assertEqual(
                    score[name] or None,
                    wanted[name] or None,
                    (partner_id, name, wanted),
                )
            self.assertEqual(
                Decimal(f"{score['monetary']:.2f}"), wanted["monetary"], partner_id
            )
            if grid:
                segment = score["segment_id"]
                cell = tuple(score[f"{axis}_class"] for axis in AXES)
                self.assertEqual(
                    getattr(segment, "id", segment), grid[cell], partner_id
                )

    def rows(self, frame):
        """Return the rows of a replay by customer."""
        return {row["partner_id"]: row for row in frame.to_dict("records")}

    def tables_read(self):
        """Return how often this transaction has read tables of ours so far."""
        self.env.cr.execute(
            SQL(
                "SELECT sum(seq_scan + COALESCE(idx_scan, 0)) "
                "FROM pg_stat_xact_user_tables WHERE relname ^@ 'dcrm_'"
            )
        )
        return self.env.cr.fetchone()[0]

    def written(self, table):
        """Return how many rows of a table this transaction has written so far."""
        self.env.cr.execute(
            SQL(
                "SELECT n_tup_ins + n_tup_upd + n_tup_del "
                "FROM pg_stat_xact_user_tables WHERE relname = %s",
                table,
            )
        )
        return self.env.cr.fetchone()[0]
