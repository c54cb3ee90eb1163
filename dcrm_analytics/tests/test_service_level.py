"""The level of service of a customer: by its value class, by hand, told to who asks."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import DcrmCase


class ServiceLevelCase(DcrmCase):
    """Three customers of company A, of value class a, b and c; one without a score.

    ``self.told`` lists (company, customer) of each call of the hook.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.premier, cls.preferred, cls.standard = (
            cls.env.ref(f"dcrm_analytics.service_level_{name}")
            for name in ("premier", "preferred", "standard")
        )
        self = cls("setUp")
        cls.gold = self.partner("Gold", seller="seller", is_company=True)
        cls.silver = self.partner("Silver", seller="other_seller")
        cls.tin = self.partner("Tin")
        cls.stranger = self.partner("Stranger")
        cls.everybody = cls.gold | cls.silver | cls.tin | cls.stranger
        cls.contact = self.partner("Gold's buyer", parent_id=cls.gold.id)
        for partner, amount in ((cls.gold, 800), (cls.silver, 150), (cls.tin, 50)):
            self.purchase(partner, amount)
        self.refresh()

    def setUp(self):
        super().setUp()
        self.told = told = []

        def changed(partners, company):
            told.extend((company, partner) for partner in partners)

        self.patch(self.env.registry["res.partner"], "_service_level_changed", changed)

    def assertTold(self, *partners, company=None):
        """Those customers were told since the last time, each once, and nobody else."""
        company = company or self.company_a
        self.assertEqual(
            sorted((company.id, partner.id) for partner in partners),
            sorted((company.id, partner.id) for company, partner in self.told),
        )
        self.told.clear()

    def levels(self, *partners, role="seller_all"):
        partners = partners or self.everybody
        return [each.with_env(self.env_as(role)).service_level_id for each in partners]

    def override(self, partner, company=None):
        return self.env["dcrm.service.level.override"].search(
            [
                ("partner_id", "in", partner.ids),
                ("company_id", "=", (company or self.company_a).id),
            ]
        )


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


@tagged("post_install", "-at_install")
class TestServiceLevelVocabulary(ServiceLevelCase):
    @mute_logger("odoo.sql_db")
    def test_one_active_level_a_class(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env["dcrm.service.level"].create(
                {"name": "Also premier", "value_class": "a"}
            )
        self.premier.active = False
        other = self.env["dcrm.service.level"].create(
            {"name": "Also premier", "value_class": "a"}
        )
        self.assertEqual(self.levels(self.gold), [other])
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.premier.active = True
            self.env.flush_all()
        self.assertFalse(other.copy().value_class)

    def test_given_levels_are_kept(self):
        self.stranger.with_company(self.company_b).service_level_id = self.premier
        level = self.premier.with_env(self.env_as("manager"))
        with self.assertRaisesRegex(UserError, "Premier was given to 1 customers"):
            level.active = False
        with self.assertRaisesRegex(UserError, "Premier was given to 1 customers"):
            level.unlink()
        self.stranger.with_company(self.company_b).service_level_id = False
        level.unlink()

    def test_customers_are_told_of_another_mapping(self):
        self.purchase(self.tin, 500, company=self.company_b)
        self.refresh(self.company_b)
        self.told.clear()
        self.silver.service_level_id = self.preferred
        # Two companies have customers of class a; the one of class b is overridden.
        top = self.env["dcrm.service.level"].create({"name": "Top"})
        self.assertTold()
        (self.premier | self.preferred).value_class = False
        self.assertEqual(
            {(company, partner) for company, partner in self.told},
            {(self.company_a, self.gold), (self.company_b, self.tin)},
        )
        self.told.clear()
        top.value_class = "a"
        self.assertEqual(len(self.told), 2)
        self.assertEqual(self.levels(self.gold), [top])
        self.told.clear()
        top.write({"name": "The top", "sequence": 1, "value_class": "a"})
        self.assertTold()
        self.standard.active = False
        self.assertTold(self.tin)
        self.assertEqual(self.levels(self.tin), [self.env["dcrm.service.level"]])
        self.standard.active = True
        self.assertTold(self.tin)
        top.unlink()
        self.assertEqual(len(self.told), 2)


@tagged("post_install", "-at_install")
class TestServiceLevelRefresh(ServiceLevelCase):
    def test_who_changed_and_nobody_else(self):
        self.refresh()
        self.refresh(full=True)
        self.assertTold()
        # Tin becomes the best customer, gold and silver fall.
        self.purchase(self.tin, 9000)
        self.refresh(full=True)
        self.assertEqual(self.everybody.mapped("value_class"), ["b", "c", "a", False])
        self.assertTold(self.gold, self.silver, self.tin)
        self.assertEqual(
            self.levels(self.gold, self.silver, self.tin),
            [self.preferred, self.standard, self.premier],
        )

    def test_first_score_and_last(self):
        purchase = self.purchase(self.stranger, 1)
        self.refresh()
        self.assertTold(self.stranger)
        self.env.cr.execute("DELETE FROM dcrm_purchase WHERE id = %s", [purchase.id])
        self.refresh()
        self.assertFalse(self.score_of(self.stranger))
        self.assertTold(self.stranger)

    def test_between_full_refreshes(self):
        self.purchase(self.silver, 5000)
        self.refresh()
        self.assertEqual(self.silver.value_class, "a")
        self.assertTold(self.silver)

    def test_figures_alone_tell_nobody(self):
        self.purchase(self.gold, 100)
        self.refresh()
        self.assertEqual(self.score_of(self.gold).monetary, 900)
        self.assertTold()

    def test_overridden_are_not_told(self):
        self.tin.service_level_id = self.standard
        self.purchase(self.tin, 9000)
        self.refresh(full=True)
        self.assertEqual(self.levels(self.tin), [self.standard])
        self.assertTold(self.gold, self.silver)

    def test_classes_without_level_are_one(self):
        (self.preferred | self.standard).value_class = False
        self.told.clear()
        self.purchase(self.tin, 9000)
        self.refresh(full=True)
        self.assertTold(self.gold, self.tin)

    def test_level_is_new_when_told(self):
        seen = []

        def changed(partners, company):
            seen.extend(partner.service_level_id for partner in partners)

        self.patch(self.env.registry["res.partner"], "_service_level_changed", changed)
        self.assertEqual(self.silver.service_level_id, self.preferred)
        self.purchase(self.silver, 5000)
        self.refresh()
        self.gold.service_level_id = self.standard
        self.assertEqual(seen, [self.premier, self.standard])


@tagged("post_install", "-at_install")
class TestServiceLevelMerge(ServiceLevelCase):
    def merge(self, into, *partners):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([into.id, *(partner.id for partner in partners)], into)
        self.env.invalidate_all()

    def test_the_destinations_wins(self):
        self.tin.service_level_id = self.preferred
        self.silver.service_level_id = self.premier
        self.told.clear()
        self.merge(self.tin, self.silver)
        self.assertEqual(self.override(self.tin).service_level_id, self.preferred)
        self.assertTold()

    def test_each_company_for_itself(self):
        """The host drops all levels of who is merged if one of them is in the way."""
        in_b = self.everybody.with_company(self.company_b)
        in_b[1].service_level_id = self.preferred
        self.silver.service_level_id = self.standard
        self.stranger.service_level_id = self.premier
        self.told.clear()
        self.merge(self.stranger, self.silver)
        self.assertEqual(self.override(self.stranger).service_level_id, self.premier)
        self.assertEqual(
            self.override(self.stranger, self.company_b).service_level_id,
            self.preferred,
        )
        self.assertTold(self.stranger, company=self.company_b)

    def test_the_best_of_several(self):
        self.tin.service_level_id = self.preferred
        self.silver.service_level_id = self.standard
        self.merge(self.stranger, self.tin, self.silver)
        self.assertEqual(self.override(self.stranger).service_level_id, self.preferred)

    def test_a_score_that_is_taken_over(self):
        self.merge(self.stranger, self.gold)
        self.assertEqual(self.levels(self.stranger), [self.premier])
        self.assertTold(self.stranger)
        self.refresh()
        self.assertTold()
        self.assertNoViolations()
