"""Hundreds of e-mails of every sort: none lost, none doubled, nobody told twice."""

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_email import MAIL, OURS, EmailCase
from .generated_emails import BOTS, Delivery, Post

MUTED = (MAIL, OURS, "odoo.addons.mail.models.mail_mail", "odoo.addons.base")


@tagged("post_install", "-at_install")
class TestGeneratedEmails(EmailCase):
    def test_some_hundreds(self):
        self.team_a.acknowledges = True
        # Each company tells for itself: these are two teams of one.
        self.team_a.copy({"name": "Other", "alias_name": "other"})
        post = Post(300, 1, ["help@care.example", "other@care.example"])
        with mute_logger(*MUTED):
            outcome = Delivery(self.env, post, self.env.flush_all).run()
        self.assertEqual((outcome.lost, outcome.doubled), ([], []))
        self.assertFalse(outcome.errors)
        self.assertGreater(outcome.delivered, outcome.distinct)
        self.assertEqual(max(outcome.told.values()), 1)
        for bot in BOTS:
            self.assertEqual(outcome.told[bot], 1)
        self.assertNoViolations()
