"""What changes the levels of service of many: the vocabulary, refreshes, merges."""

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_service_level import ServiceLevelCase


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
