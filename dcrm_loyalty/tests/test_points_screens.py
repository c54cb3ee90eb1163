"""What staff see of points: accounts, moves and lots, cards and customers."""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common_points_screen import MANY, PointsScreenCase

MODELS = ("dcrm.points.account", "dcrm.points.move", "dcrm.points.lot")


@tagged("post_install", "-at_install")
class TestPointsScreens(PointsScreenCase):
    def setUp(self):
        super().setUp()
        self.history()

    def test_a_seller_without_rights_in_sales_opens_them(self):
        user = self.make_user(
            "only_crm", "dcrm_analytics.group_dcrm_seller", self.company_a
        )
        self.users["only_crm"] = user
        self.alba.user_id = user
        env = self.env_as("only_crm")
        for model in MODELS:
            kinds = ("list", "kanban", "form", "pivot", "graph", "search")
            views = env[model].get_views([(False, kind) for kind in kinds])
            self.assertEqual(len(views["views"]), len(kinds))
            fields = [
                name
                for name, field in env[model]._fields.items()
                if env[model]._has_field_access(field, "read")
            ]
            self.assertTrue(env[model].search([]).read(fields))

    def test_moves_are_grouped_by_flow_tier_and_seller(self):
        moves = self.env_as("manager")["dcrm.points.move"]
        own = [("club_id", "=", self.kept.id)]
        flows = dict(moves._read_group(own, ["flow"], ["points:sum"]))
        self.assertEqual(
            flows, {"issued": 325.0, "used": -145.0, "reversed": -25.0, "pending": 0.0}
        )
        for field in ("tier_id", "user_id", "partner_id", "flow"):
            groups = moves._read_group(own, [field], ["__count", "points:sum"])
            self.assertEqual(sum(count for *_key, count, _sum in groups), 6)
            for value, count, points in groups:
                value = value if isinstance(value, str) else value.id
                found = moves.search([*own, (field, "=", value)])
                self.assertEqual(len(found), count)
                self.assertEqual(sum(found.mapped("points")), points)

    def test_a_list_of_moves_takes_as_many_queries_with_many(self):
        views = self.env["dcrm.points.move"].get_view(view_type="list")
        names = [
            name
            for name in self.env["dcrm.points.move"]._fields
            if f'name="{name}"' in views["arch"]
        ]

        def read():
            moves = self.env["dcrm.points.move"].search([], limit=80)
            moves.web_read({name: {} for name in names})

        self.fill(self.ours, 80)
        few = self.queries(read)
        self.fill(self.ours, MANY)
        self.assertEqual(self.queries(read), few)

    def test_a_move_leads_to_its_document(self):
        seller = self.env_as("seller")
        move = self.earned.with_env(seller)
        self.assertTrue(move.has_document)
        action = move.action_open_document()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("sale.order", self.earned.res_id)
        )
        orders = self.env["sale.order"].browse(self.earned.res_id)
        orders.user_id = self.users["other_seller"]
        orders.partner_id.user_id = self.users["seller"]
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(move.has_document)
        with self.assertRaisesRegex(UserError, "no document"):
            move.action_open_document()
        # A given or taken back point is of the document it was earned with.
        taken = self.theirs.move_ids.filtered(lambda each: each.kind == "reverse")
        self.assertTrue(taken.has_document)

    def test_what_was_taken_of_what(self):
        used = self.ours.move_ids.filtered(lambda move: move.kind == "redeem")
        self.assertEqual(used.use_ids.credit_id, self.earned)
        self.assertEqual(self.earned.credit_use_ids.debit_id, used)
        self.assertEqual(self.earned.credit_use_ids.points, 120.0)

    def test_account(self):
        account = self.ours.with_env(self.env_as("seller"))
        self.assertEqual(account.tier_id.name, "Gold")
        self.assertEqual(account.next_expiry, self.today() + timedelta(20))
        self.assertEqual(account.next_expiring, 180.0)
        self.assertEqual(account.open_lot_ids.mapped("remaining"), [180.0])
        self.assertFalse(self.theirs.next_expiry)
        found = self.env["dcrm.points.account"].search([("tier_id", "=", False)])
        self.assertNotIn(self.ours, found)

    def test_customers_and_their_contacts_show_points(self):
        contact = self.partner("Ada", parent_id=self.alba.id)
        for partner in (self.alba, contact):
            own = partner.with_env(self.env_as("seller"))
            self.assertEqual(own.points_account_ids, self.ours)
            self.assertEqual(own.points_text, "180")
            self.assertEqual(len(own.points_move_ids), 3)
            self.assertEqual(own.points_lot_ids.mapped("remaining"), [180.0])
            self.assertEqual(own.action_open_points()["res_id"], self.ours.id)
        other = self.bora.with_env(self.env_as("seller"))
        self.assertFalse(other.points_account_ids)
        view = self.env_as("seller")["res.partner"].get_view(view_type="form")
        self.assertIn('name="points_account_ids"', view["arch"])
        view = self.env_as("nobody")["res.partner"].get_view(view_type="form")
        self.assertNotIn("points_account_ids", view["arch"])

    def test_card_shows_its_ledger(self):
        card = self.ours.card_id.with_env(self.env_as("seller"))
        self.assertTrue(card.points_kept)
        self.assertEqual((card.points_pending, card.points_debt), (40.0, 0.0))
        self.assertEqual(len(card.points_move_ids), 3)
        self.assertEqual(card.points_lot_ids.mapped("remaining"), [180.0])
        self.assertEqual(card.action_open_points_account()["res_id"], self.ours.id)
        free = self.env["loyalty.card"].create(
            {"program_id": self.make_program().id, "partner_id": self.alba.id}
        )
        self.assertFalse(free.points_kept)
        self.assertFalse(free._get_default_template().model == "dcrm.points.account")

    def test_club_form(self):
        with Form(self.env_as("manager")["dcrm.club"].browse(self.kept.id)) as form:
            form.points_expiry = "inactive"
            form.expiry_months = 18
            form.mails_statement = True
        club = self.kept.with_env(self.env_as("manager"))
        self.assertEqual((club.points_account_count, club.points_outstanding), (2, 155))
        self.assertEqual(club.expiry_months, 18)
        found = self.env["dcrm.points.account"].search(
            club.action_open_points()["domain"]
        )
        self.assertEqual(found, self.ours | self.theirs)

    # -- the customer's page ---------------------------------------------------------

    def page(self, partner, role="seller"):
        self.env.flush_all()
        return self.env_as(role)["dcrm.customer.page"].page(partner.id)

    def lines(self, page, key):
        section = next((each for each in page["sections"] if each["key"] == key), None)
        return section and {
            item["text"]: item for block in section["blocks"] for item in block["items"]
        }

    def test_customer_page(self):
        page = self.page(self.alba)
        [line] = self.lines(page, "points").values()
        self.assertIn("180", line["text"])
        self.assertEqual(line["detail"], "40 pending, 180 expire in 20 days")
        self.assertEqual(line["action"]["res_id"], self.ours.id)
        self.assertIn(
            f"Tell of 180 points of {self.kept.name} to use", self.lines(page, "next")
        )
        self.assertIn(f"Points expire: {self.kept.name}", self.lines(page, "dates"))
        [line] = self.lines(self.page(self.bora, "manager"), "points").values()
        self.assertEqual((line["tone"], line["detail"]), ("danger", "25 owed"))
        self.assertIsNone(self.lines(self.page(self.customer, "manager"), "points"))

    def test_customer_page_takes_as_many_queries_with_many_moves(self):
        def load():
            return self.page(self.alba)

        few = self.queries(load)
        self.fill(self.ours, MANY)
        self.assertEqual(self.queries(load), few)
