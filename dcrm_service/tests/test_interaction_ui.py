"""What a person does in the browser, ending in what the database then holds."""

import time

from odoo.tests import HttpCase, tagged

from .common_interaction import InteractionCase


@tagged("post_install", "-at_install")
class TestInteractionUi(InteractionCase, HttpCase):
    browser_size = "1366x768"

    def test_logged_from_the_customer(self):
        """A visit with all that came of it, in well under a minute; then a ticket."""
        begin = time.monotonic()
        self.start_tour(
            f"/odoo/res.partner/{self.bistro.id}",
            "dcrm_interaction",
            login="dcrm_agent",
        )
        self.assertLess(time.monotonic() - begin, 60)
        self.env.invalidate_all()
        talk = self.interactions(self.bistro)
        self.assertEqual(len(talk), 1)
        self.assertEqual(
            (talk.subject, talk.channel, talk.direction, talk.partner_id),
            ("Autumn assortment", "visit", "out", self.bistro),
        )
        self.assertEqual(talk.user_id, self.users["agent"])
        self.assertEqual(talk.company_id, self.company_a)
        self.assertIn("Wants steel pans for two kitchens", talk.said)
        self.assertEqual(talk.learned, "Opens a second shop in spring")
        self.assertEqual(talk.mood, "4")
        promise = talk.promise_ids
        self.assertEqual(
            (promise.name, promise.user_id, promise.state),
            ("A price by Friday", self.users["agent"], "open"),
        )
        steps = self.bistro.activity_ids
        self.assertEqual(len(steps), 2)
        self.assertIn(promise.activity_id, steps)
        step = steps - promise.activity_id
        self.assertEqual(
            (step.summary, step.user_id, step.date_deadline),
            ("Send samples", self.users["agent"], talk.next_step_date),
        )
        self.assertEqual(talk.activity_id, step)
        self.assertEqual(talk.ticket_id.name, "Autumn assortment")
        self.assertEqual(talk.ticket_id.commercial_partner_id, self.bistro)

    def test_everybody_who_works_here_sees_the_menu(self):
        menu = self.env.ref("dcrm_service.menu_service_interactions").id
        for role in ("nobody", "agent", "seller"):
            with self.subTest(role):
                menus = self.env_as(role)["ir.ui.menu"]._visible_menu_ids()
                self.assertIn(menu, menus)
