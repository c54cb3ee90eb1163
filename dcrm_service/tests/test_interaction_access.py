from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_interaction import InteractionCase

OPERATIONS = ("read", "write", "create", "unlink")
# What each role may do with the model at all.
ACCESS = {
    "portal": (),
    "public": (),
    "nobody": ("read", "write", "create"),
    "seller": ("read", "write", "create"),
    "seller_all": ("read", "write", "create"),
    "analyst": ("read", "write", "create"),
    "manager": ("read", "write", "create"),
    "agent": ("read", "write", "create"),
    "service_manager": OPERATIONS,
}
# Whose interactions each role reads and edits; see setUpClass.
ALL = {"own customer", "other customer", "nobody's", "named"}
READS = {
    "nobody": {"named"},
    "seller": {"own customer"},
    "other_seller": {"other customer"},
    "seller_all": ALL,
    "analyst": ALL,
    "manager": ALL,
    "agent": ALL,
    "service_manager": ALL,
    "seller_b": {"far"},
    "agent_b": {"far"},
    "agent_ab": ALL | {"far"},
    "manager_ab": ALL | {"far"},
}
WRITES = READS | {
    "seller": set(),
    "other_seller": set(),
    "seller_all": set(),
    "analyst": set(),
    "seller_b": set(),
}


@tagged("post_install", "-at_install")
class TestAccess(InteractionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["public"] = cls.env.ref("base.public_user")
        self = cls("test_matrix")
        partners = {
            "own customer": self.partner(seller="seller"),
            "other customer": self.partner(seller="other_seller"),
            "nobody's": self.partner(),
            "named": self.partner(),
            "far": self.partner(seller="seller_b"),
        }
        interactions = cls.env["dcrm.interaction"].with_user(
            cls.env.ref("base.user_root")
        )
        cls.talks = {
            name: interactions.create(
                {
                    "subject": name,
                    "learned": f"Secret of {name}",
                    "partner_id": partner.id,
                    "user_id": False,
                    "user_ids": cls.users["nobody"].ids if name == "named" else [],
                    "company_id": (
                        cls.company_b if name == "far" else cls.company_a
                    ).id,
                }
            )
            for name, partner in partners.items()
        }

    def own(self, role):
        return self.env_as(role)["dcrm.interaction"].search(
            [("id", "in", [talk.id for talk in self.talks.values()])]
        )

    def test_matrix(self):
        for role, allowed in ACCESS.items():
            for operation in OPERATIONS:
                with self.subTest(f"{role} {operation}"):
                    self.assertEqual(
                        self.env_as(role)["dcrm.interaction"].has_access(operation),
                        operation in allowed,
                    )

    def test_search_group_and_export(self):
        for role, names in READS.items():
            with self.subTest(role):
                self.assertEqual(set(self.own(role).mapped("subject")), names)
                groups = self.env_as(role)["dcrm.interaction"]._read_group(
                    [], ["subject"]
                )
                self.assertEqual({subject for [subject] in groups}, names)

    def test_by_id(self):
        for role, names in READS.items():
            for name, talk in self.talks.items():
                seen = talk.with_env(self.env_as(role))
                with self.subTest(f"{role} {name}"):
                    self.assertEqual(seen.has_access("read"), name in names)
                    self.assertEqual(seen.has_access("write"), name in WRITES[role])
                    if name not in names:
                        with self.assertRaises(AccessError):
                            seen.read(["learned"])
                        with self.assertRaises(AccessError):
                            seen.action_open_origin()

    def test_everybody_logs_and_edits_their_own(self):
        for role in READS:
            partner = self.jan
            with self.subTest(role):
                talk = self.log(role, partner)
                talk.learned = "Something"
                self.assertEqual(talk.learned, "Something")

    def test_logged_for_a_colleague(self):
        talk = self.log("nobody", user_id=self.users["agent"].id, next_step="Call")
        self.assertTrue(talk.read(["subject"]))
        self.assertEqual(talk.sudo().activity_id.user_id, self.users["agent"])
        talk.next_step = "Visit"
        self.assertEqual(talk.sudo().activity_id.summary, "Visit")

    def test_nobody_logs_in_another_company(self):
        with self.assertRaises(AccessError):
            self.log("agent", company_id=self.company_b.id)

    def test_only_managers_delete(self):
        for role in READS:
            talk = self.log(role)
            if role == "service_manager":
                talk.unlink()
                continue
            with self.subTest(role), self.assertRaises(AccessError):
                talk.unlink()

    def test_portal_reads_nothing(self):
        for role in ("portal", "public"):
            seen = self.env_as(role)["dcrm.interaction"]
            for call in (
                lambda seen=seen: seen.search([]),
                lambda seen=seen: seen.create({"subject": "x"}),
                lambda seen=seen: seen.formatted_read_group([], ["subject"]),
            ):
                with self.subTest(role), self.assertRaises(AccessError):
                    call()
