from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_score import AXES, ScoreCase

FIELDS = ("frequency", "monetary", "rfm_score", "segment_id", "value_class")


@tagged("post_install", "-at_install")
class TestScoreHistory(ScoreCase):
    """What was recorded is the truth of the day; what is replayed agrees with it."""

    def setUp(self):
        super().setUp()
        self.first_day = self.days_ago(40)
        self.partners = [self.partner() for _n in range(9)]

    def on(self, day):
        """Live on a day of the company."""
        return freeze_time(self.instant(day))

    def live_on(self, days, step=1):
        """Let customers buy and be scored day by day; return what was live each day."""
        seen = {}
        for number in range(0, days, step):
            day = self.first_day + timedelta(number)
            with self.on(day):
                self.book(
                    [
                        (partner, day, 10 * (place + number % 4) + 5)
                        for place, partner in enumerate(self.partners)
                        if (number + 3 * place) % (place + 2) == 0
                    ]
                )
                self.refresh()
                seen[day] = {
                    partner_id: {name: score[name] for name in FIELDS}
                    for partner_id, score in self.live().items()
                }
        return seen

    def history(self, partner):
        return self.env["dcrm.customer.score.history"].search(
            [("partner_id", "=", partner.id)], order="date"
        )

    def test_replay_equals_what_was_recorded(self):
        seen = self.live_on(12)
        for day, scores in seen.items():
            frame = self.scores.refresh(self.company_a, as_of=day)
            self.assertEqual(frame.attrs["thresholds"], "then")
            rows = self.rows(frame)
            self.assertEqual(set(rows), set(scores))
            for partner_id, score in scores.items():
                for name in FIELDS:
                    wanted = score[name]
                    self.assertEqual(
                        rows[partner_id][name], getattr(wanted, "id", wanted)
                    )
                record = self.env["dcrm.customer.score.history"].search(
                    [("partner_id", "=", partner_id), ("date", "<=", day)],
                    order="date desc",
                    limit=1,
                )
                self.assertEqual({name: record[name] for name in FIELDS}, score)
        with self.on(max(seen)):
            self.assertNoViolations()

    def test_history_only_when_something_changes(self):
        with self.on(self.first_day):
            self.book([(self.partners[0], self.first_day, 50)])
            self.refresh()
        for number in range(1, 4):
            with self.on(self.first_day + timedelta(number)):
                self.refresh(full=True)
        [record] = self.history(self.partners[0])
        self.assertEqual(record.date, self.first_day)

    def test_at_most_one_record_a_day(self):
        for amount in (50, 60, 70):
            self.book([(self.partners[0], self.first_day, amount)])
            self.refresh()
        [record] = self.history(self.partners[0])
        self.assertEqual((record.frequency, record.monetary), (3, 180))
        self.assertEqual(record.cut_id, self.score_of(self.partners[0]).cut_id)

    def test_a_replay_leaves_the_live_scores_alone(self):
        self.live_on(4)
        tables = ("dcrm_customer_score", "dcrm_customer_score_history", "dcrm_rfm_cut")
        before = [self.written(table) for table in tables]
        self.book([(self.partners[3], self.first_day, 1)])
        frame = self.scores.refresh(self.company_a, as_of=self.first_day)
        self.assertEqual([self.written(table) for table in tables], before)
        self.assertEqual(
            list(frame.columns[:3]),
            ["partner_id", "company_id", "first_purchase_date"],
        )
        # The changed fact is still scored by the next refresh.
        self.assertTrue(self.scores.refresh(self.company_a)["changed"])

    def test_thresholds_of_then_or_of_now(self):
        rich, poor = self.partners[:2]
        early, late = self.first_day, self.first_day + timedelta(30)
        self.book([(rich, early, 100), (poor, early, 10)])
        self.book([(partner, late, 1000) for partner in self.partners])
        self.refresh()
        then = self.rows(self.scores.replay(self.company_a, early))
        now = self.scores.replay(self.company_a, early, thresholds="now")
        self.assertEqual(now.attrs["thresholds"], "now")
        now = self.rows(now)
        self.assertEqual(then[rich.id]["monetary_class"], 3)
        # By what customers are worth today, 100 is little.
        self.assertEqual(now[rich.id]["monetary_class"], 1)
        self.assertEqual(now[rich.id]["value_class"], "c")
        for name in ("frequency", "monetary", "recency", "last_purchase_date"):
            self.assertEqual(then[rich.id][name], now[rich.id][name])

    def test_thresholds_of_now_have_to_be_known(self):
        with self.assertRaises(UserError):
            self.scores.replay(self.company_a, self.first_day, thresholds="now")
        with self.assertRaises(ValueError):
            self.scores.replay(self.company_a, self.first_day, thresholds="soon")

    def test_a_scheme_that_changed_moves_the_cut_points_at_once(self):
        self.live_on(6)
        self.refresh()
        self.assertFalse(self.scores.refresh(self.company_a)["full"])
        edits = [
            {"window_days": 400},
            {"monetary_classes": 3},
            {"basis": "margin"},
            {
                "method": "manual",
                "recency_cuts": "90; 60; 35; 10",
                "frequency_cuts": "1; 2; 3; 4",
                "monetary_cuts": "10; 20",
            },
            {"monetary_cuts": "15; 25.5"},
        ]
        for edit in edits:
            self.scheme.write(edit)
            self.assertTrue(self.scores.refresh(self.company_a)["full"], edit)
            self.assertFalse(self.scores.refresh(self.company_a)["full"], edit)
        cell = self.scheme.cell_ids[0]
        cell.segment_id = self.segments["lost"]
        self.assertTrue(self.scores.refresh(self.company_a)["full"])
        own = self.env["dcrm.rfm.scheme"].create(
            {"name": "Own", "company_id": self.company_a.id}
        )
        self.assertTrue(self.scores.refresh(self.company_a)["full"])
        self.assertEqual(self.scores.search([]).scheme_id, own)
        own.active = False
        self.assertTrue(self.scores.refresh(self.company_a)["full"])
        self.assertEqual(self.scores.search([]).scheme_id, self.scheme)
        own.active = True
        self.assertTrue(self.scores.refresh(self.company_a)["full"])
        self.assertEqual(self.scores.search([]).scheme_id, own)
        self.assertNoViolations()

    def test_manual_cut_points(self):
        self.scheme.write(
            {
                "method": "manual",
                **{f"{axis}_classes": 3 for axis in AXES},
                "recency_cuts": "30; 10",
                "frequency_cuts": "1; 2",
                "monetary_cuts": "100; 200",
            }
        )
        cases = [
            # days ago, purchases, amount of each: classes
            ((30, 1, 100), "111"),
            ((29, 1, 100.01), "212"),
            ((10, 2, 100), "222"),
            ((9, 3, 100), "333"),
        ]
        for number, ((ago, count, amount), _wanted) in enumerate(cases):
            self.book([(self.partners[number], self.days_ago(ago), amount)] * count)
        self.refresh()
        for number, (case, wanted) in enumerate(cases):
            self.assertEqual(
                self.score_of(self.partners[number]).rfm_score, wanted, case
            )
        cut = self.score_of(self.partners[0]).cut_id
        self.assertEqual(cut.recency_cuts, [30, 10])
        self.assertEqual(cut.date, self.today())
        # Another day, the same cut points: they go on.
        tomorrow = self.today() + timedelta(1)
        with self.on(tomorrow):
            self.refresh()
            self.assertEqual(self.score_of(self.partners[3]).rfm_score, "233")
            self.assertEqual(self.score_of(self.partners[0]).cut_id, cut)
            self.assertEqual(cut.renewed_on, tomorrow)

    # -- the grid ----------------------------------------------------------------------

    def test_the_live_grid_adds_up(self):
        self.live_on(10)
        self.refresh()
        grid = self.scores.rfm_grid(company_id=self.company_a.id)
        live = self.live().values()
        self.assertEqual((grid["state"], grid["as_of_kind"]), ("ready", "live"))
        self.assertEqual(grid["customers"], len(live))
        self.assertAlmostEqual(grid["monetary"], sum(s.monetary for s in live))
        self.assertEqual((grid["recency_classes"], grid["frequency_classes"]), (5, 5))
        for cell in grid["cells"]:
            of_cell = [
                score
                for score in live
                if score.recency_class == cell["recency_class"]
                and score.frequency_class == cell["frequency_class"]
            ]
            self.assertEqual(cell["customers"], len(of_cell))
            self.assertAlmostEqual(cell["monetary"], sum(s.monetary for s in of_cell))
            self.assertEqual(
                set(cell["segment_ids"]), {score.segment_id.id for score in of_cell}
            )
        some = self.scores.rfm_grid(
            [("partner_id", "in", [self.partners[0].id, self.partners[1].id])]
        )
        self.assertEqual(some["customers"], 2)

    def test_the_grid_of_a_day_recorded(self):
        seen = self.live_on(10, step=3)
        for day in seen:
            # Also on the days on which nothing was written.
            for later in (0, 1, 2):
                grid = self.scores.rfm_grid(as_of=day + timedelta(later))
                self.assertEqual(grid["as_of_kind"], "recorded")
                self.assertEqual(grid["customers"], len(seen[day]))
                self.assertAlmostEqual(
                    grid["monetary"], sum(s["monetary"] for s in seen[day].values())
                )

    def test_the_grid_before_the_first_record_is_replayed_for_analysts(self):
        self.book([(partner, self.days_ago(60), 10) for partner in self.partners])
        self.refresh()
        day = self.days_ago(50)
        grid = self.env_as("analyst")["dcrm.customer.score"].rfm_grid(as_of=day)
        self.assertEqual(grid["as_of_kind"], "replayed")
        self.assertEqual(grid["customers"], len(self.partners))
        grid = self.env_as("seller_all")["dcrm.customer.score"].rfm_grid(as_of=day)
        self.assertEqual((grid["as_of_kind"], grid["customers"]), ("unrecorded", 0))
        self.assertEqual(grid["recorded_from"], self.today())

    def test_the_grid_holds_to_the_rules_of_the_reader(self):
        mine = self.partner(seller="seller")
        self.book([(p, self.days_ago(60), 10) for p in (mine, *self.partners)])
        with self.on(self.days_ago(3)):
            self.refresh()
        self.refresh()
        for day in (None, self.days_ago(2)):
            scores = self.env_as("seller")["dcrm.customer.score"]
            self.assertEqual(scores.rfm_grid(as_of=day)["customers"], 1)
            scores = self.env_as("other_seller")["dcrm.customer.score"]
            self.assertEqual(scores.rfm_grid(as_of=day)["customers"], 0)
            scores = self.env_as("seller_all")["dcrm.customer.score"]
            self.assertEqual(scores.rfm_grid(as_of=day)["customers"], 10)

    def test_an_empty_grid(self):
        grid = self.scores.rfm_grid()
        self.assertEqual((grid["state"], grid["cells"]), ("empty", []))
        self.assertFalse(grid["scoring"])
        self.env["dcrm.run"]._start("refresh", self.company_a)
        self.assertEqual(self.scores.rfm_grid()["state"], "building")

    def test_the_grid_of_a_company_that_found_no_purchase(self):
        self.company_a.customer_scoring = True
        self.refresh()
        grid = self.env_as("seller")["dcrm.customer.score"].rfm_grid()
        self.assertEqual((grid["state"], grid["scoring"]), ("empty", True))
