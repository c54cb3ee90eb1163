"""Customers with levels of service, and who was told of a change of theirs."""

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
