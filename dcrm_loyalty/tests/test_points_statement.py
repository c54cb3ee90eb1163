"""The statement of points: what it says, printed and mailed, however many moves."""

from datetime import timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common_points_screen import MANY, PointsScreenCase

REPORT = "dcrm_loyalty.action_report_points_statement"


@tagged("post_install", "-at_install")
class TestPointsStatement(PointsScreenCase):
    def setUp(self):
        super().setUp()
        self.history()

    def moves(self, account):
        return account.move_ids.sorted(lambda move: (move.day, move.id))

    # -- what it says ----------------------------------------------------------------

    def test_what_the_member_has(self):
        today = self.today()
        self.assertEqual(
            self.ours._statement(),
            {
                "balance": 180.0,
                "pending": 40.0,
                "debt": 0.0,
                "expiring": [(today + timedelta(20), 180.0)],
                "awaited": [(today + timedelta(9), 40.0)],
            },
        )
        theirs = self.theirs._statement()
        self.assertEqual((theirs["balance"], theirs["debt"]), (-25.0, 25.0))

    def test_history_says_what_and_why(self):
        history = self.ours._history(self.moves(self.ours))
        self.assertEqual(
            [(each["what"], each["points"], each["balance"]) for each in history],
            [
                ("Earned", 300.0, 300.0),
                ("Used", -120.0, 180.0),
                ("Earned, pending", 0.0, 180.0),
            ],
        )
        self.assertEqual(history[0]["why"], self.earned.reference)
        self.assertTrue(history[1]["why"].endswith("· 10 off"))
        taken = self.theirs._history(self.moves(self.theirs))[-1]
        self.assertEqual((taken["what"], taken["points"]), ("Taken back", -25.0))
        # What is taken back is of the order that it was earned with.
        self.assertIn(self.theirs.move_ids[-1].reference, taken["why"])
        self.assertIn("Goods came back", taken["why"])

    def test_a_period_adds_up(self):
        first, last = self.days_ago(40), self.today()
        period = self.ours._period(first, last, limit=100)
        self.assertEqual((period["opening"], period["closing"]), (300.0, 180.0))
        self.assertEqual(len(period["history"]), 2)
        self.fill(self.ours, 30)
        period = self.ours._period(first, last, limit=10)
        self.assertEqual(len(period["history"]), 10)
        self.assertEqual(period["earlier"], 22)
        told = sum(each["points"] for each in period["history"])
        self.assertEqual(
            period["opening"] + period["earlier_points"] + told, period["closing"]
        )
        self.assertEqual(period["closing"], 210.0)
        self.assertEqual(
            period["history"][0]["balance"] - period["history"][0]["points"],
            period["opening"] + period["earlier_points"],
        )

    def test_numbers_have_as_many_digits_as_they_need(self):
        texts = {
            100.0: "100",
            0.25: "0.25",
            1234.5: "1,234.5",
            -0.0001: "−0.0001",
            33.3333: "33.3333",
        }
        for points, text in texts.items():
            self.assertEqual(self.ours._points_text(points), text)
        self.assertEqual(self.ours._points_text(5, signed=True), "+5")

    def test_as_many_queries_with_many_moves(self):
        few = self.open(self.partner("Few"))
        self.fill(few, 10)
        many = self.open(self.partner("Many"))
        self.fill(many, MANY)
        report = self.env["report.dcrm_loyalty.report_points_statement"]

        def shown(account):
            moves = account.env["dcrm.points.move"].search(
                [("account_id", "=", account.id)], limit=80
            )
            return account._statement(), account._history(moves), account._rewards()

        for work in (shown, lambda each: report._get_report_values(each.card_id.ids)):
            costs = [
                self.queries(lambda each=each, work=work: work(each))
                for each in (few, many)
            ]
            self.assertEqual(*costs)
        [printed] = report._get_report_values(many.card_id.ids)["statements"]
        self.assertEqual(printed["period"]["closing"], MANY)
        self.assertEqual(
            printed["period"]["earlier"] + len(printed["period"]["history"]), MANY
        )

    # -- on paper --------------------------------------------------------------------

    def html(self, role, card):
        reports = self.env_as(role)["ir.actions.report"]
        return reports._render_qweb_html(REPORT, card.ids)[0].decode()

    def test_printed(self):
        page = self.html("seller", self.ours.card_id)
        for text in (self.kept.name, "Gold", "180", self.earned.reference, "+300"):
            self.assertIn(text, page)
        reports = self.env["ir.actions.report"].with_context(
            force_report_rendering=True
        )
        pdf, kind = reports._render_qweb_pdf(REPORT, self.ours.card_id.ids)
        self.assertEqual(kind, "pdf")
        self.assertTrue(pdf.startswith(b"%PDF"))

    def test_printed_for_who_may_read_the_account(self):
        self.assertNotIn(self.bora.name, self.html("seller", self.ours.card_id))
        for role in ("seller", "nobody", "portal"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.html(role, self.theirs.card_id)
        self.assertIn(self.bora.name, self.html("seller_all", self.theirs.card_id))

    def test_printed_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        self.alba.lang = "nl_NL"
        [printed] = self.env[
            "report.dcrm_loyalty.report_points_statement"
        ]._get_report_values(self.ours.card_id.ids)["statements"]
        self.assertEqual(printed["lang"], "nl_NL")
        self.assertEqual(printed["account"]._points_text(1234.5), "1.234,5")

    # -- by mail ---------------------------------------------------------------------

    def test_a_seller_mails_the_statement(self):
        self.alba.email = "alba@example.com"
        account = self.ours.with_env(self.env_as("seller"))
        action = account.action_send_statement()
        composer = Form(
            self.env_as("seller")[action["res_model"]].with_context(**action["context"])
        ).save()
        self.assertEqual(composer.partner_ids, self.alba)
        self.assertIn(self.kept.name, composer.subject)
        self.assertIn("180", composer.body)
        self.assertIn(f"/my/points/{account.id}", composer.body)
        [attached] = composer.attachment_ids
        self.assertIn("Statement of Points", attached.name)
        self.assertIn(self.earned.reference, attached.raw.decode())
        composer.action_send_mail()
        [message] = self.ours.card_id.message_ids.filtered("attachment_ids")
        self.assertEqual(message.partner_ids, self.alba)
        with self.assertRaises(AccessError):
            self.theirs.with_env(self.env_as("seller")).action_send_statement()

    def test_contacts_are_written_to_where_the_company_has_no_address(self):
        self.alba.email = False
        reader = self.partner("Ada", parent_id=self.alba.id, email="ada@example.com")
        self.partner("No address", parent_id=self.alba.id)
        self.assertEqual(self.ours.card_id._points_recipients(), str(reader.id))

    def send(self, day):
        """Return who gets the monthly statement on a day."""
        mails = self.env["mail.mail"]
        before = mails.search([])
        company = type(self.company_a)
        with (
            patch.object(company, "_customer_today", lambda _self: day),
            self.enter_registry_test_mode(),
        ):
            self.env.ref(
                "dcrm_loyalty.ir_cron_points_statement"
            ).method_direct_trigger()
        self.env.invalidate_all()
        return (mails.search([]) - before).recipient_ids

    def test_monthly_statements(self):
        self.alba.email, self.bora.email = "alba@example.com", "bora@example.com"
        month = fields.Date.start_of(self.today(), "month")
        following = month + relativedelta(months=1)
        self.assertFalse(self.kept.mails_statement)
        self.assertFalse(self.send(following))
        self.kept.mails_statement = True
        # Whose points moved last month, once a month.
        self.assertEqual(self.send(following), self.alba | self.bora)
        self.assertFalse(self.send(following + timedelta(3)))
        self.assertFalse(self.send(following + relativedelta(months=1)))
        self.assertEqual(self.ours.statement_sent_on, following)
