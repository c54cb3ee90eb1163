"""Members in the portal: the points of their own company, and nobody else's."""

import re

from odoo.tests import HttpCase, tagged

from .common_points_screen import MANY, PointsScreenCase

NAMED = "Content-Disposition"


@tagged("post_install", "-at_install")
class TestPointsPortal(PointsScreenCase, HttpCase):
    """Each page, by each who could ask for it, of an own and of another's account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for role in ("buyer", "colleague", "stranger"):
            cls.users[role] = cls.make_user(role, "base.group_portal", cls.company_a)

    def setUp(self):
        super().setUp()
        for role, customer in (
            ("buyer", self.alba),
            ("colleague", self.alba),
            ("stranger", self.bora),
        ):
            self.users[role].partner_id.write(
                {"parent_id": customer.id, "email": f"{role}@example.com"}
            )
        self.history()

    def login(self, role):
        if role == "public":
            self.authenticate(None, None)
        else:
            self.authenticate(self.users[role].login, self.users[role].login)

    def get(self, url):
        self.env.flush_all()
        return self.url_open(url, allow_redirects=True)

    def values(self, card):
        """Return what the host's dialog of a card is told."""
        self.env.flush_all()
        answer = self.url_open(
            f"/my/loyalty_card/{card.id}/values", json={"params": {}}
        ).json()
        return answer["result"]

    # -- one's own -------------------------------------------------------------------

    def test_contacts_of_a_company_share_its_points(self):
        for role in ("buyer", "colleague"):
            self.login(role)
            page = self.get("/my/points")
            self.assertTrue(page.url.endswith(f"/my/points/{self.ours.id}"))
            for text in ("180", "40", "Gold", "Used", "10 off", self.kept.name):
                self.assertIn(text, page.text)
            self.assertNotIn("Bora", page.text)

    def test_home_leads_to_the_points(self):
        self.program.portal_visible = True
        for role in ("buyer", "colleague"):
            self.login(role)
            page = self.get("/my").text
            self.assertIn('href="/my/points"', page)
            # The card of the company is among the host's.
            self.assertIn(f'data-card_id="{self.ours.card_id.id}"', page)
            self.assertNotIn(f'data-card_id="{self.theirs.card_id.id}"', page)

    def test_the_hosts_dialog_tells_the_moves(self):
        self.login("colleague")
        told = self.values(self.ours.card_id)
        self.assertIn("180", told["card"]["points_display"])
        self.assertEqual(
            [line["points"] for line in told["history_lines"]], ["+40", "−120", "+300"]
        )
        self.assertIn("Earned", told["history_lines"][-1]["description"])
        self.assertEqual(len(told["rewards"]), 1)
        page = self.get(f"/my/loyalty_card/{self.ours.card_id.id}/history/")
        self.assertTrue(page.url.endswith(f"/my/points/{self.ours.id}"))

    def test_moves_lead_to_the_members_own_documents(self):
        orders = self.env["sale.order"].search([("partner_id", "=", self.alba.id)])
        shown, hidden = orders[0], orders[1]
        orders.message_subscribe(self.alba.ids)
        shown.state = "sale"
        hidden.message_unsubscribe(self.alba.ids)
        hidden.partner_id = self.bora
        self.login("buyer")
        page = self.get(f"/my/points/{self.ours.id}").text
        links = re.findall(r'href="(/my/orders/\d+)"', page)
        self.assertIn(f"/my/orders/{shown.id}", links)
        self.assertNotIn(f"/my/orders/{hidden.id}", links)
        for link in links:
            self.assertEqual(self.get(link).status_code, 200)

    def test_history_is_filtered_and_paged(self):
        self.fill(self.ours, 100)
        self.login("buyer")
        url = f"/my/points/{self.ours.id}"
        used = self.get(f"{url}?filterby=used").text
        self.assertIn("10 off", used)
        self.assertNotIn("Row 1", used)
        seen = []
        for page in (1, 2):
            text = self.get(f"{url}/page/{page}").text
            seen += re.findall(r"Row \d+", text)
        self.assertEqual(len(seen), 100)
        self.assertEqual(len(set(seen)), 100)
        for query in ("?filterby=forged", "/page/999999", "?filterby=all&sortby=x"):
            self.assertEqual(self.get(url + query).status_code, 200)

    def test_statement_is_downloaded(self):
        self.login("colleague")
        answer = self.get(f"/my/points/{self.ours.id}/pdf")
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertIn(self.kept.name.replace(" ", "%20"), answer.headers[NAMED])
        # While testing, the host prints what the paper would say.
        self.assertIn(self.earned.reference, answer.text)

    def test_several_clubs(self):
        other = self.club("Wine Club", program_id=self.make_program().id)
        self.open(self.alba, other)._post("import", 7.0)
        self.login("buyer")
        page = self.get("/my/points")
        self.assertIn("Wine Club", page.text)
        self.assertIn(f"/my/points/{self.ours.id}", page.text)

    def test_nobodys_portal_says_how_to_come_to_points(self):
        self.login("portal")
        page = self.get("/my/points")
        self.assertEqual(page.status_code, 200)
        self.assertIn("You have no points yet", page.text)

    def test_as_many_queries_with_many_moves(self):
        self.login("buyer")
        url = f"/my/points/{self.ours.id}"

        def cost():
            for _attempt in range(2):
                self.env.flush_all()
                before = self.cr.sql_log_count
                self.assertEqual(self.get(url).status_code, 200)
            return self.cr.sql_log_count - before

        self.fill(self.ours, 80)
        few = cost()
        self.fill(self.ours, MANY)
        self.assertEqual(cost(), few)

    # -- another's -------------------------------------------------------------------

    def test_strangers_and_wrong_ids_gain_nothing(self):
        ours, card = self.ours.id, self.ours.card_id.id
        cases = {
            "stranger": (ours, card),
            "portal": (ours, card),
            "buyer": (self.theirs.id, self.theirs.card_id.id),
            "public": (ours, card),
        }
        wrong = [(0, 0), (2**31 - 1, 2**31 - 1), (2**40, 2**40)]
        for role, own in cases.items():
            self.login(role)
            for account_id, card_id in [own, *wrong]:
                for url in (
                    f"/my/points/{account_id}",
                    f"/my/points/{account_id}/page/1",
                    f"/my/points/{account_id}/pdf",
                    f"/my/loyalty_card/{card_id}/history",
                ):
                    with self.subTest(f"{role} {url}"):
                        page = self.get(url)
                        self.assertEqual(page.status_code, 200)
                        self.assertIn(
                            page.url.rpartition("/")[2].partition("?")[0],
                            ("my", "home", "login"),
                        )
                        self.assertNotIn("10 off", page.text)
        self.login("stranger")
        self.assertEqual(self.values(self.ours.card_id), {})

    def test_what_was_another_customers_stays_there(self):
        """Who leaves a company leaves its points."""
        self.users["colleague"].partner_id.parent_id = self.bora
        self.login("colleague")
        self.assertTrue(self.get(f"/my/points/{self.ours.id}").url.endswith("/my"))
        self.assertIn("25", self.get(f"/my/points/{self.theirs.id}").text)

    def test_the_portal_reads_by_its_pages_only(self):
        self.login("buyer")
        for model in ("account", "move", "lot", "use", "disagreement"):
            answer = self.url_open(
                "/web/dataset/call_kw",
                json={
                    "params": {
                        "model": f"dcrm.points.{model}",
                        "method": "search_read",
                        "args": [[]],
                        "kwargs": {},
                    }
                },
            ).json()
            self.assertIn("AccessError", str(answer["error"]))

    # -- the tour --------------------------------------------------------------------

    def test_a_member_reads_the_statement(self):
        order = self.order(partner=self.alba, confirm=True)
        order.message_subscribe(self.alba.ids)
        self.earned_now = self.ours.move_ids.filtered(
            lambda move: move.res_id == order.id and move.res_model == "sale.order"
        )
        self.assertEqual(self.earned_now.points, 100.0)
        self.start_tour("/my", "dcrm_points_statement", login="dcrm_colleague")
