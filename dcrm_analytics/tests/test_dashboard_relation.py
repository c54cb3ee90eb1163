"""Loyal × profitable: four cells, each of exactly its customers."""

from odoo.tests import tagged

from .common import DcrmCase
from .common_dashboard import FiguresCase, figures_of

# Days between first and last purchase, and what each of the two brought.
CUSTOMERS = {
    "True Friend": [(800, 50.0), (400, 10.0)],
    "Butterfly": [(30, 70.0)],
    "Barnacle": [(800, -20.0)],
    "Stranger": [(30, -5.0), (0, 0.0), (364, 0.0)],
}
SQUARES = {
    "Butterfly": ("profitable", "new"),
    "True Friend": ("profitable", "loyal"),
    "Stranger": ("costly", "new"),
    "Barnacle": ("costly", "loyal"),
}


@tagged("post_install", "-at_install")
class TestDashboardRelation(FiguresCase, DcrmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls("make_customers").make_customers()

    def make_customers(self):
        cls = type(self)
        cls.of_cell = {}
        for name, lives in CUSTOMERS.items():
            partners = [self.bought(*life) for life in lives]
            cls.of_cell[name] = self.env["res.partner"].union(*partners)
        self.refresh()

    def bought(self, length, profit, **values):
        partner = self.partner(**values)
        self.purchase(partner, 100.0, self.days_ago(10 + length), margin=profit)
        self.purchase(partner, 100.0, self.days_ago(10), margin=profit)
        return partner

    def cells(self, section):
        return {cell["label"]: cell for cell in section["blocks"][0]["cells"]}

    def customers_of(self, env, cell):
        domain = cell["figures"][0]["domain"]
        return env["dcrm.customer.score"].search(domain).partner_id

    def test_four_cells(self):
        env = self.env_as("analyst")
        section = self.assertFigures(env)["relation"]
        cells = self.cells(section)
        self.assertEqual(set(cells), set(SQUARES))
        for name, cell in cells.items():
            with self.subTest(name):
                lives = CUSTOMERS[name]
                customers, profit = cell["figures"]
                self.assertEqual((cell["row"], cell["column"]), SQUARES[name])
                self.assertEqual(customers["value"], len(lives))
                self.assertEqual(profit["value"], sum(2 * each for _, each in lives))
                self.assertEqual(self.customers_of(env, cell), self.of_cell[name])
        self.assertEqual(len(section["blocks"]), 1)

    def test_it_says_where_loyal_and_profitable_begin(self):
        self.company_a.write({"loyal_after_days": 500, "profitable_from": 25})
        self.refresh()
        section = self.assertFigures(self.env_as("manager"))["relation"]
        [title] = [block["title"] for block in section["blocks"]]
        self.assertRegex(title, r"Loyal: 500 days .* a profit above \D*25")
        self.assertNotIn("spending", title)
        found = {
            name: cell["figures"][0]["value"]
            for name, cell in self.cells(section).items()
        }
        # Who was loyal after 400 days, and brought 20, is now neither.
        self.assertEqual(
            found, {"True Friend": 1, "Butterfly": 1, "Barnacle": 1, "Stranger": 4}
        )
        self.company_a.loyal_from_share = 12.5
        [block] = self.sections_of(self.env_as("manager"))["relation"]["blocks"]
        self.assertIn("12.5% of its spending", block["title"])

    def test_of_the_own_customers(self):
        own = self.bought(800, 30.0, seller="seller")
        self.refresh()
        env = self.env_as("seller")
        [(name, cell)] = self.cells(self.assertFigures(env)["relation"]).items()
        self.assertEqual((name, self.customers_of(env, cell)), ("True Friend", own))

    def test_whose_profit_is_not_known(self):
        """Without figures of worth nobody has a cell, and it says so."""
        self.env["dcrm.customer.score"].search(
            [("partner_id", "in", self.of_cell["Stranger"].ids)]
        ).relation = False
        section = self.assertFigures(self.env_as("manager"))["relation"]
        self.assertNotIn("Stranger", self.cells(section))
        [figure] = figures_of(section["blocks"][1])
        self.assertEqual(figure["value"], 3)
        self.env["dcrm.customer.score"].search([]).relation = False
        section = self.assertFigures(self.env_as("manager"))["relation"]
        self.assertTrue(section["missing"])

    def test_length(self):
        """How long somebody is a customer is shown, averaged, ordered and asked for."""
        scores = self.env["dcrm.customer.score"]
        own = [("company_id", "=", self.company_a.id)]
        lengths = {
            self.score_of(partner).relationship_days
            for partner in self.of_cell["True Friend"]
        }
        self.assertEqual(lengths, {800, 400})
        averages = dict(
            scores._read_group(own, ["relation"], ["relationship_days:avg"])
        )
        self.assertEqual(averages["friend"], 600)
        self.assertEqual(
            scores.search_count([*own, ("relationship_days", ">=", 400)]), 3
        )
        found = scores.search(own, order="relationship_days desc").mapped(
            "relationship_days"
        )
        self.assertEqual(found, [800, 800, 400, 364, 30, 30, 0])

    def test_screen(self):
        """The menu groups who has a cell; each view shows profit, length and share."""
        action = self.env.ref("dcrm_analytics.dcrm_customer_score_relation_action")
        views = action.views
        self.assertEqual([mode for _, mode in views][:3], ["kanban", "pivot", "list"])
        model = self.env_as("seller")["dcrm.customer.score"]
        shown = model.get_views(views, {"toolbar": False})["views"]
        for mode in ("kanban", "pivot", "list"):
            for name in ("profit", "relationship_days", "share_of_wallet"):
                self.assertIn(f'name="{name}"', shown[mode]["arch"], mode)
