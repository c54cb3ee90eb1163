from datetime import date
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common_deferral import DeferralCase


@tagged("post_install", "-at_install")
class TestPointsDeferralClose(DeferralCase):
    """Closing months by a cron, against locked books, and what the report shows."""

    def setUp(self):
        super().setUp()
        self.kept = self.deferring_club(expected_redemption=100)
        self.runs = self.env["dcrm.run"].search([])

    def process(self):
        """Let the cron ask for what is due and do it; return the new runs."""
        self.env["dcrm.run"]._start_points_close()
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("dcrm_analytics.ir_cron_run").method_direct_trigger()
        self.env.invalidate_all()
        return self.env["dcrm.run"].search([]) - self.runs

    def posted(self):
        """Return [(month, day, [(label, balance)])] of all closings."""
        periods = self.env["dcrm.points.deferral.period"].search([], order="id")
        return [
            (
                str(period.month),
                str(period.day),
                [(line.name, line.balance) for line in period.entry_id.line_ids],
            )
            for period in periods
        ]

    # -- by the cron -------------------------------------------------------------------

    def test_each_month_that_is_over_has_its_entry(self):
        self.sell(1_100, "2026-01-10")
        self.redeem(self.kept, 11, "2026-02-10")
        self.sell(2_200, "2026-02-12")
        self.at("2026-03-02")
        run = self.process()
        self.assertEqual((run.kind, run.state), ("points_close", "done"))
        closed = [
            (str(each.month), str(each.day), each.granted_amount, each.redeemed_amount)
            for each in self.env["dcrm.points.deferral.period"].search([], order="id")
        ]
        self.assertEqual(
            closed,
            [
                ("2026-01-01", "2026-01-31", 100, 0),
                ("2026-01-01", "2026-02-28", 0, 10),
                ("2026-02-01", "2026-02-28", 200, 0),
            ],
        )
        entries = self.env["dcrm.points.deferral.period"].search([]).entry_id
        self.assertEqual(
            sorted(map(str, entries.mapped("date"))),
            ["2026-01-31", "2026-02-28", "2026-02-28"],
        )
        self.assertEqual(self.kept.deferral_closed_on, date(2026, 2, 28))
        # Nothing is due again, before the next month is over.
        self.runs = self.env["dcrm.run"].search([])
        self.assertFalse(self.process())
        self.assertNoViolations()

    def test_the_curve_is_read_once_a_club_and_day(self):
        """Of three steps two close the same day; the months expect the same."""
        self.kept.write({"redemption_by": "curve", "curve_months": 1})
        self.sell(1_000, "2026-01-10")
        self.redeem(self.kept, 25, "2026-01-20")
        self.sell(1_000, "2026-02-12")
        self.redeem(self.kept, 25, "2026-02-20")
        self.at("2026-03-02")
        curves = type(self.kept)._redemption_curve
        with patch.object(
            type(self.kept), "_redemption_curve", autospec=True, side_effect=curves
        ) as read:
            run = self.process()
        self.assertEqual(run.state, "done")
        self.assertEqual(len(self.posted()), 3)
        self.assertEqual(
            [call.args[1] for call in read.call_args_list],
            [date(2026, 1, 31), date(2026, 2, 28)],
        )
        learnt = [float(part) for part in curves(self.kept, date(2026, 2, 28))]
        self.assertTrue(learnt)
        self.assertEqual(self.kept.redemption_curve, learnt)
        self.env.cr.execute("SHOW jit")
        self.assertEqual(self.env.cr.fetchone(), ("off",))

    def test_a_run_that_was_killed_posts_the_same(self):
        """Killed between any two of its batches, or amid one, nothing counts twice."""
        self.sell(1_100, "2026-01-10")
        self.redeem(self.kept, 11, "2026-02-10")
        self.sell(2_200, "2026-02-12")
        self.at("2026-03-02")
        close = self.env.registry["dcrm.points.deferral"]._close
        with self.cr.savepoint() as whole:
            self.process()
            wanted = self.posted()
            whole.rollback()
        self.env.invalidate_all()
        self.assertEqual(len(wanted), 3)
        calls = []

        def killed(records, *args):
            calls.append(args)
            period = close(records, *args)
            if len(calls) in (1, 3, 4):
                raise RuntimeError("killed")
            return period

        with patch.object(self.env.registry["dcrm.points.deferral"], "_close", killed):
            for _attempt in range(6):
                self.process()
        self.assertGreater(len(calls), 3)
        self.assertEqual(self.posted(), wanted)
        self.assertNoViolations()

    def test_a_club_that_can_not_be_posted_holds_up_no_other(self):
        program = self.make_program(amount=0.1)
        other = self.deferring_club(
            program_id=program.id,
            deferral_account_id=self.kept.deferral_account_id.copy({"code": "X9"}).id,
        )
        self.sell(1_100, "2026-01-10")
        self.kept.deferral_account_id.active = False
        self.at("2026-02-02")
        run = self.process()
        self.assertEqual(run.state, "failed")
        self.assertIn("archived", run.error)
        self.assertEqual(str(other.deferral_closed_on), "2026-01-31")
        self.assertTrue(other.deferral_ids)
        self.assertFalse(self.kept.deferral_ids)

    def test_an_expectation_without_effect_is_no_closing(self):
        self.sell(1_100, "2026-01-10")
        self.redeem(self.kept, 110, "2026-01-20")
        self.close(self.kept, "2026-01-31")
        before = self.posted()
        self.kept.expected_redemption = 70
        self.close(self.kept, "2026-02-28")
        self.assertEqual(self.posted(), before)

    def test_closing_again_posts_nothing(self):
        self.sell(1_100, "2026-01-10")
        self.close(self.kept, "2026-01-31")
        before = self.posted()
        self.kept.deferral_closed_on = False
        self.close(self.kept, "2026-01-31")
        self.close(self.kept, "2026-02-28")
        self.assertEqual(self.posted(), before)

    def test_a_club_that_does_not_defer_is_left_alone(self):
        self.kept.deferral = False
        self.sell(1_100, "2026-01-10")
        self.at("2026-03-02")
        self.assertFalse(self.process())
        self.assertFalse(self.cohort(self.kept))

    def test_off_for_a_while_catches_up(self):
        self.sell(1_100, "2026-01-10")
        self.close(self.kept, "2026-01-31")
        self.kept.deferral = False
        self.redeem(self.kept, 55, "2026-02-10")
        self.at("2026-03-10")
        self.process()
        self.assertEqual(self.owed(self.kept), 100)
        self.kept.deferral = True
        self.process()
        self.assertCohort(self.cohort(self.kept), redeemed=55, liability=50)

    def test_locked_books_are_respected(self):
        self.sell(1_100, "2026-01-10")
        self.company_a.fiscalyear_lock_date = "2026-02-28"
        self.close(self.kept, "2026-01-31")
        period = self.cohort(self.kept).period_ids
        self.assertEqual(period.day, date(2026, 1, 31))
        self.assertGreater(period.entry_id.date, date(2026, 2, 28))
        self.assertEqual(period.entry_id.state, "posted")
        # At the end of January the books owe nothing yet: the report shows it.
        with self.as_of("2026-01-31") as row:
            self.assertEqual((row.liability, row.booked), (100, 0))
            self.assertEqual(row.difference, -100)
        with self.as_of("2026-12-31") as row:
            self.assertEqual((row.liability, row.booked, row.difference), (100, 100, 0))

    def test_points_used_after_the_day_are_not_in_the_closing(self):
        self.sell(1_100, "2026-01-10")
        self.redeem(self.kept, 55, "2026-02-10")
        self.at("2026-02-15")
        self.kept._close_points(date(2026, 1, 31))
        self.assertCohort(self.cohort(self.kept), redeemed=0, liability=100)
        self.kept._close_points(date(2026, 2, 14))
        self.assertCohort(self.cohort(self.kept), redeemed=55, liability=50)

    # -- by hand -----------------------------------------------------------------------

    def wizard(self, day=None, env=None):
        return (
            (env or self.env)["dcrm.points.close"]
            .with_company(self.company_a)
            .create({"company_id": self.company_a.id, **({"day": day} if day else {})})
        )

    def test_by_hand_up_to_any_day(self):
        self.sell(1_100, "2026-01-10")
        self.redeem(self.kept, 55, "2026-02-10")
        self.at("2026-02-15")
        wizard = self.wizard("2026-02-14")
        self.assertEqual(wizard.club_ids, self.kept)
        action = wizard.action_close()
        periods = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(
            sorted(map(str, periods.mapped("day"))), ["2026-01-31", "2026-02-14"]
        )
        with self.assertRefused("are closed up to 02/14/2026"):
            self.wizard("2026-02-14").action_close()
        with self.assertRefused("is not over yet"):
            self.wizard("2026-02-16").action_close()

    def test_the_dialog_offers_the_month_that_is_over_then_yesterday(self):
        self.sell(1_100, "2026-01-10")
        self.at("2026-02-15")
        self.assertEqual(str(self.wizard().day), "2026-01-31")
        self.wizard().action_close()
        self.assertEqual(str(self.wizard().day), "2026-02-14")
        self.wizard().action_close()
        self.assertEqual(str(self.kept.deferral_closed_on), "2026-02-14")

    # -- the report --------------------------------------------------------------------

    def test_the_report_adds_up_and_shows_what_others_posted(self):
        self.sell(1_100, "2026-01-10")
        self.redeem(self.kept, 22, "2026-01-20")
        self.close(self.kept, "2026-01-31")
        with self.as_of("2026-01-31") as row:
            self.assertEqual((row.outstanding, row.expected), (88, 88))
            self.assertEqual((row.worth, row.liability, row.booked), (80, 80, 80))
            self.assertEqual(row.difference, 0)
            self.assertEqual(row.action_open()["res_id"], self.cohort(self.kept).id)
        account = self.kept.deferral_account_id
        other = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.kept.deferral_journal_id.id,
                "date": "2026-01-31",
                "line_ids": [
                    (0, 0, {"account_id": account.id, "balance": 7}),
                    (
                        0,
                        0,
                        {
                            "account_id": self.kept.deferral_revenue_account_id.id,
                            "balance": -7,
                        },
                    ),
                ],
            }
        )
        other.action_post()
        with self.as_of("2026-01-31") as rows:
            odd = rows.filtered(lambda row: not row.deferral_id)
            self.assertEqual((odd.booked, odd.difference), (-7, -7))
            action = odd.action_open()
            lines = self.env["account.move.line"].search(action["domain"])
            self.assertEqual(lines.move_id, other)
            self.assertEqual(sum(rows.mapped("booked")), self.owed(self.kept))

    def test_the_report_of_an_earlier_day(self):
        self.sell(1_100, "2026-01-10")
        self.close(self.kept, "2026-01-31")
        self.redeem(self.kept, 110, "2026-02-10")
        self.close(self.kept, "2026-02-28")
        for day, liability in (("2026-01-31", 100), ("2026-02-28", 0)):
            with self.as_of(day) as row:
                self.assertEqual((row.liability, row.booked), (liability, liability))
        with self.as_of("2026-01-30") as row:
            self.assertFalse(row)

    def test_a_day_before_the_last_closing_changes_nothing(self):
        self.sell(1_100, "2026-01-10")
        self.close(self.kept, "2026-01-31")
        self.close(self.kept, "2026-01-20")
        self.assertEqual(str(self.kept.deferral_closed_on), "2026-01-31")
        self.assertEqual(len(self.cohort(self.kept).period_ids), 1)

    def test_the_audit_finds_an_entry_that_was_changed(self):
        self.sell(1_100, "2026-01-10")
        self.close(self.kept, "2026-01-31")
        self.assertNoViolations()
        period = self.cohort(self.kept).period_ids
        with self.assertRefused("the next closing posts what has changed since"):
            period.entry_id.button_draft()
        for statement in (
            "UPDATE account_move SET state = 'draft' WHERE id = %s",
            "UPDATE account_move_line SET parent_state = 'draft' WHERE move_id = %s",
        ):
            self.env.cr.execute(statement, [period.entry_id.id])
        self.env.invalidate_all()
        [violation] = self.env["dcrm.audit"].run()
        self.assertEqual(
            (violation["invariant"], violation["ids"]),
            ("deferral_is_booked", period.ids),
        )
        # Its entry can not be deleted behind its back.
        with self.assertRefused("part of a closing of points"):
            period.entry_id.unlink()

    def test_the_audit_finds_cohorts_that_do_not_add_up(self):
        self.sell(1_100, "2026-01-10")
        self.close(self.kept, "2026-01-31")
        cohort = self.cohort(self.kept)
        for values, broken in (
            ({"deferred": 101, "liability": 101}, {"deferral_adds_up"}),
            (
                {"redeemed": 11, "outstanding": 99},
                {"deferral_is_outstanding"},
            ),
            # All of it fits together: only the ledger knows better.
            (
                {"redeemed": 11, "outstanding": 99, "recognised": 10, "liability": 90},
                {"deferral_is_outstanding"},
            ),
            ({"expired": 11, "outstanding": 99}, {"deferral_is_outstanding"}),
            ({"issued": 121, "outstanding": 121}, {"deferral_is_outstanding"}),
        ):
            with self.subTest(values), self.cr.savepoint() as savepoint:
                cohort.write(values)
                found = {each["invariant"] for each in self.env["dcrm.audit"].run()}
                self.assertLessEqual(broken, found)
                savepoint.rollback()
            self.env.invalidate_all()

    # -- settings ----------------------------------------------------------------------

    def test_off_by_default(self):
        club = self.club("Plain", program_id=self.make_program().id)
        self.assertFalse(club.deferral)
        self.assertFalse(club.copy({"program_id": False}).deferral)

    def test_deferring_needs_its_settings(self):
        for name in self.books[self.company_a]:
            with self.assertRefused("say from which day on", ValidationError):
                self.kept[name] = False
        with self.assertRefused("what a point costs by itself", ValidationError):
            self.kept.point_price = 0

    def test_books_of_another_kind_are_refused(self):
        books = self.books[self.company_a]
        journal, owed = books["deferral_journal_id"], books["deferral_account_id"]
        foreign = self.env["account.account"].browse(owed).copy({"code": "X482"})
        foreign.currency_id = self.env.ref("base.GBP")
        sales = self.env["account.journal"].create(
            {"name": "Other Sales", "code": "XSAL", "type": "sale"}
        )
        for name, wrong in (
            ("deferral_journal_id", sales.id),
            ("deferral_account_id", books["deferral_revenue_account_id"]),
            ("deferral_account_id", foreign.id),
            ("deferral_revenue_account_id", owed),
        ):
            with (
                self.subTest(name=name, wrong=wrong),
                self.assertRefused("Not so:", ValidationError),
            ):
                self.kept[name] = wrong
        self.env["account.journal"].browse(journal).active = False
        with self.assertRefused("Not so: Points", ValidationError):
            self.deferring_club(program_id=self.make_program(amount=0.1).id)

    def test_what_would_lose_the_balance_is_refused(self):
        self.sell(1_100, "2026-01-10")
        self.close(self.kept, "2026-01-31")
        with self.assertRefused("that day stays"):
            self.kept.deferral_from = "2026-02-01"
        account = self.kept.deferral_account_id.copy({"code": "X481"})
        with self.assertRefused("the account stays"):
            self.kept.deferral_account_id = account
        self.redeem(self.kept, 110, "2026-02-01")
        self.close(self.kept, "2026-02-28")
        self.kept.deferral_account_id = account
        self.sell(1_100, "2026-03-01")
        self.close(self.kept, "2026-03-31")
        self.assertEqual(self.owed(self.kept), 100)
        with self.as_of("2026-03-31") as rows:
            self.assertFalse(any(rows.mapped("difference")))

    def test_a_changed_expectation_is_caught_up_with(self):
        self.sell(1_100, "2026-01-10")
        self.redeem(self.kept, 44, "2026-01-20")
        self.close(self.kept, "2026-01-31")
        self.assertCohort(self.cohort(self.kept), recognised=40)
        self.kept.expected_redemption = 80
        self.close(self.kept, "2026-02-28")
        # 44 of 88 instead of 44 of 110; what was deferred stays.
        self.assertCohort(self.cohort(self.kept), deferred=100, recognised=50)
        self.assertEqual(self.cohort(self.kept).period_ids[0].catch_up_amount, 10)
