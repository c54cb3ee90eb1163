"""Who may do what with clubs: model × role × operation, every record, every method."""

from odoo.exceptions import AccessError
from odoo.service.model import get_public_method
from odoo.tests import Form, tagged

from odoo.addons.dcrm_analytics.tests.common_access import (
    ROLES,
    added_methods,
    assert_matrix,
    digest,
    models_of,
)

from .common import LoyaltyCase
from .test_points_access import METHODS as POINTS_METHODS
from .test_points_access import OTHERS

# What each role may do with a model at all, in the order of ROLES; "": nothing.
ACCESS = {
    "dcrm.club": ("", "", "", "r", "r", "r", "rwcd"),
    "dcrm.club.tier": ("", "", "", "r", "r", "r", "rwcd"),
    "dcrm.membership": ("", "", "", "rwc", "rwc", "rwc", "rwcd"),
    "dcrm.member.pricelist": ("", "", "", "", "", "", "r"),
    "dcrm.membership.join": ("", "", "", "rwc", "rwc", "rwc", "rwc"),
}

# Whose memberships each role sees there: customers of the fixture.
VISIBLE = {
    "seller": {"own"},
    "other_seller": {"other"},
    "seller_all": {"own", "other", "nobody's"},
    "analyst": {"own", "other", "nobody's"},
    "manager": {"own", "other", "nobody's"},
    "seller_b": {"far"},
    "manager_ab": {"own", "other", "nobody's", "far"},
}

# Every public method that clubs add: the least role that may call it.
METHODS = {
    ("dcrm.club", "action_open_members"): "seller",
    ("dcrm.membership", "action_approve"): "seller",
    ("dcrm.membership", "action_leave"): "seller",
    ("dcrm.membership", "action_renew"): "seller",
    ("dcrm.membership.join", "action_join"): "seller",
    # Lead to a dialog and a list, which refuse or show what may be seen.
    ("res.partner", "action_join_club"): "nobody",
    ("res.partner", "action_open_memberships"): "nobody",
}


class ClubAccessCase(LoyaltyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["public"] = cls.env.ref("base.public_user")
        case = cls("club")
        cls.customers = {
            "own": case.partner("Own", seller="seller"),
            "other": case.partner("Other", seller="other_seller"),
            "nobody's": case.partner("Nobody's"),
            "far": case.partner("Far", seller="seller_b"),
        }
        cls.here = case.club(duration_months=12)
        cls.there = case.club("There", [("Only", 5)], company=cls.company_b)
        cls.memberships = {
            name: case.join(customer, cls.there if name == "far" else cls.here)
            for name, customer in cls.customers.items()
        }

    def names_of(self, memberships):
        customers = memberships.sudo().partner_id
        return {name for name, each in self.customers.items() if each in customers}

    def digest(self):
        """Return a digest of every row that clubs keep, and of the partners."""
        return digest(self.env, [*ACCESS, "res.partner"])


@tagged("post_install", "-at_install")
class TestClubAccess(ClubAccessCase):
    def test_matrix_knows_every_model(self):
        models = models_of(self.env, "dcrm_loyalty")
        # Those of points have a matrix of their own.
        models = {name for name in models if not name.startswith("dcrm.points.")}
        self.assertEqual(models, set(ACCESS))

    def test_matrix(self):
        assert_matrix(self, ACCESS, ROLES)

    def test_whose_memberships(self):
        for role, visible in VISIBLE.items():
            env = self.env_as(role)
            memberships = env["dcrm.membership"].search([])
            with self.subTest(f"{role} searches"):
                self.assertEqual(self.names_of(memberships), visible)
                [[count]] = memberships._read_group([], [], ["__count"])
                self.assertEqual(count, len(visible))
            for name, membership in self.memberships.items():
                membership = membership.with_env(env)
                with self.subTest(f"{role} and the membership of {name}"):
                    for operation in ("read", "write"):
                        self.assertEqual(
                            membership.has_access(operation), name in visible
                        )
                    if name not in visible:
                        for call in (
                            lambda m=membership: m.read(["tier_id"]),
                            lambda m=membership: m.write({"date_end": "2099-01-01"}),
                            membership.action_leave,
                            membership.action_renew,
                        ):
                            with self.assertRaises(AccessError):
                                call()

    def test_who_joins_whom(self):
        """By the dialog and by RPC alike; a membership that ended is none of theirs."""
        for role, visible in VISIBLE.items():
            for name, customer in self.customers.items():
                if name == "far":
                    continue
                env = self.env_as(role)
                with self.subTest(f"{role} joins {name}"):
                    club = self.club(f"Of {role} and {name}")
                    vals = {"partner_id": customer.id, "club_id": club.id}
                    if name in visible and role != "seller_b":
                        membership = env["dcrm.membership"].create(vals)
                        membership.action_leave()
                        again = env["dcrm.membership"].create(vals)
                        self.assertEqual(again, membership)
                        continue
                    with self.assertRaises(AccessError):
                        env["dcrm.membership"].create(vals)
                    self.join(customer, club).action_leave()
                    with self.assertRaises(AccessError):
                        env["dcrm.membership"].create(vals)

    def test_partner_shows_what_may_be_seen(self):
        for role, visible in VISIBLE.items():
            for name, customer in self.customers.items():
                club = self.there if name == "far" else self.here
                self.env.invalidate_all()
                partner = customer.with_env(self.env_as(role, club.company_id))
                with self.subTest(f"{role} looks at {name}"):
                    shown = name in visible
                    if club.company_id not in self.users[role].company_ids:
                        continue
                    self.assertEqual(bool(partner.club_membership_id), shown)
                    self.assertEqual(bool(partner.membership_ids), shown)
                    action = partner.action_open_memberships()
                    found = partner.env["dcrm.membership"].search(action["domain"])
                    self.assertEqual(bool(found), shown)
        for role in ("nobody", "portal", "public"):
            partner = self.customers["own"].with_env(self.env_as(role))
            self.assertNotIn("membership_ids", partner.fields_get())
            with self.assertRaises(AccessError):
                partner.read(["club_tier_id"])

    def test_search_by_membership(self):
        """Not by ids, nor by whether there is any, is more found than may be read."""
        memberships = self.env["dcrm.membership"].search([])
        ids = [customer.id for customer in self.customers.values()]
        for role, visible in VISIBLE.items():
            partners = self.env_as(role)["res.partner"]
            for condition in (
                ("membership_ids", "in", memberships.ids),
                ("membership_ids", "!=", False),
            ):
                found = partners.search([("id", "in", ids), condition])
                expected = {self.customers[name].id for name in visible}
                with self.subTest(f"{role} {condition}"):
                    self.assertEqual(set(found.ids), expected)

    def test_partner_s_form(self):
        """Nothing on it asks for more than a seller, or nobody, may read."""
        for role in ("seller", "manager", "nobody"):
            partner = self.customers["own"].with_env(self.env_as(role))
            with self.subTest(role):
                shown = "membership_ids" in Form(partner)._view["fields"]
                self.assertEqual(shown, role != "nobody")

    def test_another_company(self):
        manager = self.env_as("manager")
        for record in (self.there, self.there.tier_ids, self.memberships["far"]):
            seen = record.with_env(manager)
            with self.subTest(record._name):
                self.assertFalse(seen.search([("id", "in", record.ids)]))
                self.assertRaises(AccessError, seen.read, ["display_name"])
                self.assertRaises(AccessError, seen.unlink)
        with self.assertRaises(AccessError):
            manager["dcrm.membership"].create(
                {
                    "partner_id": self.customers["own"].id,
                    "club_id": self.there.id,
                }
            )
        rows = self.env_as("manager_ab", self.company_a)["dcrm.member.pricelist"]
        self.assertEqual(rows.search([]).company_id, self.company_a)

    def test_managers_edit_clubs(self):
        manager = self.env_as("manager")
        club = manager["dcrm.club"].create({"name": "New"})
        self.assertEqual(club.company_id, self.company_a)
        tier = manager["dcrm.club.tier"].create({"name": "Only", "club_id": club.id})
        membership = manager["dcrm.membership"].create(
            {"partner_id": self.customers["own"].id, "club_id": club.id}
        )
        self.assertEqual(membership.tier_id, tier)
        membership.unlink()
        club.unlink()
        for role in ("seller", "seller_all", "analyst"):
            club = self.here.with_env(self.env_as(role))
            with self.assertRaises(AccessError):
                club.name = "Mine"
            with self.assertRaises(AccessError):
                club.tier_ids[0].pricelist_id = False


@tagged("post_install", "-at_install")
class TestApproval(ClubAccessCase):
    """In a club that needs approval a seller's own customers apply, no more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.select = cls("club").club("Select", needs_approval=True)

    def create_as(self, role, **values):
        return self.env_as(role)["dcrm.membership"].create(
            {
                "partner_id": self.customers["own"].id,
                "club_id": self.select.id,
                **values,
            }
        )

    def test_seller_applies_and_withdraws(self):
        membership = self.create_as("seller")
        self.assertEqual(membership.state, "applied")
        membership.tier_id = self.tier(self.select, "Gold")
        membership.action_leave()
        self.assertEqual(self.create_as("seller"), membership)
        self.assertEqual(membership.state, "applied")

    def test_seller_does_not_decide(self):
        for state in ("active", "lapsed", "left"):
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.create_as("seller", state=state)
        membership = self.create_as("seller")
        with self.assertRaises(AccessError):
            membership.action_approve()
        with self.assertRaises(AccessError):
            membership.state = "active"
        membership.sudo().action_approve()
        gold = self.tier(self.select, "Gold")
        for vals in (
            {"tier_id": gold.id},
            {"date_end": "2099-01-01"},
            {"date_start": "2020-01-01"},
            {"state": "lapsed"},
        ):
            with self.subTest(vals), self.assertRaises(AccessError):
                membership.write(vals)
        self.assertEqual(self.price(self.customers["own"]), 95)
        membership.action_leave()
        with self.assertRaises(AccessError):
            membership.state = "active"
        membership.action_renew()
        self.assertEqual(membership.state, "applied")

    def test_seller_of_all_decides(self):
        membership = self.create_as("seller_all", state="active")
        self.assertEqual(membership.state, "active")
        membership.tier_id = self.tier(self.select, "Gold")
        membership.action_leave()
        membership.state = "applied"
        membership.action_approve()
        self.assertEqual(membership.state, "active")


@tagged("post_install", "-at_install")
class TestClubMethods(ClubAccessCase):
    def test_every_public_method_is_known(self):
        methods = {*METHODS, *POINTS_METHODS, *OTHERS}
        added = added_methods(
            self.env, "dcrm_loyalty", ("dcrm_", "res_partner", "base_")
        )
        self.assertEqual(added - {("dcrm.audit", "run")}, methods)

    def records_for(self, model, role):
        customer = self.customers["own"]
        if model == "res.partner":
            return customer
        if model == "dcrm.club":
            return self.here
        if model == "dcrm.membership":
            return self.memberships["own"]
        dialog = self.env[model].with_user(self.users[role]).sudo()
        return dialog.create(
            {
                "partner_ids": self.customers["own"].ids,
                "company_id": self.company_a.id,
                "club_id": self.club(f"For {role}").id,
            }
        )

    def test_who_may_call_what(self):
        for (model, name), least in METHODS.items():
            for role in ROLES:
                records = self.records_for(model, role)
                if name == "action_approve":
                    records.sudo()._put({"state": "applied"})
                records = records.with_env(self.env_as(role))
                method = get_public_method(records, name)
                with self.subTest(f"{role} calls {model}.{name}"):
                    if ROLES.index(role) >= ROLES.index(least):
                        method(records)
                        continue
                    before = self.digest()
                    with self.assertRaises(AccessError):
                        method(records)
                    self.assertEqual(self.digest(), before)

    def test_dialog_of_a_seller(self):
        """What the seller does in the dialog, with a contact of the customer."""
        contact = self.partner(parent_id=self.customers["own"].id)
        club = self.club("Lunch", [("Bronze", 3), ("Silver", 6)], duration_months=1)
        env = self.env_as("seller")
        context = contact.with_env(env).action_join_club()["context"]
        dialog = Form(env["dcrm.membership.join"].with_context(**context))
        dialog.club_id = club.with_env(env)
        self.assertEqual(dialog.tier_id.name, "Bronze")
        dialog.tier_id = self.tier(club, "Silver").with_env(env)
        dialog.save().action_join()
        membership = self.env["dcrm.membership"].search([("club_id", "=", club.id)])
        self.assertEqual(membership.partner_id, self.customers["own"])
        self.assertEqual(membership.tier_id.name, "Silver")
        self.assertTrue(membership.date_end)
        dialog = Form(env["dcrm.membership.join"].with_context(**context))
        dialog.club_id = club.with_env(env)
        with self.assertRefused("is in Lunch already"):
            dialog.save().action_join()

    def test_dialog_for_a_club_that_needs_approval(self):
        club = self.club("Select", needs_approval=True, duration_months=1)
        env = self.env_as("seller")
        context = {"default_partner_ids": self.customers["own"].ids}
        dialog = Form(env["dcrm.membership.join"].with_context(**context))
        dialog.club_id = club.with_env(env)
        self.assertFalse(dialog.date_start)
        dialog.save().action_join()
        membership = self.env["dcrm.membership"].search([("club_id", "=", club.id)])
        self.assertEqual((membership.state, membership.date_end), ("applied", False))
