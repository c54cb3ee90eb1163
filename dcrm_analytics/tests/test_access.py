"""Who may do what: every model × role × operation, every record, in every way.

The matrix is a declaration; a model that it does not know fails.
"""

from odoo.exceptions import AccessError, UserError

from .common_access import (
    ACCESS,
    FIGURES,
    OF_CUSTOMERS,
    ROLES,
    VISIBLE,
    AccessCase,
    assert_matrix,
    models_of,
)


class TestAccessMatrix(AccessCase):
    def test_matrix_knows_every_model(self):
        self.assertEqual(models_of(self.env, "dcrm_analytics"), set(ACCESS))

    def test_matrix(self):
        assert_matrix(self, ACCESS, ROLES)

    def test_nothing_that_only_sql_writes_can_be_written(self):
        """Not even a manager edits facts and scores, one by one or by import."""
        self.env["dcrm.run"]._start("refresh", self.company_a)
        for model, rights in ACCESS.items():
            if rights[-1] != "r":
                continue
            env = self.env_as("manager")
            record = env[model].search([], limit=1)
            self.assertTrue(record, model)
            with self.subTest(model):
                with self.assertRaises(AccessError):
                    record.write({"company_id": self.company_b.id})
                with self.assertRaises(AccessError):
                    record.unlink()
                with self.assertRaises(AccessError):
                    env[model].create({})

    def test_managers_edit_what_is_data(self):
        env = self.env_as("manager")
        segment = env["dcrm.segment"].create({"name": "Hotels"})
        segment.unlink()
        scheme = env["dcrm.rfm.scheme"].create(
            {"name": "By hand", "company_id": self.company_a.id}
        )
        self.assertEqual(len(scheme.cell_ids), 125)
        scheme.window_days = 365
        scheme.unlink()


class TestAccessRecords(AccessCase):
    def test_search(self):
        for role, visible in VISIBLE.items():
            for model, path in OF_CUSTOMERS.items():
                with self.subTest(f"{role} searches {model}"):
                    records = self.env_as(role)[model].search([])
                    self.assertEqual(self.names_of(records, path), visible)
                    self.assertEqual(
                        self.env_as(role)[model].search_count([]), len(records)
                    )

    def test_read_by_id(self):
        for role, visible in VISIBLE.items():
            for model, path in OF_CUSTOMERS.items():
                for record in self.env[model].search([]):
                    seen = record.with_env(self.env_as(role))
                    name = self.names_of(record, path)
                    with self.subTest(f"{role} reads {model} of {name}"):
                        self.assertEqual(seen.has_access("read"), name <= visible)
                        if not name <= visible:
                            with self.assertRaises(AccessError):
                                seen.read(["display_name"])

    def test_sums(self):
        """No grouping, pivot or total adds up what the user does not see."""
        for role, visible in VISIBLE.items():
            for model, figure in FIGURES.items():
                records = self.env[model].search([])
                expected = sum(
                    record[figure]
                    for record in records
                    if self.names_of(record, OF_CUSTOMERS[model]) <= visible
                )
                seen = self.env_as(role)[model]
                with self.subTest(f"{role} sums {model}"):
                    [[total]] = seen._read_group([], [], [f"{figure}:sum"])
                    self.assertEqual(total, expected)
                    groups = seen.formatted_read_group(
                        [], ["company_id"], [f"{figure}:sum"]
                    )
                    self.assertEqual(
                        sum(group[f"{figure}:sum"] for group in groups), expected
                    )

    def test_export(self):
        for role, visible in VISIBLE.items():
            for model, figure in FIGURES.items():
                records = self.env[model].search([])
                hidden = records.filtered(
                    lambda record, path=OF_CUSTOMERS[model], seen=visible: (
                        not self.names_of(record, path) <= seen
                    )
                )
                seen = self.env_as(role)[model]
                with self.subTest(f"{role} exports {model}"):
                    seen.search([]).export_data([figure])
                    if hidden:
                        with self.assertRaises(AccessError):
                            hidden.with_env(seen.env).export_data([figure])

    def test_name_search(self):
        for role, visible in VISIBLE.items():
            scores = self.env_as(role)["dcrm.customer.score"]
            found = [name for _id, name in scores.name_search("")]
            self.assertEqual(
                sorted(found),
                sorted(self.customers[name].name for name in visible),
            )

    def test_roles_without_access_find_nothing_in_any_way(self):
        for role in ("public", "portal", "nobody"):
            for model in OF_CUSTOMERS:
                records = self.env_as(role)[model]
                calls = {
                    "search": lambda records=records: records.search([]),
                    "count": lambda records=records: records.search_count([]),
                    "group": lambda records=records: records.formatted_read_group(
                        [], [], ["__count"]
                    ),
                    "names": lambda records=records: records.name_search(""),
                    "read": lambda records=records, model=model: records.browse(
                        self.env[model].search([]).ids
                    ).read(["id"]),
                    "export": lambda records=records, model=model: records.browse(
                        self.env[model].search([]).ids
                    ).export_data(["display_name"]),
                }
                for how, call in calls.items():
                    # Outsiders may not export anything at all, says the host.
                    refusal = UserError if how == "export" else AccessError
                    with self.subTest(f"{role} {how} {model}"):
                        self.assertRaises(refusal, call)

    def test_own_document_of_another_sellers_customer(self):
        """A seller sees the documents in their own name, and not the score."""
        order = self.order(self.customers["other"], 77, user_id=self.users["seller"].id)
        self.refresh()
        env = self.env_as("seller")
        found = env["dcrm.purchase"].search(
            [("partner_id", "=", self.customers["other"].id)]
        )
        self.assertEqual(found.order_id.id, order.id)
        self.assertNotIn(
            self.customers["other"].id,
            env["dcrm.customer.score"].search([]).sudo().partner_id.ids,
        )

    def test_cut_points_are_explained_and_not_browsed_by_who_sees_few(self):
        score = self.score_of(self.customers["own"])
        cuts = score.cut_id
        seen = score.with_env(self.env_as("seller"))
        self.assertEqual(
            [axis["cuts"] for axis in seen.explain()["axes"]],
            [cuts.recency_cuts, cuts.frequency_cuts, cuts.monetary_cuts],
        )
        self.assertNotIn("cut_id", seen.read()[0])
        self.assertNotIn("cut_ids", seen.scheme_id.read()[0])
        self.assertRaises(AccessError, seen.read, ["cut_id"])
        self.assertRaises(AccessError, seen.env["dcrm.rfm.cut"].search, [])
        everybody = score.with_env(self.env_as("seller_all"))
        self.assertEqual(everybody.read(["cut_id"])[0]["cut_id"][0], cuts.id)

    def test_company_out_of_the_switch(self):
        """Who may work in both companies sees those that are switched on."""
        scores = self.env_as("manager_ab", self.company_a)["dcrm.customer.score"]
        self.assertEqual(
            self.names_of(scores.search([]), "partner_id"), VISIBLE["manager"]
        )

    def test_scheme_and_segment_of_another_company(self):
        scheme = self.env["dcrm.rfm.scheme"].create(
            {"name": "Far scheme", "company_id": self.company_b.id}
        )
        segment = self.env["dcrm.segment"].create(
            {"name": "Far segment", "company_id": self.company_b.id}
        )
        for record in (scheme, scheme.cell_ids[:1], segment):
            seen = record.with_env(self.env_as("manager"))
            with self.subTest(record._name):
                self.assertFalse(seen.search([("id", "=", record.id)]))
                self.assertRaises(AccessError, seen.read, ["display_name"])
                self.assertRaises(AccessError, seen.unlink)
