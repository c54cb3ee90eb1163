"""Lists cost the same number of queries however many rows they show."""

from odoo.tests import tagged

from .common import DcrmCase

NAME = {"fields": {"display_name": {}}}


@tagged("post_install", "-at_install")
class TestQueryCounts(DcrmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        industries = cls.env["res.partner.industry"].search([], limit=4)
        sellers = [cls.users["seller"], cls.users["other_seller"]]
        cls.customers = cls.env["res.partner"].create(
            [
                {
                    "name": f"Customer {number}",
                    "industry_id": industries[number % 4].id,
                    "user_id": sellers[number % 2].id,
                }
                for number in range(80)
            ]
        )
        case = cls("test_partner_list")
        # The second half is as the first, so that both have the same groups.
        for number, partner in enumerate(cls.customers):
            rank = number % 40
            case.purchase(partner, 10.0 * (rank + 1), case.days_ago(3 * rank))
        case.refresh()

    def cost(self, model, count, work, role):
        """Return the number of queries of ``work`` on ``count`` customers, warm."""
        records = self.env_as(role)[model]
        field = "id" if model == "res.partner" else "partner_id"
        domain = [(field, "in", self.customers[:count].ids)]
        for _attempt in range(2):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            work(records, domain)
        return self.env.cr.sql_log_count - before

    def assertConstantCost(self, model, work, role="seller_all", most=20):
        single = self.cost(model, 40, work, role)
        double = self.cost(model, 80, work, role)
        self.assertEqual(single, double, f"{model} at 40 and at 80 customers")
        self.assertLessEqual(double, most)

    def assertConstantLists(self, model, fields, groups, order):
        """The list costs the same at N and 2N, and so does each grouping of it."""

        def read_list(records, domain):
            records.web_search_read(domain, fields, order=order)

        for role in ("seller", "seller_all"):
            with self.subTest(list=model, role=role):
                self.assertConstantCost(model, read_list, role)
        for group, aggregates in groups.items():

            def read_groups(records, domain, group=group, aggregates=aggregates):
                records.web_read_group(
                    domain,
                    [group],
                    aggregates,
                    auto_unfold=True,
                    unfold_read_specification=fields,
                )

            with self.subTest(list=model, group=group):
                self.assertConstantCost(model, read_groups)

    def test_partner_list(self):
        self.assertConstantLists(
            "res.partner",
            {
                "name": {},
                "rfm_recency": {},
                "rfm_frequency": {},
                "rfm_monetary": {},
                "rfm_score": {},
                "customer_segment_id": NAME,
                "customer_segment_color": {},
                "value_class": {},
                "service_level_id": NAME,
                "service_level_origin": {},
            },
            {
                "customer_segment_id": ["rfm_monetary:sum"],
                "value_class": ["rfm_frequency:avg"],
                "service_level_id": ["rfm_monetary:sum"],
            },
            "rfm_monetary desc",
        )

    def test_score_list(self):
        self.assertConstantLists(
            "dcrm.customer.score",
            {
                "partner_id": NAME,
                "segment_id": NAME,
                "segment_color": {},
                "value_class": {},
                "rfm_score": {},
                "recency": {},
                "last_purchase_date": {},
                "frequency": {},
                "monetary": {},
                "user_id": NAME,
                "industry_id": NAME,
                "country_id": NAME,
            },
            {
                "segment_id": ["monetary:sum"],
                "user_id": ["recency:avg"],
                "industry_id": ["monetary:sum"],
            },
            "recency",
        )

    def test_purchase_list(self):
        self.assertConstantLists(
            "dcrm.purchase",
            {
                "date": {},
                "reference": {},
                "partner_id": NAME,
                "user_id": NAME,
                "source": {},
                "amount": {},
            },
            {"source": ["amount:sum"], "date:month": ["amount:sum"]},
            "date desc",
        )

    def test_grid(self):
        def grid_today(scores, domain):
            scores.rfm_grid(domain)

        self.assertConstantCost("dcrm.customer.score", grid_today)

    def test_value_of_a_customer(self):
        def value(scores, domain):
            scores.search(domain, limit=1).customer_value()

        self.assertConstantCost("dcrm.customer.score", value, most=30)
