from datetime import date, timedelta
from itertools import accumulate

import pandas as pd
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged
from odoo.tools import SQL

from ..compute import lifecycle, rhythm
from .common_score import ScoreCase

DAY = date(2024, 6, 30)
CUSTOMERS, KINDS = 6, 3
# Some days are still to come: what is dated then does not count yet.
days = st.integers(-25, 700).map(lambda ago: DAY - timedelta(ago))
near = st.integers(0, 60).map(lambda ago: DAY - timedelta(ago))
scattered = st.lists(
    st.tuples(
        st.integers(0, CUSTOMERS - 1),
        st.one_of(days, near),
        st.sampled_from([10, 10, 10, 25, 0, -10]),
        st.sampled_from([None, *range(KINDS)]),
        st.booleans(),
    ),
    max_size=60,
)
# Who buys so often that only the latest gaps tell how often.
often = st.builds(
    lambda first, gaps: [
        (0, first + timedelta(ago), 10, None, False) for ago in accumulate(gaps)
    ],
    days,
    st.lists(st.integers(1, 20), min_size=22, max_size=40),
)
both = st.tuples(scattered, often).map(lambda two: two[0] + two[1])
facts = st.one_of(scattered, both)
rules = st.fixed_dictionaries(
    {
        "danger_after_gaps": st.sampled_from([1.0, 1.1, 1.5, 2.0, 2.7]),
        "danger_min_silence_days": st.sampled_from([0, 14, 14, 30]),
        "danger_min_days": st.integers(2, 4),
        "lost_after_days": st.sampled_from([20, 90, 365]),
    }
)
# What happens to single facts later: they go, or move to another day.
changes = st.lists(
    st.tuples(st.integers(0, 59), st.one_of(st.none(), days)), max_size=12
)
examples = settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def expected(book, day, rules):
    """Return rhythm and lifecycle of customers, by pandas and written anew.

    :param book: frame of ``partner_id, date, amount, kind``
    :return: ``{partner: (gap, due, danger since, state, since)}``, and the sets of
        spells in danger and of stays in states, as tuples that begin with the partner
    """
    known, dangers, states = {}, set(), set()
    kinds = book[(book["amount"] > 0) & book["kind"].notna()]
    firsts = kinds.groupby(["partner_id", "kind"])["date"].min()
    bought = book[(book["amount"] > 0) & (book["date"] <= pd.Timestamp(day))]
    for partner, own in bought.groupby("partner_id"):
        table = pd.DataFrame({"day": sorted(own["date"].unique())})
        table["gap"] = table["day"].diff().dt.days
        least = rules["danger_min_days"]
        table["usual"] = table["gap"].rolling(24, min_periods=least - 1).median()
        table["until"] = table["day"].shift(-1)
        own_firsts = sorted(set(firsts.get(partner, pd.Series(dtype=object))))
        further = own_firsts[1] if len(own_firsts) > 1 else pd.Timestamp.max
        spells = _dangers(table, pd.Timestamp(day), rules)
        stays = _states(table, pd.Timestamp(day), rules["lost_after_days"], further)
        dangers |= {(partner, *spell) for spell in spells}
        states |= {(partner, *stay) for stay in stays}
        last = table.iloc[-1]
        gap = None if pd.isna(last["usual"]) else last["usual"]
        due = gap and (last["day"] + pd.Timedelta(days=-(-gap // 1))).date()
        since = [spell[1] for spell in spells if spell[2] is None]
        now = next(stay for stay in stays if stay[2] is None)
        known[partner] = (gap, due, since[0] if since else None, now[0], now[1])
    return known, dangers, states


def _dangers(table, day, rules):
    found = []
    for row in table.itertuples():
        if pd.isna(row.usual):
            continue
        # In tenths, so that nothing is lost.
        tenths = round(rules["danger_after_gaps"] * 10) * round(row.usual * 2)
        begins = row.day + max(
            pd.Timedelta(days=-(-tenths // 20)),
            pd.Timedelta(days=rules["danger_min_silence_days"]),
        )
        lost = row.day + pd.Timedelta(days=rules["lost_after_days"])
        ends = min(lost, row.until) if not pd.isna(row.until) else lost
        if begins > day or begins >= ends:
            continue
        gone = ends <= day
        how = "bought" if not pd.isna(row.until) and row.until <= lost else "lost"
        found.append(
            (
                row.day.date(),
                begins.date(),
                ends.date() if gone else None,
                row.usual,
                how if gone else None,
            )
        )
    return found


def _states(table, day, lost_after, further):
    """One state a day, day by day: then what changed."""
    calendar = pd.date_range(table["day"].min(), day)
    count = pd.Series(1, table["day"]).reindex(calendar, fill_value=0).cumsum()
    last = pd.Series(table["day"].values, table["day"]).reindex(calendar).ffill()
    gap = table.set_index("day")["gap"].reindex(calendar).ffill()
    state = pd.Series("retained", calendar)
    state[last >= further] = "extended"
    state[count == 1] = "acquired"
    state[gap > lost_after] = "won_back"
    state[(calendar - last) >= pd.Timedelta(days=lost_after)] = "lost"
    changed = state[state != state.shift()]
    ends = [*changed.index[1:], None]
    before = [None, *changed.iloc[:-1]]
    return [
        (name, since.date(), until and until.date(), came_from)
        for (since, name), until, came_from in zip(
            changed.items(), ends, before, strict=True
        )
    ]


@tagged("post_install", "-at_install")
class TestRhythmRandom(ScoreCase):
    """Whatever the books say, and however they change: what is stored follows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(CUSTOMERS)]
        )
        cls.products = cls.env["product.product"].create(
            [
                {
                    "name": f"Kind {number}",
                    "categ_id": cls.env["product.category"]
                    .create({"name": f"Kind {number}"})
                    .id,
                }
                for number in range(KINDS)
            ]
        )

    def fill(self, rows):
        """Write facts and their lines, in company A or B."""
        for who, day, amount, kind, far in rows:
            company = self.company_b if far else self.company_a
            purchase = self.purchase(self.partners[who], amount, day, company)
            if kind is not None:
                self.env.cr.execute(
                    SQL(
                        "INSERT INTO dcrm_purchase_line (purchase_id, company_id,"
                        " product, product_id, quantity, amount)"
                        " VALUES (%s, %s, 'Kind', %s, 1, %s)",
                        purchase.id,
                        company.id,
                        self.products[kind].id,
                        amount,
                    )
                )

    def change(self, changes):
        """Let facts go, or move to another day, behind the back of everything."""
        self.env.cr.execute("SELECT id FROM dcrm_purchase ORDER BY id")
        ids = [id_ for [id_] in self.env.cr.fetchall()]
        for number, day in changes:
            if number >= len(ids):
                continue
            if day:
                statement = SQL(
                    "UPDATE dcrm_purchase SET date = %s WHERE id = %s", day, ids[number]
                )
            else:
                statement = SQL("DELETE FROM dcrm_purchase WHERE id = %s", ids[number])
            self.env.cr.execute(statement)

    def book_of(self, company):
        self.env.cr.execute(
            SQL(
                """
                SELECT partner_id, date, purchase.amount::float, categ_id
                  FROM dcrm_purchase purchase
                  LEFT JOIN dcrm_purchase_line line ON line.purchase_id = purchase.id
                  LEFT JOIN product_product product ON product.id = line.product_id
                  LEFT JOIN product_template template
                    ON template.id = product.product_tmpl_id
                 WHERE purchase.company_id = %s
                """,
                company.id,
            )
        )
        columns = ["partner_id", "date", "amount", "kind"]
        book = pd.DataFrame(self.env.cr.fetchall(), columns=columns)
        return book.astype({"date": "datetime64[s]"})

    def stored(self, company):
        """Return what is stored, as ``expected`` returns it."""
        of_company = [("company_id", "=", company.id)]
        scores = self.scores.search([*of_company, ("lifecycle", "!=", False)])
        known = {
            score.partner_id.id: (
                score.purchase_gap or None,
                score.purchase_due_date or None,
                score.danger_since or None,
                score.lifecycle,
                score.lifecycle_since,
            )
            for score in scores
        }
        spells = {
            model: {
                (spell.partner_id.id, *(spell[name] or None for name in names))
                for spell in self.env[model].search(of_company)
            }
            for model, names in (
                (
                    "dcrm.customer.danger",
                    ["silent_since", "entered_on", "left_on", "purchase_gap"]
                    + ["outcome"],
                ),
                (
                    "dcrm.customer.lifecycle",
                    ["state", "entered_on", "left_on", "from_state"],
                ),
            )
        }
        return known, *spells.values()

    def assertStored(self, day, rules):
        self.env.invalidate_all()
        for company in self.companies:
            wanted = expected(self.book_of(company), day, rules)
            self.assertEqual(self.stored(company), wanted)
            frame = self.scores.replay_worth(company, day)
            self.assertEqual(self.replayed(frame), wanted[0])

    def replayed(self, frame):
        return {
            row["partner_id"]: (
                None if pd.isna(row["purchase_gap"]) else row["purchase_gap"],
                row["purchase_due_date"],
                row["danger_since"],
                row["lifecycle"],
                row["lifecycle_since"],
            )
            for row in frame.astype(object)
            .where(frame.notna(), None)
            .to_dict("records")
        }

    @examples
    @given(
        rows=facts,
        more=facts,
        changes=changes,
        rules=rules,
        later=st.integers(0, 200),
        other=rules,
    )
    def test_whatever_happens(self, rows, more, changes, rules, later, other):
        with self.env.cr.savepoint() as savepoint:
            self.companies.write({**rules, "customer_scoring_today": DAY})
            self.fill(rows)
            self.refresh(*self.companies)
            self.assertStored(DAY, rules)
            self.fill(more)
            self.change(changes)
            self.refresh(*self.companies)
            self.assertStored(DAY, rules)
            # The day alone puts customers in danger, and loses them.
            day = DAY + timedelta(later)
            self.companies.customer_scoring_today = day
            self.refresh(*self.companies)
            self.assertStored(day, rules)
            self.assertNoViolations()
            # Nothing is written twice.
            names = ("dcrm_customer_danger", "dcrm_customer_lifecycle")
            before = [self.written(name) for name in names]
            self.refresh(*self.companies, full=True)
            self.assertEqual([self.written(name) for name in names], before)
            # Other rules, and a day that goes back.
            self.companies.write({**other, "customer_scoring_today": DAY})
            self.refresh(*self.companies)
            self.assertStored(DAY, other)
            savepoint.rollback()

    @settings(examples, max_examples=60)
    @given(rows=facts, rules=rules)
    def test_the_definition_says_the_same(self, rows, rules):
        book = pd.DataFrame(
            [(who, day, amount, kind) for who, day, amount, kind, _far in rows],
            columns=["partner_id", "date", "amount", "kind"],
        ).astype({"date": "datetime64[s]", "kind": object})
        _known, dangers, states = expected(book, DAY, rules)
        found, stays = set(), set()
        lost_after = rules["lost_after_days"]
        for partner, own in book[book["amount"] > 0].groupby("partner_id"):
            bought = sorted({instant.date() for instant in own["date"]})
            found |= {
                (partner, *spell)
                for spell in rhythm.dangers(
                    bought,
                    DAY,
                    rules["danger_after_gaps"],
                    rules["danger_min_days"],
                    lost_after,
                    rules["danger_min_silence_days"],
                )
            }
            firsts = own[own["kind"].notna()].groupby("kind")["date"].min()
            further = lifecycle.extension_day([first.date() for first in firsts])
            stays |= {
                (partner, *spell)
                for spell in lifecycle.spells(bought, DAY, lost_after, further)
            }
        self.assertEqual(found, dangers)
        self.assertEqual(stays, states)
