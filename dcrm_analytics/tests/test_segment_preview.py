"""A preview says who will move, exactly, and leaves nothing behind."""

import random
from collections import Counter

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_segment import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentPreview(SegmentCase):
    def values(self, domain, segment=None, **values):
        return {
            "sequence": 100,
            "active": True,
            "segment_id": (segment or self.third).id,
            "company_id": self.company_a.id,
            "domain": repr(domain),
            **values,
        }

    def as_manager(self, *args):
        return self.env_as("manager")["dcrm.segment.rule"].preview(*args)

    def moves(self, preview):
        return {
            (move["from"]["id"], move["to"]["id"]): move["customers"]
            for move in preview["moves"]
        }

    def test_a_preview_is_what_the_refresh_then_does(self):
        rich, poor, hotel, rich_hotel = self.customers(150, 50, 60, 170)
        (hotel | rich_hotel).category_id = self.tag
        self.rule([("rfm_monetary", "=", 170)], self.bad, sequence=10)
        self.refresh()
        values = self.values([("category_id", "in", self.tag.ids)])
        told = self.as_manager(values)
        self.assertEqual((told["error"], told["held"], told["customers"]), (None, 1, 1))
        self.assertEqual(self.moves(told), {(self.bad.id, self.third.id): 1})
        # Before all others it has both.
        first = {**values, "sequence": 1}
        told = self.as_manager(first)
        self.assertEqual((told["held"], told["customers"]), (2, 2))
        before = self.segment_of(rich, poor, hotel, rich_hotel)
        self.assertEqual(before, [self.good, self.bad, self.bad, self.bad])
        customers = self.env_as("manager")["dcrm.segment.rule"].preview_customers(
            first, None, self.bad.id, self.third.id
        )
        self.assertEqual(customers, (hotel | rich_hotel).ids)
        rule = self.rules.create({**first, "name": "Saved"})
        self.refresh()
        after = self.segment_of(rich, poor, hotel, rich_hotel)
        self.assertEqual(after, [self.good, self.bad, self.third, self.third])
        # Of a saved rule: as it stands, as edited, and as archived.
        self.assertEqual(self.as_manager(first, rule.id)["moves"], [])
        edited = self.as_manager({**first, "segment_id": self.good.id}, rule.id)
        self.assertEqual(self.moves(edited), {(self.third.id, self.good.id): 2})
        archived = self.as_manager({**first, "active": False}, rule.id)
        self.assertEqual(self.moves(archived), {(self.third.id, self.bad.id): 2})
        self.assertEqual(archived["held"], 0)
        self.assertEqual(rule.segment_id, self.third)
        self.assertNoViolations()

    def test_nothing_is_written(self):
        self.customers(150, 50)
        self.refresh()
        tables = ("customer_score", "customer_score_history", "segment_stay", "rfm_cut")
        before = [self.written(f"dcrm_{table}") for table in tables]
        self.as_manager(self.values([]))
        self.assertEqual([self.written(f"dcrm_{table}") for table in tables], before)
        self.assertFalse(self.rules.search([]))

    def test_nobody_learns_what_they_may_not_read(self):
        """Conditions are asked for with the rights of who set them.

        Not of another company's orders, nor of colleagues' for who sees only their own.
        """
        rich, poor = self.customers(150, 50)
        self.order(rich, 7000, company=self.company_b)
        self.order(poor, 9000, user_id=self.users["seller"].id)
        self.refresh()
        manager, root = self.users["manager"], self.env.ref("base.user_root")
        there = [("sale_order_ids", "any", [("amount_untaxed", "=", 7000)])]
        others = [("sale_order_ids", "any", [("amount_untaxed", "=", 9000)])]
        with self.assertRaises(AccessError):
            self.as_manager(self.values(there))
        manager.group_ids |= self.env.ref("sales_team.group_sale_salesman")
        for domain in (there, others):
            self.assertEqual(self.as_manager(self.values(domain))["held"], 0)
            rules = self.env_as("manager")["dcrm.segment.rule"]
            values = {**self.values(domain), "name": "Nosy"}
            rule = rules.create({**values, "author_id": root.id})
            rule.write({"author_id": root.id})
            self.assertEqual(rule.author_id, manager)
            self.refresh(full=True)
            self.assertNotIn(self.third, self.segment_of(rich, poor))
            rule.unlink()
        manager.group_ids |= self.env.ref("sales_team.group_sale_salesman_all_leads")
        self.assertEqual(self.as_manager(self.values(there))["held"], 0)
        self.assertEqual(self.as_manager(self.values(others))["held"], 1)

    def test_a_rule_keeps_its_author_until_its_conditions_change(self):
        [poor] = self.customers(50)
        self.order(poor, 9000, user_id=self.users["seller"].id)
        orders = [("sale_order_ids.amount_untaxed", "=", 9000)]
        rule = self.rule(orders)
        root = rule.author_id
        seen = rule.with_env(self.env_as("manager"))
        seen.write({"sequence": 3, "segment_id": self.good.id})
        self.assertEqual(rule.author_id, root)
        self.refresh(full=True)
        self.assertEqual(self.segment_of(poor), [self.good])
        seen.write({"domain": "[('id', '=', 0)]"})
        self.assertEqual(rule.author_id, self.users["manager"])

    def test_a_rule_of_who_is_gone_is_asked_with_nobodys_rights(self):
        company = {"company_id": self.company_a.id, "company_ids": self.company_a.ids}
        manager = self.users["manager"].copy({**company, "login": "gone"})
        manager.group_ids |= self.env.ref("sales_team.group_sale_salesman")
        rule = self.rule()
        seen = rule.with_env(self.env_as("manager")).with_user(manager)
        seen.domain = repr([("sale_order_ids.amount_untaxed", "=", 9000)])
        self.assertEqual(rule.author_id, manager)
        manager.unlink()
        rule.invalidate_recordset()
        self.assertFalse(rule.author_id)
        [poor] = self.customers(50)
        self.order(poor, 9000, user_id=self.users["seller"].id)
        self.refresh(full=True)
        self.assertIn("gone", rule.error)
        self.assertNotEqual(self.segment_of(poor), [self.third])
        rule.domain = repr([("rfm_monetary", ">", 50)])
        self.refresh()
        self.assertEqual(self.segment_of(poor), [self.third])

    def random_rule(self, chance, tags):
        """Return the values of a rule on a tag and a least amount, and these two."""
        tag, least = chance.choice(tags), chance.randint(0, 250)
        domain = [("category_id", "in", tag.ids), ("rfm_monetary", ">=", least)]
        segment = chance.choice([self.good, self.bad, self.third])
        values = {"sequence": chance.randint(1, 5), "segment_id": segment.id}
        return {**values, "domain": repr(domain)}, (tag, least)

    def expected(self, score, rules):
        """Return the id of a score's segment by ``{id: (values, (tag, least))}``."""
        for _sequence, rule_id in sorted(
            (values["sequence"], rule_id) for rule_id, (values, _asked) in rules.items()
        ):
            values, (tag, least) = rules[rule_id]
            if tag in score.partner_id.category_id and score.monetary >= least:
                return values["segment_id"]
        return (self.good if score.monetary > 100 else self.bad).id

    def test_random_rules_against_loops(self):
        """Rules, orders and customers at random: each customer one after the other."""
        chance = random.Random(5)
        tags = self.env["res.partner.category"].create(
            [{"name": f"Tag {number}"} for number in range(4)]
        )
        for customer in self.customers(*(chance.randint(1, 300) for _n in range(30))):
            customer.category_id = tags.browse(
                chance.sample(tags.ids, chance.randint(0, 3))
            )
        rules = {}
        for _n in range(5):
            values, asked = self.random_rule(chance, tags)
            own = {**values, "name": "Random", "company_id": self.company_a.id}
            rules[self.rules.create(own).id] = (values, asked)
        self.refresh()
        scores = self.live().values()
        for rule_id in list(rules):
            before = [self.expected(score, rules) for score in scores]
            self.assertEqual([score.segment_id.id for score in scores], before)
            values, asked = rules[rule_id] = self.random_rule(chance, tags)
            moves = Counter(
                (was, self.expected(score, rules))
                for was, score in zip(before, scores, strict=True)
            )
            told = self.as_manager(
                {**values, "active": True, "company_id": self.company_a.id}, rule_id
            )
            self.assertEqual(
                self.moves(told),
                {move: count for move, count in moves.items() if move[0] != move[1]},
            )
            self.rules.browse(rule_id).write(values)
            self.refresh()
        self.assertNoViolations()

    def test_what_cannot_be_asked_is_said(self):
        told = self.as_manager(self.values([("no_field", "=", 1)]))
        self.assertIn("no_field", told["error"])
        self.assertEqual(told["moves"], [])
        told = self.as_manager(self.values([("customer_segment_id", "=", 1)]))
        self.assertTrue(told["error"])
        for values in ("x", None, 5, [1]):
            with self.subTest(values):
                self.assertTrue(self.as_manager(values)["error"])
        asked = self.values([("id", "=", 1)])
        for name, value in (
            ("segment_id", 2**31),
            ("segment_id", {"a": 1}),
            ("company_id", "x"),
            ("sequence", "NaN"),
            ("sequence", [1]),
        ):
            with self.subTest(f"{name} {value}"):
                self.assertTrue(self.as_manager({**asked, name: value})["error"])
        for nothing in (0, None, False, 2**31 - 1):
            told = self.as_manager({**asked, "segment_id": nothing})
            self.assertEqual((told["error"], told["moves"]), (None, []))

    def test_who_may_preview(self):
        values = self.values([])
        for role in ("portal", "nobody", "seller", "seller_all", "analyst"):
            rules = self.env_as(role)["dcrm.segment.rule"]
            with self.subTest(role), self.assertRaises(AccessError):
                rules.preview(values)
            with self.subTest(role), self.assertRaises(AccessError):
                rules.preview_customers(values, None, 1, 2)
        with self.assertRaises(AccessError):
            self.as_manager({**values, "company_id": self.company_b.id})
        far = self.rule(company_id=self.company_b.id)
        with self.assertRaises(AccessError):
            self.as_manager(values, far.id)

    def test_fields_that_a_manager_may_not_read_cannot_be_asked_for(self):
        """A rule, evaluated with all rights, tells no more than its author sees."""
        secret = self.env["res.partner"]._fields["barcode"]
        self.patch(secret, "groups", "base.group_system")
        values = self.values([("barcode", "=", "X")])
        with self.assertRaises(AccessError):
            self.as_manager(values)
        with self.assertRaises(AccessError):
            self.env_as("manager")["dcrm.segment.rule"].create(
                {**values, "name": "Secret"}
            )
        rule = self.rule([("id", ">", 0)])
        with self.assertRaises(AccessError):
            rule.with_env(self.env_as("manager")).domain = values["domain"]
