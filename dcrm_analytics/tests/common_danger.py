"""A customer of a seller, whose danger calls for an activity."""

from .common_score import ScoreCase


class DangerCase(ScoreCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env.ref("mail.mail_activity_data_call")
        cls.company_a.danger_activity_type_id = cls.kind
        cls.customer = cls.env["res.partner"].create(
            {"name": "Baker", "user_id": cls.users["seller"].id}
        )

    def buys(self, *ago, partner=None, company=None):
        """Have a customer buy so many days ago, and refresh."""
        partner = partner or self.customer
        day = [self.days_ago(days, company) for days in ago]
        self.book([(partner, each, 10) for each in day], company)
        self.refresh(company or self.company_a)

    def spells(self, partner=None):
        return self.env["dcrm.customer.danger"].search(
            [("partner_id", "=", (partner or self.customer).id)], order="entered_on"
        )

    def activities(self, partner=None):
        partner = partner or self.customer
        return self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", partner.id)]
        )
