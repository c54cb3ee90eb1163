"""The level of service of a customer: by its value class, by hand, told to who asks."""

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common_service_level import ServiceLevelCase


@tagged("post_install", "-at_install")
class TestServiceLevel(ServiceLevelCase):
    def test_by_value_class(self):
        self.assertEqual(
            self.levels(),
            [
                self.premier,
                self.preferred,
                self.standard,
                self.env["dcrm.service.level"],
            ],
        )
        self.assertEqual(self.levels(self.contact), [self.premier])
        self.assertEqual(
            self.everybody.mapped("service_level_origin"),
            ["Value class", "Value class", "Value class", False],
        )

    def test_each_company_has_its_own(self):
        self.purchase(self.tin, 9000, company=self.company_b)
        self.refresh(self.company_b)
        in_b = self.everybody.with_company(self.company_b)
        self.assertEqual(
            in_b.mapped("service_level_id.name"), [self.premier.name], "tin alone"
        )
        in_b[0].service_level_id = self.standard
        self.assertEqual(in_b[0].service_level_id, self.standard)
        self.assertEqual(self.gold.service_level_id, self.premier)
        self.assertTold(self.tin, self.gold, company=self.company_b)

    def test_by_hand_until_emptied(self):
        self.tin.service_level_id = self.premier
        self.assertEqual(self.tin.service_level_origin, "By hand")
        self.assertTold(self.tin)
        self.purchase(self.gold, 100)
        self.refresh(full=True)
        self.assertEqual(self.levels(self.tin), [self.premier])
        self.tin.service_level_id = False
        self.assertEqual(self.levels(self.tin), [self.standard])
        self.assertFalse(self.override(self.tin))
        self.assertTold(self.tin)

    def test_by_hand_for_who_has_no_score(self):
        self.stranger.service_level_id = self.preferred
        self.assertEqual(self.levels(self.stranger), [self.preferred])
        new = self.partner("New", service_level_id=self.premier.id)
        self.assertEqual(self.levels(new), [self.premier])
        self.assertTold(self.stranger, new)

    def test_same_level_by_hand_is_kept_and_told_to_nobody(self):
        self.gold.service_level_id = self.premier
        self.assertTrue(self.override(self.gold))
        self.gold.service_level_id = self.premier
        self.assertTold()

    def test_set_on_a_contact_is_the_companys(self):
        self.contact.service_level_id = self.standard
        self.assertEqual(self.override(self.gold).service_level_id, self.standard)
        self.assertFalse(self.override(self.contact))
        self.assertEqual(self.levels(self.gold, self.contact), [self.standard] * 2)
        self.assertTold(self.gold)

    def test_set_many_at_once(self):
        overrides = self.env["dcrm.service.level.override"]
        levels = {
            self.gold.id: False,
            self.silver.id: self.preferred.id,
            self.tin.id: self.premier.id,
            self.stranger.id: self.premier.id,
        }
        overrides._set(self.company_a, "manual", levels, reason="Agreed")
        self.assertTold(self.tin, self.stranger)
        self.assertEqual(self.override(self.silver).reason, "Agreed")
        written = self.override(self.silver).write_date
        levels[self.tin.id] = None
        overrides._set(self.company_a, "manual", levels, reason="Agreed")
        self.assertTold(self.tin)
        self.assertEqual(self.override(self.silver).write_date, written)
        overrides._set(self.company_a, "manual", {})

    def test_set_costs_the_same_for_many(self):
        partners = self.env["res.partner"].create([{"name": "X"}] * 60)

        def cost(some, level):
            before = self.env.cr.sql_log_count
            self.env["dcrm.service.level.override"]._set(
                self.company_a, "manual", dict.fromkeys(some.ids, level.id)
            )
            return self.env.cr.sql_log_count - before

        cost(partners, self.standard)
        self.assertEqual(
            cost(partners[:30], self.premier), cost(partners, self.preferred)
        )

    def test_form_of_the_partner(self):
        self.users["seller"].group_ids |= self.env.ref("base.group_partner_manager")
        with Form(self.gold.with_env(self.env_as("seller"))) as form:
            self.assertEqual(form.service_level_id, self.premier)
            self.assertEqual(form.service_level_origin, "Value class")
            form.service_level_id = self.preferred
            self.assertEqual(form.service_level_origin, "By hand")
        self.assertEqual(self.levels(self.gold), [self.preferred])
        with Form(self.gold.with_env(self.env_as("seller"))) as form:
            form.ref = "G"
        self.assertTold(self.gold)

    def test_contact_that_moves_has_the_level_of_its_new_company(self):
        self.stranger.service_level_id = self.preferred
        self.stranger.parent_id = self.gold
        self.assertEqual(self.levels(self.stranger), [self.premier])
        self.stranger.parent_id = False
        self.assertEqual(self.levels(self.stranger), [self.preferred])


@tagged("post_install", "-at_install")
class TestServiceLevelSearch(ServiceLevelCase):
    def names(self, domain, order="name", role="nobody"):
        partners = self.everybody.with_env(self.env_as(role))
        domain = [("id", "in", partners.ids), *domain]
        return partners.search(domain, order=order).mapped("name")

    def test_search(self):
        self.stranger.service_level_id = self.premier
        ids = [self.premier.id, self.standard.id]
        cases = [
            ([("service_level_id", "=", self.premier.id)], ["Gold", "Stranger"]),
            ([("service_level_id", "!=", self.premier.id)], ["Silver", "Tin"]),
            ([("service_level_id", "in", ids)], ["Gold", "Stranger", "Tin"]),
            ([("service_level_id", "not in", ids)], ["Silver"]),
            ([("service_level_id", "in", [ids[1], False])], ["Tin"]),
            ([("service_level_id", "=", False)], []),
            ([("service_level_id", "ilike", "pre")], ["Gold", "Silver", "Stranger"]),
            ([("service_level_id.sequence", ">", 15)], ["Silver", "Tin"]),
            ([("service_level_id", "in", [])], []),
        ]
        for domain, expected in cases:
            with self.subTest(domain=domain):
                self.assertEqual(self.names(domain), expected)
                partners = self.everybody.with_env(self.env_as("nobody"))
                found = partners.filtered_domain(domain)
                self.assertEqual(sorted(found.mapped("name")), expected)
        self.stranger.service_level_id = False
        self.assertEqual(self.names([("service_level_id", "=", False)]), ["Stranger"])
        self.assertEqual(
            self.names([("service_level_id", "!=", self.premier.id)]),
            ["Silver", "Stranger", "Tin"],
        )

    def test_search_follows_the_company(self):
        self.silver.with_company(self.company_b).service_level_id = self.premier
        domain = [("service_level_id", "=", self.premier.id)]
        self.assertEqual(self.names(domain), ["Gold"])
        in_b = self.everybody.with_company(self.company_b)
        self.assertEqual(in_b.filtered_domain(domain), self.silver)
        self.assertEqual(
            in_b.search([*domain, ("id", "in", in_b.ids)]),
            self.silver,
        )

    def test_best_first_and_without_level_last(self):
        self.standard.sequence = 1
        self.assertEqual(
            self.names([], order="service_level_id"),
            ["Tin", "Gold", "Silver", "Stranger"],
        )
        self.assertEqual(
            self.names([], order="service_level_id desc"),
            ["Silver", "Gold", "Tin", "Stranger"],
        )

    def test_group(self):
        self.silver.service_level_id = self.premier
        groups = self.everybody.with_env(self.env_as("nobody"))._read_group(
            [("id", "in", self.everybody.ids)], ["service_level_id"], ["__count"]
        )
        self.assertEqual(
            [(level.id, count) for level, count in groups],
            [(self.premier.id, 2), (self.standard.id, 1), (False, 1)],
        )

    def test_customers_of_a_level(self):
        self.stranger.service_level_id = self.premier
        level = self.premier.with_env(self.env_as("manager"))
        self.assertEqual(level.customer_count, 2)
        action = level.action_open_customers()
        self.assertEqual(
            self.env["res.partner"].search(action["domain"]), self.gold | self.stranger
        )


@tagged("post_install", "-at_install")
class TestServiceLevelRights(ServiceLevelCase):
    def test_every_colleague_reads_and_no_outsider(self):
        for role in ("nobody", "seller", "seller_all", "analyst", "manager"):
            with self.subTest(role):
                self.assertEqual(self.levels(self.silver, role=role), [self.preferred])
        self.users["portal"].partner_id.parent_id = self.gold
        partners = self.env_as("portal")["res.partner"]
        own = partners.browse(self.users["portal"].partner_id.id)
        for refused in (
            lambda: own.read(["service_level_id"]),
            lambda: own.service_level_id,
            lambda: own.service_level_origin,
            lambda: own.write({"service_level_id": self.premier.id}),
            lambda: partners.search([("service_level_id", "=", self.premier.id)]),
            lambda: partners.search([], order="service_level_id"),
            lambda: partners._read_group([], ["service_level_id"]),
        ):
            self.assertRaises(AccessError, refused)

    def test_level_shows_no_figure_of_the_score(self):
        gold = self.gold.with_env(self.env_as("nobody"))
        self.assertEqual(gold.service_level_id, self.premier)
        for name in ("customer_score_id", "value_class", "rfm_monetary"):
            with self.assertRaises(AccessError):
                gold.read([name])
        self.assertFalse(self.silver.with_env(self.env_as("seller")).value_class)

    def test_origin_is_told_to_who_may_read_the_score(self):
        """The level of others' customers is seen, not what it comes from."""
        self.tin.user_id = self.users["other_seller"]
        self.tin.service_level_id = self.premier
        told = {
            "seller": ["Value class", False, False, False],
            "other_seller": [False, "Value class", "By hand", False],
            "seller_all": ["Value class", "Value class", "By hand", False],
            "manager": ["Value class", "Value class", "By hand", False],
        }
        for role, origins in told.items():
            partners = self.everybody.with_env(self.env_as(role))
            with self.subTest(role):
                self.assertEqual(partners.mapped("service_level_origin"), origins)
                self.assertEqual(
                    [level.name for level in self.levels(role=role)],
                    ["Premier", "Preferred", "Premier", False],
                )
        contact = self.contact.with_env(self.env_as("seller"))
        self.assertEqual(contact.service_level_origin, "Value class")
        gold = self.gold.with_env(self.env_as("nobody"))
        with self.assertRaises(AccessError):
            gold.read(["service_level_origin"])
        self.assertIn("service_level_id", gold.read(["service_level_id"])[0])

    def test_who_may_set(self):
        """Sellers of all set any, a seller their own, nobody else; by any call."""
        for user in self.users.values():
            if not user.share:
                user.group_ids |= self.env.ref("base.group_partner_manager")
        gold, silver, tin = self.gold, self.silver, self.tin
        may = {
            "seller": gold,
            "other_seller": silver,
            "seller_all": gold | silver | tin,
            "analyst": gold | silver | tin,
            "manager": gold | silver | tin,
            "nobody": self.env["res.partner"],
            "portal": self.env["res.partner"],
        }
        for role, allowed in may.items():
            for customer in gold | silver | tin:
                partner = customer.with_env(self.env_as(role))
                with self.subTest(f"{role} sets {customer.name}"):
                    if customer in allowed:
                        partner.service_level_id = self.preferred.id
                        partner.write({"service_level_id": False})
                        continue
                    with self.assertRaises(AccessError):
                        partner.write({"service_level_id": self.preferred.id})
                    with self.assertRaises(AccessError):
                        partner.write({"service_level_id": False})
                    for contact in customer.child_ids.with_env(partner.env):
                        with self.assertRaises(AccessError):
                            contact.write({"service_level_id": False})
        self.assertFalse(self.override(gold | silver | tin))

    def test_own_and_others_at_once_are_refused(self):
        seller = self.users["seller"]
        seller.group_ids |= self.env.ref("base.group_partner_manager")
        both = (self.gold | self.silver).with_env(self.env_as("seller"))
        with self.assertRaises(AccessError):
            both.write({"service_level_id": self.standard.id})
        self.contact.user_id = self.users["other_seller"]
        contact = self.contact.with_env(self.env_as("seller"))
        contact.service_level_id = self.standard
        self.assertEqual(self.levels(self.gold), [self.standard], "whose company it is")

    def test_user_of_another_company_sees_that_companys(self):
        gold = self.gold.with_env(self.env_as("seller_b"))
        self.assertFalse(gold.service_level_id)
        self.assertFalse(gold.search([("service_level_id", "=", self.premier.id)]))

    def test_only_managers_edit_the_vocabulary(self):
        for role in ("nobody", "seller", "seller_all", "analyst"):
            levels = self.env_as(role)["dcrm.service.level"]
            with self.subTest(role):
                self.assertTrue(levels.search([]))
                with self.assertRaises(AccessError):
                    levels.create({"name": "Mine"})
                with self.assertRaises(AccessError):
                    levels.browse(self.premier.id).write({"name": "Mine"})
                with self.assertRaises(AccessError):
                    levels.browse(self.premier.id).unlink()
        level = self.env_as("manager")["dcrm.service.level"].create({"name": "Ours"})
        level.unlink()
