"""Interactions are linked to the opportunities that they were about."""

from odoo.tests import tagged

from .common_interaction import InteractionCase


@tagged("post_install", "-at_install")
class TestOpportunity(InteractionCase):
    """Links to opportunities, where the host's CRM is installed."""

    def setUp(self):
        super().setUp()
        if "crm.lead" not in self.env:
            self.skipTest("No opportunities are kept here.")
        self.lead, self.other = self.env["crm.lead"].create(
            [
                {
                    "name": name,
                    "type": "opportunity",
                    "partner_id": self.jan.id,
                    "company_id": self.company_a.id,
                    "user_id": self.users["agent"].id,
                }
                for name in ("Steel", "Copper")
            ]
        )
        self.users["agent"].group_ids += self.env.ref(
            "sales_team.group_sale_salesman_all_leads"
        )

    def test_message_and_meeting_on_an_opportunity(self):
        self.long_since()
        self.send("agent", self.lead, [self.jan])
        self.meeting(
            [self.jan],
            res_model_id=self.env["ir.model"]._get_id("crm.lead"),
            res_id=self.lead.id,
        )
        talks = self.interactions()
        self.assertEqual(len(talks), 2)
        self.assertEqual(set(talks.mapped("opportunity_id")), {self.lead.id})

    def test_merged_opportunities(self):
        for lead in (self.lead, self.other):
            self.log("agent", opportunity_id=lead.id)
            self.send("agent", lead, [self.jan])
        (self.lead | self.other).merge_opportunity()
        self.env.invalidate_all()
        left = (self.lead | self.other).exists()
        self.assertEqual(len(left), 1)
        self.assertEqual(len(self.interactions()), 4)
        self.assertEqual(set(self.interactions().mapped("opportunity_id")), {left.id})

    def test_others_stand_before_the_same_method(self):
        """Whoever else changed it so, before us: both are heard."""
        leads = self.registry["crm.lead"]
        ours, heard = leads._merge_dependences, []
        of_host = next(
            vars(base)["_merge_dependences"]
            for base in leads.__mro__[1:]
            if "_merge_dependences" in vars(base)
        )

        def theirs(self, opportunities):
            heard.append(len(opportunities))
            return of_host(self, opportunities)

        self.addCleanup(setattr, leads, "_merge_dependences", ours)
        leads._merge_dependences = theirs
        self.env["dcrm.interaction"]._register_hook()
        self.env["dcrm.interaction"]._register_hook()
        self.log("agent", opportunity_id=self.other.id)
        (self.lead | self.other).merge_opportunity()
        left = (self.lead | self.other).exists()
        self.assertEqual(heard, [1])
        self.assertEqual(self.interactions().opportunity_id, left.id)

    def test_opportunity_that_is_gone(self):
        talk = self.log("agent", opportunity_id=self.lead.id)
        self.lead.unlink()
        self.env.invalidate_all()
        names = {"fields": {"display_name": {}}}
        [read] = talk.web_read({"opportunity_model": {}, "opportunity_id": names})
        self.assertFalse(read["opportunity_id"])

    def test_only_what_one_may_read(self):
        seller = self.users["seller"]
        with self.assertRaises(Exception) as refused:
            self.log("seller", opportunity_id=self.lead.id)
        self.assertIn("AccessError", type(refused.exception).__name__)
        self.assertTrue(seller)

    def test_opportunity_of_another_company(self):
        self.lead.write({"user_id": False, "company_id": self.company_b.id})
        with self.assertRaisesRegex(Exception, "of another company"):
            self.interactions().sudo().create(
                {
                    "subject": "x",
                    "partner_id": self.jan.id,
                    "company_id": self.company_a.id,
                    "opportunity_id": self.lead.id,
                }
            )
