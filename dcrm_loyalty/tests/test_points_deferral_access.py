from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from odoo.addons.dcrm_analytics.tests.common_access import assert_matrix

from .common_deferral import DeferralCase

ROLES = ("billing", "auditor", "manager", "seller", "seller_all", "nobody", "portal")
READ = ("r", "r", "r", "", "", "", "")
ACCESS = {
    "dcrm.points.deferral": READ,
    "dcrm.points.deferral.period": READ,
    "dcrm.points.deferral.line": READ,
    "dcrm.points.closing": READ,
    "dcrm.points.close": ("rwc", "", "", "", "", "", ""),
    "dcrm.club": ("r", "r", "rwcd", "r", "r", "", ""),
}


@tagged("post_install", "-at_install")
class TestPointsDeferralAccess(DeferralCase):
    """Accountants and managers see what points defer; who posts entries closes them."""

    @classmethod
    def _make_users(cls):
        result = super()._make_users()
        for role, group in (
            ("billing", "account.group_account_invoice"),
            ("auditor", "account.group_account_readonly"),
        ):
            cls.users[role] = cls.make_user(role, group, cls.company_a)
        cls.users["billing_b"] = cls.make_user(
            "billing_b", "account.group_account_invoice", cls.company_b
        )
        return result

    def setUp(self):
        super().setUp()
        self.kept = self.deferring_club(expected_redemption=100)
        program = self.make_program(amount=0.1, company=self.company_b)
        self.far = self.deferring_club(company=self.company_b, program_id=program.id)
        self.sell(1_100, "2026-01-10")
        self.sell(2_200, "2026-01-10", company=self.company_b)
        self.close(self.kept, "2026-01-31")
        self.close(self.far, "2026-01-31")

    def test_matrix(self):
        assert_matrix(self, ACCESS, ROLES)

    def test_everybody_sees_the_own_company_only(self):
        models = [name for name in ACCESS if name.startswith("dcrm.points.def")]
        for name in (*models, "dcrm.points.closing"):
            for role in ("billing", "auditor", "manager"):
                with self.subTest(name=name, role=role):
                    found = self.env_as(role)[name].search([])
                    self.assertEqual(found.company_id, self.company_a)
            found = self.env_as("billing_b")[name].search([])
            self.assertEqual(found.company_id, self.company_b)
            both = self.env_as("manager_ab", *self.companies)[name].search([])
            self.assertEqual(both.company_id, self.companies)

    def test_who_may_not_post_entries_closes_nothing(self):
        self.at("2026-03-02")
        values = {"company_id": self.company_a.id, "day": "2026-02-28"}
        wizard = self.env["dcrm.points.close"].create(values)
        for role in ("auditor", "manager", "seller_all", "nobody", "portal"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                wizard.with_env(self.env_as(role)).action_close()
        wizard = self.env_as("billing")["dcrm.points.close"].create(values)
        wizard.action_close()
        self.assertEqual(str(self.kept.deferral_closed_on), "2026-02-28")

    def test_another_company_is_not_closed(self):
        self.at("2026-03-02")
        wizards = self.env_as("billing")["dcrm.points.close"]
        values = {"day": "2026-02-28", "club_ids": self.far.ids}
        with self.assertRaises(AccessError):
            wizards.create({**values, "company_id": self.company_a.id})
        wizard = wizards.create(
            {**values, "company_id": self.company_b.id, "club_ids": []}
        )
        with self.assertRaises(AccessError):
            wizard.action_close()
        # Nor do those of one company pass as those of another.
        wizard = self.env["dcrm.points.close"].create(
            {**values, "company_id": self.company_a.id}
        )
        with self.assertRefused("are not deferred in Company A"):
            wizard.action_close()
        self.assertEqual(str(self.far.deferral_closed_on), "2026-01-31")

    def test_sellers_see_nothing_of_it_on_the_club(self):
        club = self.kept.with_env(self.env_as("seller_all"))
        for name in ("deferral", "point_price", "deferred_liability"):
            with self.subTest(name), self.assertRaises(AccessError):
                club.read([name])
        invoice = self.cohort(self.kept).line_ids.invoice_id
        with self.assertRaises(AccessError):
            invoice.with_env(self.env_as("seller_all")).action_open_deferred_points()

    def test_accountants_open_what_they_see(self):
        cohort = self.cohort(self.kept)
        for role in ("billing", "auditor"):
            env = self.env_as(role)
            with self.subTest(role=role):
                own = cohort.with_env(env)
                self.assertEqual(own.entry_count, 1)
                entries = env["account.move"].search(
                    own.action_open_entries()["domain"]
                )
                self.assertEqual(entries.points_period_ids.deferral_id, own)
                action = entries.action_open_deferred_points()
                self.assertEqual(action["res_id"], own.id)
                own.line_ids.web_read(
                    {"order_id": {"fields": {"display_name": {}}}, "partner_id": {}}
                )
                self.assertEqual(
                    env["dcrm.points.closing"].search([]).action_open()["res_id"],
                    own.id,
                )

    def test_accountants_open_the_club_that_they_are_led_to(self):
        for role in ("billing", "auditor"):
            with self.subTest(role=role):
                club = self.kept.with_env(self.env_as(role))
                form = Form(club)
                self.assertEqual(form.deferred_liability, 100)
                self.assertNotIn("tier_ids", form._view["fields"])

    def test_a_manager_without_books_sets_up_a_club(self):
        """The club's other pages go on for who sees no accounts."""
        env = self.env_as("manager")
        with Form(self.kept.with_env(env)) as form:
            form.name = "Round Table"
        self.assertEqual(self.kept.name, "Round Table")
        env.user.group_ids |= self.env.ref("sales_team.group_sale_salesman")
        copy = self.kept.with_env(env).copy({"program_id": False})
        self.assertFalse(copy.deferral)
