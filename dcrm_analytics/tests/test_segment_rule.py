"""Segments by rule: who is where, from when on, by which rule, and what is refused."""

from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_segment import SegmentCase

MODULE = "odoo.addons.dcrm_analytics.models.dcrm_segment_rule"


@tagged("post_install", "-at_install")
class TestSegmentRule(SegmentCase):
    def test_the_first_rule_wins_and_else_the_grid(self):
        rich, poor, hotel, rich_hotel = self.customers(150, 50, 50, 150)
        (hotel | rich_hotel).category_id = self.tag
        late = self.rule(sequence=20)
        early = self.rule(
            [("rfm_monetary", ">", 100), ("category_id", "!=", False)],
            self.bad,
            sequence=10,
        )
        done = self.scores.refresh(self.company_a)
        self.assertEqual(
            self.segment_of(rich, poor, hotel, rich_hotel),
            [self.good, self.bad, self.third, self.bad],
        )
        self.assertEqual(
            [self.score_of(each).segment_rule_id for each in (rich, hotel, rich_hotel)],
            [self.rules, late, early],
        )
        self.assertEqual((done["ruled"], done["entered"]), (2, 4))
        # Turned around, the other wins.
        early.sequence = 30
        self.refresh()
        self.assertEqual(self.segment_of(rich_hotel), [self.third])
        self.assertNoViolations()

    def test_nobody_passes_through_another_segment(self):
        """A new customer enters the rule's segment, and was in no other before."""
        self.rule([("value_class", "in", ["a", "b"])])
        [customer] = self.customers(150)
        self.refresh()
        self.assertEqual(self.stays_of(customer), [(self.third, False)])
        history = self.env["dcrm.customer.score.history"].search(
            [("partner_id", "=", customer.id)]
        )
        self.assertEqual(history.segment_id, self.third)
        self.assertEqual(history.rfm_score, self.score_of(customer).rfm_score)
        self.assertEqual(history.cut_id, self.score_of(customer).cut_id)

    def test_a_rule_on_what_is_worked_out_after_the_score(self):
        """The lifecycle is known after the scores: still nobody passes through."""
        self.rule([("customer_score_id.lifecycle", "=", "acquired")])
        once, twice = self.customers(150, 150)
        self.book([(twice, self.days_ago(9), 150)])
        self.refresh()
        self.assertEqual(self.segment_of(once, twice), [self.third, self.good])
        self.assertEqual(self.stays_of(once), [(self.third, False)])
        self.book([(once, self.days_ago(0), 150)])
        self.refresh()
        self.assertEqual(self.stays_of(once), [(self.third, True), (self.good, False)])
        self.assertNoViolations()

    def test_a_change_of_no_fact_moves_too(self):
        [customer] = self.customers(150)
        self.rule()
        self.refresh()
        customer.category_id = self.tag
        with freeze_time(self.instant(self.today() + timedelta(1))):
            self.refresh()
            moved = self.today()
            self.assertEqual(self.segment_of(customer), [self.third])
            customer.category_id = False
            self.refresh()
            self.assertNoViolations()
        self.assertEqual(
            self.stays_of(customer),
            [(self.good, True), (self.third, True), (self.good, False)],
        )
        days = self.env["dcrm.customer.score.history"].search(
            [("partner_id", "=", customer.id)], order="date"
        )
        self.assertEqual(days.mapped("date"), [moved - timedelta(1), moved])
        self.assertEqual([day.segment_id for day in days], [self.good, self.good])
        # A refresh with nothing to do leaves all as it is.
        before = self.written("dcrm_customer_score")
        with freeze_time(self.instant(moved)):
            self.refresh()
        self.assertEqual(self.written("dcrm_customer_score"), before)

    def test_the_last_rule_that_goes_leaves_everybody_to_the_grid(self):
        rich, poor = self.customers(150, 50)
        rule = self.rule([("id", ">", 0)])
        for end in (lambda: rule.write({"active": False}), rule.unlink):
            rule.active = True
            self.refresh()
            self.assertEqual(self.segment_of(rich, poor), [self.third] * 2)
            end()
            # What waits for a refresh is no violation.
            self.assertNoViolations()
            self.refresh()
            self.assertEqual(self.segment_of(rich, poor), [self.good, self.bad])
            self.assertFalse(self.score_of(rich).segment_rule_id)
            self.assertNoViolations()
            self.assertFalse(self.rules._is_due(self.company_a))

    def test_an_edited_rule_waits_for_the_refresh(self):
        self.customers(150, 50)
        rule = self.rule([("rfm_monetary", ">", 100)])
        self.refresh()
        rule.segment_id = self.bad
        self.assertNoViolations()
        rule.domain = "[('rfm_monetary', '<', 100)]"
        self.refresh()
        self.assertNoViolations()
        self.assertEqual(
            set(
                self.scores.search([("segment_rule_id", "=", rule.id)]).mapped(
                    "monetary"
                )
            ),
            {50.0},
        )

    def test_a_customer_that_moves_by_the_grid_under_a_rule(self):
        """Of facts and value class all is new, the segment stays the rule's."""
        [hotel] = self.customers(50, category_id=self.tag.ids)
        self.rule()
        self.refresh()
        self.book([(hotel, self.days_ago(0), 500)])
        self.refresh()
        score = self.score_of(hotel)
        self.assertEqual((score.monetary, score.segment_id), (550, self.third))
        self.assertEqual(score.grid_segment_id, self.good)
        self.assertEqual(self.stays_of(hotel), [(self.third, False)])
        # Who has no purchase left has no score, and left.
        self.env["dcrm.purchase"].search([("partner_id", "=", hotel.id)]).unlink()
        self.refresh()
        self.assertEqual(self.stays_of(hotel), [(self.third, True)])
        self.assertNoViolations()

    def test_service_levels_are_told_once(self):
        """Of value and level one hears when they change, not when a segment does."""
        told = []
        self.patch(
            self.env.registry["res.partner"],
            "_service_level_changed",
            lambda partners, company: told.extend(partners.ids),
        )
        small, big = self.customers(50, 5000)
        self.refresh()
        told.clear()
        rule = self.rule([("id", ">", 0)])
        self.refresh()
        self.assertEqual(self.segment_of(small, big), [self.third] * 2)
        self.assertFalse(told)
        self.book([(small, self.days_ago(0), 90000)])
        self.refresh()
        self.assertEqual(told, small.ids)
        self.assertEqual(self.score_of(small).value_class, "a")
        rule.unlink()
        told.clear()
        self.refresh()
        self.assertFalse(told)

    def test_companies_have_their_own(self):
        [customer] = self.customers(150)
        self.book([(customer, self.days_ago(1), 150)], self.company_b)
        self.rule([("id", ">", 0)])
        self.refresh(self.company_a, self.company_b)
        self.assertEqual(self.score_of(customer, self.company_b).segment_id, self.good)
        self.assertEqual(self.segment_of(customer), [self.third])
        self.rule([("rfm_monetary", "=", 150)], self.bad, company_id=False, sequence=1)
        self.refresh(self.company_a, self.company_b)
        for company in self.companies:
            self.assertEqual(self.score_of(customer, company).segment_id, self.bad)
        self.assertNoViolations()
        with self.assertRaises(UserError):
            self.rule(
                [],
                self.env["dcrm.segment"].create(
                    {"name": "B", "company_id": self.company_b.id}
                ),
            )

    def test_conditions_are_asked_in_the_company_whoever_refreshes(self):
        """What depends on the company is that of the rule's; days are of its zone."""
        customer, other = self.customers(150, 150)
        customer.with_company(
            self.company_a
        ).specific_property_product_pricelist = self._pricelist(
            self.eur, self.company_a
        )
        customer.with_company(self.company_b).barcode = "X"
        self.book(
            [(each, self.days_ago(1), 5) for each in (customer, other)], self.company_b
        )
        self.rule([("barcode", "=", "X")], company_id=False)
        self.refresh(self.company_a, self.company_b)
        self.assertEqual(self.segment_of(customer), [self.good])
        self.assertEqual(self.score_of(customer, self.company_b).segment_id, self.third)
        self.assertEqual(self.score_of(other, self.company_b).segment_id, self.bad)

    def test_archived_customers_follow_rules_like_others(self):
        [hotel] = self.customers(150, category_id=self.tag.ids)
        hotel.active = False
        self.rule()
        self.refresh()
        self.assertEqual(self.segment_of(hotel), [self.third])

    def test_a_broken_rule_keeps_whom_it_has_and_stops_no_other(self):
        hotel, rich, poor = self.customers(150, 150, 50)
        hotel.category_id = self.tag
        broken = self.rule(sequence=10)
        self.rule([("rfm_monetary", "<", 100)], self.good, sequence=20)
        self.refresh()
        self.env.cr.execute(
            "UPDATE dcrm_segment_rule SET domain = %s WHERE id = %s",
            ["[('field_of_a_module_gone', '=', 1)]", broken.id],
        )
        self.env.invalidate_all()
        late = self.partner(category_id=self.tag.ids)
        self.book([(late, self.days_ago(1), 50)])
        with mute_logger(MODULE):
            self.refresh()
        self.assertIn("field_of_a_module_gone", broken.error)
        self.assertEqual(
            self.segment_of(hotel, rich, poor, late),
            [self.third, self.good, self.good, self.good],
        )
        self.assertNoViolations()
        run = self.env["dcrm.run"]._start("refresh", self.company_a)
        self.env.flush_all()
        with self.enter_registry_test_mode(), mute_logger(MODULE):
            self.env.ref("dcrm_analytics.ir_cron_run").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(run.state, "done", run.error)
        self.assertIn(broken.name, run.result)
        broken.domain = repr([("category_id", "in", self.tag.ids)])
        self.assertFalse(broken.error)
        self.refresh()
        self.assertEqual(self.segment_of(hotel, late), [self.third] * 2)

    def test_what_no_rule_can_ask_is_refused_in_words(self):
        hotel = self.tag.id
        for domain in (
            "[('no_such_field', '=', 1)]",
            "[('name', 'roughly', 'x')]",
            "[('name', '=']",
            "[('user_id', '=', uid)]",
            "{'a': 1}",
            "[('customer_segment_id', '=', 1)]",
            "[('customer_score_id.segment_id.name', '=', 'x')]",
            "[('customer_score_id', 'any', [('segment_rule_id', '!=', False)])]",
            "[('segment_stay_ids.left_on', '=', False)]",
            "['!', ('child_ids', 'any', [('customer_segment_color', '=', 3)])]",
        ):
            with self.subTest(domain), self.assertRaises(ValidationError):
                self.rules.create(
                    {"name": "X", "segment_id": self.third.id, "domain": domain}
                )
        for domain in (
            f"[('customer_grid_segment_id', 'in', {self.good.ids})]",
            f"[('customer_grid_segment_id.name', '=', '{self.good.name}')]",
            f"['|', ('category_id', 'child_of', {hotel}), ('value_class', '=', 'a')]",
            "[('customer_score_id.recency_class', '>=', 4)]",
            "[('create_date', '>=', 'today -7d')]",
        ):
            with self.subTest(domain):
                self.rules.create(
                    {"name": "X", "segment_id": self.third.id, "domain": domain}
                )

    def test_without_conditions_it_is_not_saved(self):
        """A form that is left half-filled saves itself: it would move everybody."""
        rules = self.env_as("manager")["dcrm.segment.rule"]
        with self.assertRaises(ValidationError):
            rules.create({"name": "Half", "segment_id": self.third.id})
        rule = self.rule()
        for domain in ("[]", "[(1, '=', 1)]"):
            with self.subTest(domain), self.assertRaises(ValidationError):
                rule.domain = domain

    def test_conditions_on_the_segment_by_the_grid(self):
        rich, poor = self.customers(150, 50)
        self.rule([("customer_grid_segment_id", "=", self.good.id)])
        for _again in range(2):
            self.refresh()
            self.assertEqual(self.segment_of(rich, poor), [self.third, self.bad])
            self.assertEqual(rich.customer_grid_segment_id, self.good)

    def test_a_segment_in_use_can_neither_be_archived_nor_deleted(self):
        rule = self.rule()
        for use in (self.third.unlink, lambda: self.third.write({"active": False})):
            with self.assertRaisesRegex(UserError, rule.name):
                use()
        with self.assertRaises(UserError):
            self.third.company_id = self.company_b
        rule.unlink()
        self.third.unlink()

    def test_the_score_says_by_which_rule(self):
        hotel, rich = self.customers(150, 150)
        hotel.category_id = self.tag
        rule = self.rule()
        self.refresh()
        told = self.score_of(hotel).explain()["segment"]
        self.assertIn(rule.name, told["by"])
        self.assertIn(self.good.name, told["by"])
        self.assertIsNone(self.score_of(rich).explain()["segment"]["by"])
        hotel.user_id = self.users["seller"]
        seen = self.score_of(hotel).with_env(self.env_as("seller"))
        self.assertEqual(seen.customer_value()["score"]["segment"]["by"], told["by"])

    def test_a_replay_is_by_the_grid_alone_and_says_so(self):
        [hotel] = self.customers(150, category_id=self.tag.ids)
        self.rule()
        self.refresh()
        frame = self.scores.refresh(self.company_a, as_of=self.today())
        self.assertEqual(frame.attrs["segments"], "grid")
        self.assertEqual(self.rows(frame)[hotel.id]["segment_id"], self.good.id)
        self.assertEqual(self.segment_of(hotel), [self.third])

    def test_phases_of_a_run_do_what_a_refresh_does(self):
        rich, hotel = self.customers(150, 50)
        hotel.category_id = self.tag
        self.rule()
        run = self.env["dcrm.run"]._start("refresh", self.company_a)
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("dcrm_analytics.ir_cron_run").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(run.state, "done", run.error)
        self.assertIn("1 customers are in a segment by a rule", run.result)
        self.assertEqual(self.segment_of(rich, hotel), [self.good, self.third])
        self.assertEqual(self.stays_of(hotel), [(self.third, False)])

    def test_between_scoring_and_the_rules(self):
        """Killed there, nothing is wrong, and the next refresh finishes it."""
        hotel, rich = self.customers(150, 50)
        hotel.category_id = self.tag
        self.rule()
        self.refresh()
        self.book([(rich, self.days_ago(0), 100)])
        self.scores._score(self.company_a)
        self.assertEqual(self.segment_of(hotel, rich), [self.third, self.bad])
        self.assertNoViolations()
        self.refresh()
        self.assertEqual(self.segment_of(hotel, rich), [self.third, self.good])
        self.assertNoViolations()

    def test_without_rules_one_statement_more(self):
        self.customers(150)
        self.refresh()
        before = self.env.cr.sql_log_count
        self.assertEqual(self.scores._settle(self.company_a), {})
        self.assertEqual(self.env.cr.sql_log_count - before, 1)
