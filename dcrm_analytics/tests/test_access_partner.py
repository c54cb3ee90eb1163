"""The partner's fields tell each role what the scores' rules allow, and no more."""

from odoo.exceptions import AccessError, UserError

from .common_access import VISIBLE, AccessCase


class TestAccessPartner(AccessCase):
    """The partner's fields show what the score's rules allow, and not more."""

    FIELDS = (
        "rfm_recency",
        "rfm_frequency",
        "rfm_monetary",
        "rfm_score",
        "customer_segment_id",
        "value_class",
        "customer_profit",
        "customer_lifecycle",
        "customer_danger_since",
        "customer_relation",
    )
    # Worked out one by one: nobody sorts or groups by these.
    OWED = ("customer_receivable", "customer_overdue", "customer_days_late")

    def partners(self, role):
        ids = [partner.id for partner in self.customers.values()]
        return self.env_as(role)["res.partner"].browse(ids)

    def test_read_and_export(self):
        for role, visible in VISIBLE.items():
            if role == "manager_ab":
                visible = visible - {"far"}  # the fields are of one company
            shown = self.partners(role).with_company(self.users[role].company_id)
            rows = shown.export_data(["name", "rfm_monetary"])["datas"]
            expected = [
                self.score_of(
                    partner, self.company_b if name == "far" else self.company_a
                ).monetary
                if name in visible
                else 0
                for name, partner in self.customers.items()
            ]
            with self.subTest(role):
                self.assertEqual([float(value or 0) for _name, value in rows], expected)
                self.assertEqual(shown.mapped("rfm_monetary"), expected)

    def test_search_and_group(self):
        for role, visible in VISIBLE.items():
            if role == "manager_ab":
                visible = visible - {"far"}
            domain = [("id", "in", self.partners(role).ids)]
            partners = self.env_as(role)["res.partner"].with_company(
                self.users[role].company_id
            )
            found = partners.search([*domain, ("rfm_monetary", ">", 0)])
            with self.subTest(role):
                self.assertEqual(self.names_of(found, "id and self"), visible)
                groups = partners._read_group(
                    [*domain], ["value_class"], ["__count", "rfm_monetary:sum"]
                )
                self.assertEqual(
                    sum(count for value, count, _sum in groups if value), len(visible)
                )

    def test_stays_in_segments(self):
        """Not by ids, nor by whether there is any, is more found than may be read."""
        stays = self.env["dcrm.segment.stay"].search([])
        for role, visible in VISIBLE.items():
            partners = self.partners(role)
            for condition in (
                ("segment_stay_ids", "in", stays.ids),
                ("segment_stay_ids", "!=", False),
                ("segment_stay_ids.left_on", "=", False),
            ):
                domain = [("id", "in", partners.ids), condition]
                with self.subTest(f"{role} {condition}"):
                    found = partners.search(domain)
                    self.assertEqual(self.names_of(found, "id and self"), visible)
                    without = partners.search([*domain[:1], "!", condition])
                    self.assertEqual(partners - found, without)

    def test_what_is_owed(self):
        """What customers owe is told by the rules of receivables, and searched so."""
        for role, visible in VISIBLE.items():
            company = self.users[role].company_id
            here = visible & (
                {"far"} if company == self.company_b else VISIBLE["manager"]
            )
            shown = self.partners(role).with_company(company)
            domain = [("id", "in", shown.ids), ("customer_receivable", ">", 0)]
            with self.subTest(role):
                self.assertEqual(
                    self.names_of(shown.filtered("customer_receivable"), "id and self"),
                    here,
                )
                self.assertEqual(
                    self.names_of(shown.search(domain), "id and self"), here
                )

    def test_what_is_owed_is_unknown_to_roles_without_access(self):
        for role in ("public", "portal", "nobody"):
            partners = self.env_as(role)["res.partner"]
            own = partners.browse(self.users[role].partner_id.id)
            for name in self.OWED:
                with self.subTest(f"{role} {name}"):
                    with self.assertRaises(AccessError):
                        own.read([name])
            for name in self.OWED[:2]:
                with self.subTest(f"{role} searches {name}"):
                    with self.assertRaises(AccessError):
                        partners.search([(name, ">", 0)])

    def names_of(self, records, path):
        if path == "id and self":
            ids = set(records.ids)
            return {name for name, each in self.customers.items() if each.id in ids}
        return super().names_of(records, path)

    def test_order_tells_nothing(self):
        """Sorting by a figure that is hidden sorts as if it were not there."""
        ids = [self.customers[name].id for name in ("other", "nobody's", "own", "far")]
        partners = self.env_as("seller")["res.partner"]
        found = partners.search([("id", "in", ids)], order="rfm_monetary desc, id")
        self.assertEqual(
            self.names_of(found[0], "id and self"), {"own"}, "the only one in view"
        )
        self.assertEqual(found[1:].ids, sorted(set(ids) - {self.customers["own"].id}))

    def test_roles_without_access_meet_the_hosts_error(self):
        for role in ("public", "portal", "nobody"):
            for name in self.FIELDS:
                partners = self.env_as(role)["res.partner"]
                own = partners.browse(self.users[role].partner_id.id)
                calls = {
                    "read": lambda own=own, name=name: own.read([name]),
                    "search": lambda partners=partners, name=name: partners.search(
                        [(name, "!=", False)]
                    ),
                    "sort": lambda partners=partners, name=name: partners.search(
                        [], order=f"{name} desc"
                    ),
                    "group": lambda partners=partners, name=name: (
                        partners.formatted_read_group([], [name], ["__count"])
                    ),
                    "export": lambda own=own, name=name: own.export_data([name]),
                }
                for how, call in calls.items():
                    refusal = UserError if how == "export" else AccessError
                    with self.subTest(f"{role} {how} {name}"):
                        self.assertRaises(refusal, call)

    def test_fields_are_unknown_to_roles_without_access(self):
        for role in ("portal", "nobody"):
            known = self.env_as(role)["res.partner"].fields_get()
            self.assertFalse(set(self.FIELDS) & set(known))
