"""A membership from application to end, and what is no membership at all."""

from datetime import date, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import LoyaltyCase


@tagged("post_install", "-at_install")
class TestMembership(LoyaltyCase):
    def setUp(self):
        super().setUp()
        self.customer = self.partner("The Copper Kettle")
        self.day = self.today()

    def test_joining(self):
        membership = self.join(self.customer, self.club())
        self.assertEqual(membership.state, "active")
        self.assertEqual(membership.tier_id.name, "Silver", "where members enter")
        self.assertEqual(membership.date_start, self.day)
        self.assertFalse(membership.date_end)
        self.assertEqual(membership.company_id, self.company_a)
        self.assertEqual(
            membership.display_name, "The Copper Kettle: Kitchen Club Silver"
        )

    def test_terms_of_the_club(self):
        club = self.club(duration_months=12)
        membership = self.join(
            self.customer, club, "Gold", date_start=date(2026, 1, 31)
        )
        self.assertEqual(membership.date_end, date(2027, 1, 30))
        self.assertEqual(membership.tier_id.name, "Gold")
        other = self.join(self.partner(), club, date_end=date(2090, 5, 1))
        self.assertEqual(other.date_end, date(2090, 5, 1))

    def test_form_fills_in_the_terms(self):
        club = self.club(duration_months=1)
        manager = self.env_as("manager")
        with Form(manager["dcrm.membership"]) as form:
            form.partner_id = self.customer.with_env(manager)
            form.club_id = club.with_env(manager)
            self.assertEqual(form.tier_id.name, "Silver")
            self.assertEqual(form.date_start, self.day)
            self.assertGreater(form.date_end, self.day)
        self.assertEqual(form.record.state, "active")

    def test_approval(self):
        club = self.club(needs_approval=True, duration_months=2)
        membership = self.join(self.customer, club)
        self.assertEqual(membership.state, "applied")
        self.assertFalse(membership.date_start or membership.date_end)
        self.assertEqual((club.member_count, club.applicant_count), (0, 1))
        self.assertEqual(self.price(self.customer), 100)
        membership.action_approve()
        self.assertEqual(membership.state, "active")
        self.assertEqual(membership.date_start, self.day)
        self.assertTrue(membership.date_end)
        self.assertEqual((club.member_count, club.applicant_count), (1, 0))
        self.assertEqual(self.price(self.customer), 95)
        with self.assertRefused("Only for memberships that are applied"):
            membership.action_approve()

    def test_application_withdrawn(self):
        membership = self.join(self.customer, self.club(needs_approval=True))
        membership.action_leave()
        self.assertEqual(membership.state, "left")
        self.assertFalse(membership.date_end, "it never began")
        membership.action_renew()
        self.assertEqual(membership.state, "applied")

    def test_leaving_ends_it_today(self):
        membership = self.join(self.customer, self.club(duration_months=12))
        membership.action_leave()
        self.assertEqual((membership.state, membership.date_end), ("left", self.day))
        membership.action_leave()
        self.assertEqual(membership.state, "left")

    def test_joining_again_revives_the_same(self):
        club = self.club(duration_months=6)
        with freeze_time("2020-01-01 12:00:00"):
            membership = self.join(self.customer, club, "Gold")
            membership.action_leave()
        again = self.join(self.customer, club)
        self.assertEqual(again, membership)
        self.assertEqual(
            (again.state, again.tier_id.name, again.date_start),
            ("active", "Silver", self.day),
        )
        self.assertGreater(again.date_end, self.day)
        self.assertEqual(self.price(self.customer), 95)

    def test_some_join_and_some_again(self):
        club = self.club()
        former, new, later = (self.partner() for _ in range(3))
        ended = self.join(former, club)
        ended.action_leave()
        memberships = self.env["dcrm.membership"].create(
            [
                {"partner_id": partner.id, "club_id": club.id}
                for partner in (new, former, later)
            ]
        )
        self.assertEqual(
            [each.partner_id for each in memberships], [new, former, later]
        )
        self.assertEqual(memberships[1], ended)
        self.assertEqual(set(memberships.mapped("state")), {"active"})

    def test_renewing(self):
        club = self.club(duration_months=12)
        membership = self.join(self.customer, club)
        end = membership.date_end
        membership.action_renew()
        self.assertEqual(
            membership.date_end, club._last_day(end + timedelta(1)), "another year"
        )
        membership.write({"state": "lapsed", "tier_id": self.tier(club, "Gold").id})
        self.assertEqual(membership.date_end, self.day)
        membership.action_renew()
        self.assertEqual(
            (membership.state, membership.date_start, membership.date_end),
            ("active", self.day, end),
        )
        self.assertEqual(membership.tier_id.name, "Gold", "the tier they had")

    def test_without_end_there_is_nothing_to_renew(self):
        membership = self.join(self.customer, self.club())
        membership.action_renew()
        self.assertEqual((membership.state, membership.date_end), ("active", False))

    def test_the_day_is_the_company_s(self):
        club = self.club("Far", [("Only", 5)], company=self.company_b)
        # It is the 2nd in Auckland already.
        with freeze_time("2026-03-01 12:00:00"):
            membership = self.join(self.customer, club)
        self.assertEqual(membership.date_start, date(2026, 3, 2))
        self.company_a.customer_scoring_today = date(2015, 6, 30)
        here = self.join(self.customer, self.club())
        self.assertEqual(here.date_start, date(2015, 6, 30))

    def test_history_is_told(self):
        club = self.club()
        env = self.env(context=dict(self.env.context, tracking_disable=False))
        membership = self.join(self.customer, club).with_env(env)
        self.env.flush_all()
        self.cr.flush()
        membership.tier_id = self.tier(club, "Gold")
        self.env.flush_all()
        self.cr.flush()
        values = membership.message_ids.sudo().tracking_value_ids
        self.assertIn("Gold", values.mapped("new_value_char"))


@tagged("post_install", "-at_install")
class TestBadInput(LoyaltyCase):
    def setUp(self):
        super().setUp()
        self.customer = self.partner("The Copper Kettle")
        self.members = self.club()

    def test_twice_the_same_club(self):
        self.join(self.customer, self.members)
        with self.assertRefused("is in Kitchen Club already"):
            self.join(self.customer, self.members)
        contact = self.partner(parent_id=self.customer.id)
        with self.assertRefused("is in Kitchen Club already"):
            self.join(contact, self.members)

    def test_ends_before_it_begins(self):
        with self.assertRefused("before it begins"):
            self.join(
                self.customer,
                self.members,
                date_start=date(2026, 2, 1),
                date_end=date(2026, 1, 31),
            )
        membership = self.join(self.customer, self.members)
        with self.assertRefused("before it begins"):
            membership.date_end = self.days_ago(1)

    def test_a_tier_of_another_club(self):
        other = self.club("Other", [("Only", 5)])
        with self.assertRefused("is a tier of Other, not of"):
            self.join(self.customer, self.members, tier_id=other.tier_ids.id)
        membership = self.join(self.customer, self.members)
        with self.assertRefused("is a tier of Other, not of"):
            membership.tier_id = other.tier_ids
        with self.assertRefused("no tier"):
            membership.tier_id = False

    def test_a_club_without_a_tier(self):
        with self.assertRefused("no tier that its members"):
            self.join(self.customer, self.club("Bare", []))

    def test_active_and_not_begun(self):
        with self.assertRefused("active membership has begun"):
            self.join(self.customer, self.members, date_start=self.days_ago(-1))
        applied = self.join(
            self.customer, self.members, date_start=self.days_ago(-1), state="applied"
        )
        with self.assertRefused("active membership has begun"):
            applied.action_approve()

    def test_over_before_it_is_entered(self):
        """History may be imported: what is over prices nobody."""
        membership = self.join(
            self.customer,
            self.members,
            date_start=date(2020, 1, 1),
            date_end=date(2020, 12, 31),
        )
        self.assertEqual(membership.state, "lapsed")
        self.assertEqual(membership.date_end, date(2020, 12, 31))
        self.assertEqual(self.price(self.customer), 100)

    def test_states_follow_one_another(self):
        membership = self.join(self.customer, self.members)
        with self.assertRefused("is active: it can not become applied"):
            membership.state = "applied"
        membership.action_leave()
        with self.assertRefused("is left: it can not become lapsed"):
            membership.state = "lapsed"
        membership.state = "active"
        self.assertFalse(membership.date_end)
        self.assertEqual(self.price(self.customer), 95)

    def test_the_pair_stays(self):
        membership = self.join(self.customer, self.members)
        for values in (
            {"partner_id": self.partner().id},
            {"club_id": self.club("Other").id},
        ):
            with self.assertRefused("stays with its customer and club"):
                membership.write(values)

    def test_a_customer_of_another_company(self):
        self.customer.company_id = self.company_b
        with self.assertRefused("compan"):
            self.join(self.customer, self.members)

    def test_durations(self):
        for months in (-1, 1201):
            with self.assertRaises(IntegrityError), self.cr.savepoint():
                self.club("Odd", [("Only", 5)], duration_months=months)
        long = self.club("Long", [("Only", 5)], duration_months=1200)
        self.assertTrue(self.join(self.customer, long).date_end)

    def test_a_program_of_another_type(self):
        program = self.env["loyalty.program"].create(
            {
                "name": "Coupons",
                "program_type": "coupons",
                "rule_ids": [Command.create({})],
                "reward_ids": [Command.create({})],
            }
        )
        with self.assertRefused("is no loyalty program"):
            self.members.program_id = program
        # A copy's points are still for the order that earns them, as a coupon's.
        program = program.copy({"program_type": "loyalty"})
        with self.assertRefused("are for the order that earns them only"):
            self.members.program_id = program
        program.applies_on = "both"
        self.members.program_id = program
        self.assertEqual(self.members.program_id, program)

    def test_two_tiers_of_a_name(self):
        with self.assertRefused("has a tier gold already"):
            self.members.tier_ids = [Command.create({"name": "gold"})]

    def test_what_has_members_is_kept(self):
        membership = self.join(self.customer, self.members)
        silver = membership.tier_id
        other = self.club("Other", [("Only", 5)])
        for refused, sentence in (
            (silver.unlink, "Tier Silver of Kitchen Club has 1 memberships"),
            (self.members.unlink, "has or had members"),
            (self.members.action_archive, "has 1 members and applicants"),
            (self.customer.unlink, "archived, not deleted"),
            (
                lambda: self.members.write({"company_id": self.company_b.id}),
                "a club of",
            ),
            (lambda: silver.write({"club_id": other.id}), "those of another club"),
        ):
            with self.subTest(sentence), self.assertRefused(sentence):
                refused()
        membership.action_leave()
        self.members.action_archive()
        with self.assertRefused("1 memberships, ended ones included"):
            silver.unlink()
        self.tier(self.members, "Gold").unlink()
        self.customer.action_archive()

    def test_a_list_that_a_tier_uses(self):
        pricelist = self.tier(self.members, "Gold").pricelist_id
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            pricelist.unlink()

    def test_company_of_a_club_that_nobody_joined(self):
        club = self.club("Empty", [("Only", None)])
        club.company_id = self.company_b
        self.assertEqual(club.tier_ids.company_id, self.company_b)
        priced = self.club("Priced", [("Only", 5)])
        with self.assertRefused("compan"):
            priced.company_id = self.company_b

    def test_nobody_joins_a_club_that_is_closed(self):
        former = self.join(self.customer, self.members)
        former.action_leave()
        self.members.action_archive()
        with self.assertRefused("Kitchen Club is closed"):
            self.join(self.partner("Guest"), self.members)
        with self.assertRefused("Kitchen Club is closed"):
            former.action_renew()
        self.assertEqual(former.state, "left")
