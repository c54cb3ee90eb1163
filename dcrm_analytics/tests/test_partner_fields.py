"""The score of the current company on the partner: read, searched, sorted, grouped,
exported, by each role and in each company, and never more than the rules allow."""

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import SQL

from .common import DcrmCase


@tagged("post_install", "-at_install")
class TestPartnerFields(DcrmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.best, cls.worst = cls.env["dcrm.segment"].create(
            [{"name": "The best"}, {"name": "The worst"}]
        )
        cls.rich, cls.poor, cls.unscored = cls.env["res.partner"].create(
            [
                {"name": "Rich", "user_id": cls.users["seller"].id},
                {"name": "Poor", "user_id": cls.users["other_seller"].id},
                {"name": "Unscored", "user_id": cls.users["seller"].id},
            ]
        )
        cls.family = cls.rich | cls.poor | cls.unscored
        cls.make_score(cls.rich, cls.company_a, 900.0, cls.best, "555")
        cls.make_score(cls.poor, cls.company_a, 10.0, cls.worst, "111")
        cls.make_score(cls.rich, cls.company_b, 70000.0, cls.worst, "222")

    @classmethod
    def make_score(cls, partner, company, monetary, segment, rfm):
        row = {
            "partner_id": partner.id,
            "company_id": company.id,
            "frequency": 3,
            "monetary": monetary,
            "segment_id": segment.id,
            "rfm_score": rfm,
            "value_class": "a" if monetary > 500 else "c",
            "last_purchase_date": "2024-01-31",
        }
        cls.env.cr.execute(
            SQL(
                "INSERT INTO dcrm_customer_score (%s) VALUES (%s)",
                SQL(", ").join(map(SQL.identifier, row)),
                SQL(", ").join(SQL("%s", value) for value in row.values()),
            )
        )
        cls.env.invalidate_all()

    def family_as(self, role, *companies):
        return self.family.with_env(self.env_as(role, *companies))

    def names(self, role, domain, *companies, order="name"):
        partners = self.family_as(role, *companies)
        domain = [("id", "in", partners.ids), *domain]
        return partners.search(domain, order=order).mapped("name")

    def test_each_company_shows_its_own(self):
        rich = self.rich.with_env(self.env_as("manager_ab"))
        in_a, in_b = (rich.with_company(company) for company in self.companies)
        self.assertEqual((in_a.rfm_monetary, in_b.rfm_monetary), (900.0, 70000.0))
        self.assertEqual((in_a.rfm_score, in_b.rfm_score), ("555", "222"))
        self.assertEqual((in_a.value_class, in_b.value_class), ("a", "a"))
        self.assertEqual(in_a.rfm_currency_id, self.eur)
        self.assertEqual(in_b.rfm_currency_id, self.jpy)
        self.assertEqual(in_a.customer_segment_id, self.best)
        self.assertEqual(in_b.customer_segment_id, self.worst)

    def test_contact_shows_the_score_of_its_company(self):
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.rich.id}
        )
        contact = contact.with_env(self.env_as("seller_all"))
        self.assertEqual(contact.rfm_score, "555")
        found = contact.search([("rfm_monetary", ">", 800), ("id", "=", contact.id)])
        self.assertEqual(found, contact)

    def test_search(self):
        cases = [
            ([("rfm_monetary", ">", 100)], ["Rich"]),
            ([("rfm_monetary", "<", 100), ("rfm_monetary", "!=", False)], ["Poor"]),
            ([("rfm_score", "=", "111")], ["Poor"]),
            ([("rfm_score", "!=", "111")], ["Rich", "Unscored"]),
            ([("rfm_score", "like", "5%")], ["Rich"]),
            ([("value_class", "in", ["a", "b"])], ["Rich"]),
            ([("customer_segment_id", "=", self.best.id)], ["Rich"]),
            ([("customer_segment_id", "ilike", "worst")], ["Poor"]),
            ([("customer_segment_id", "=", False)], ["Unscored"]),
            ([("customer_score_id", "=", False)], ["Unscored"]),
            ([("customer_score_id", "!=", False)], ["Poor", "Rich"]),
            ([("customer_score_id", "ilike", "ric")], ["Rich"]),
            ([("customer_score_id.frequency", "=", 3)], ["Poor", "Rich"]),
            ([("rfm_recency", ">", 30)], ["Poor", "Rich"]),
            ([("rfm_frequency", ">", 0)], ["Poor", "Rich"]),
            ([("rfm_frequency", "=", 0)], ["Unscored"]),
            ([("rfm_frequency", "!=", 3)], ["Unscored"]),
        ]
        for domain, expected in cases:
            with self.subTest(domain=domain):
                self.assertEqual(self.names("seller_all", domain), expected)
                found = self.family_as("seller_all").filtered_domain(domain)
                self.assertEqual(sorted(found.mapped("name")), expected)

    def test_search_follows_the_company(self):
        domain = [("rfm_monetary", ">", 1000)]
        a_first = (self.company_a, self.company_b)
        self.assertEqual(self.names("manager_ab", domain, *a_first), [])
        self.assertEqual(self.names("manager_ab", domain, *a_first[::-1]), ["Rich"])

    def test_sort_puts_the_unscored_last(self):
        for field, expected in [
            ("rfm_monetary", ["Poor", "Rich", "Unscored"]),
            ("rfm_monetary desc", ["Rich", "Poor", "Unscored"]),
            ("rfm_score desc", ["Rich", "Poor", "Unscored"]),
            ("customer_segment_id, name", ["Rich", "Poor", "Unscored"]),
            ("customer_segment_id desc", ["Poor", "Rich", "Unscored"]),
            ("rfm_recency desc, name", ["Poor", "Rich", "Unscored"]),
        ]:
            with self.subTest(order=field):
                names = self.names("seller_all", [], order=field)
                self.assertEqual(names, expected)

    def test_group(self):
        partners = self.family_as("seller_all")
        domain = [("id", "in", partners.ids)]
        groups = partners._read_group(
            domain, ["customer_segment_id"], ["rfm_monetary:sum", "__count"]
        )
        segments = self.env["dcrm.segment"]
        self.assertEqual(
            [(segment.id, total or 0, count) for segment, total, count in groups],
            [(self.best.id, 900.0, 1), (self.worst.id, 10.0, 1), (segments.id, 0, 1)],
        )
        classes = partners.formatted_read_group(
            domain, ["value_class"], ["rfm_monetary:sum"]
        )
        self.assertEqual(
            {row["value_class"]: row["rfm_monetary:sum"] or 0 for row in classes},
            {"a": 900.0, "c": 10.0, False: 0},
        )

    def test_seller_sees_own_customers_only(self):
        partners = self.family_as("seller")
        rich, poor, _unscored = partners
        self.assertEqual(rich.rfm_monetary, 900.0)
        self.assertFalse(poor.customer_score_id)
        self.assertEqual(poor.rfm_monetary, 0.0)
        self.assertEqual(self.names("seller", [("rfm_monetary", ">", 0)]), ["Rich"])
        self.assertEqual(self.names("seller", [("rfm_score", "=", "111")]), [])
        self.assertEqual(
            self.names("seller", [("customer_score_id", "=", False)]),
            ["Poor", "Unscored"],
        )

    def test_nothing_leaks_by_sort_group_and_export(self):
        partners = self.family_as("seller")
        domain = [("id", "in", partners.ids)]
        # Poor's score is another seller's: it sorts as if it had none, by name.
        self.assertEqual(
            self.names("seller", [], order="rfm_monetary, name desc"),
            ["Rich", "Unscored", "Poor"],
        )
        groups = partners._read_group(
            domain, ["customer_segment_id"], ["rfm_monetary:sum", "__count"]
        )
        self.assertEqual(
            [(group[0].id, group[1] or 0, group[2]) for group in groups],
            [(self.best.id, 900.0, 1), (False, 0, 2)],
        )
        self.users["seller"].group_ids |= self.env.ref("base.group_allow_export")
        rows = partners.export_data(["name", "rfm_score", "customer_score_id/monetary"])
        self.assertEqual(
            [row[:2] for row in rows["datas"]],
            [["Rich", "555"], ["Poor", ""], ["Unscored", ""]],
        )

    def test_own_and_all_in_one_query(self):
        """A superuser's join and a user's join live in one query without mixing."""
        partners = self.family_as("seller")
        query = partners._search([("id", "in", partners.ids)])
        own = partners._field_to_sql("res_partner", "customer_score_id", query)
        every = partners.sudo()._field_to_sql("res_partner", "customer_score_id", query)
        rows = self.env.execute_query(
            query.select(SQL("count(%s)", own), SQL("count(%s)", every))
        )
        self.assertEqual(rows, [(1, 2)])

    def test_roles_without_rights_are_refused(self):
        for role in ("nobody", "portal"):
            self.users[role].group_ids |= self.env.ref("base.group_allow_export")
            partners = self.family_as(role)
            if role == "portal":
                self.users["portal"].partner_id.parent_id = self.rich
                partners = partners[:1]
            with self.subTest(role=role):
                with self.assertRaises(AccessError):
                    partners.read(["rfm_score"])
                with self.assertRaises(AccessError):
                    partners.search([("rfm_monetary", ">", 0)])
                with self.assertRaises(AccessError):
                    partners.search([], order="rfm_monetary")
                with self.assertRaises(AccessError):
                    partners._read_group([], ["customer_segment_id"], ["__count"])
                with self.assertRaises(AccessError):
                    partners.export_data(["rfm_score"])
                self.assertNotIn("rfm_score", partners.fields_get())

    def test_form_opens_for_each_role(self):
        for role in ("seller", "seller_all", "analyst", "manager"):
            with self.subTest(role=role):
                Form(self.rich.with_env(self.env_as(role)))

    def test_many2one_names_the_customer(self):
        self.assertEqual(
            self.rich.with_env(self.env_as("seller")).customer_score_id.display_name,
            "Rich",
        )
