"""Segments that add to mailing lists; only with the host's mass mailing installed."""

import unittest

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_segment import SegmentCase


@tagged("post_install", "-at_install")
class TestSegmentActionMailing(SegmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "mailing.list" not in cls.env:
            raise unittest.SkipTest("mass mailing is not installed")
        cls.list = cls.env["mailing.list"].create({"name": "Champions' News"})
        cls.action = cls.env["dcrm.segment.action"].create(
            {
                "segment_id": cls.good.id,
                "kind": "mailing",
                "mailing_list": f"mailing.list,{cls.list.id}",
            }
        )

    def enter(self, email, **values):
        """Return what was noted of a customer who entered."""
        customer = self.partner(email=email, seller="seller", **values)
        self.book([(customer, self.days_ago(1), 150)])
        self.refresh()
        return self.env["dcrm.segment.action.log"].search(
            [("partner_id", "=", customer.id)]
        )

    def test_added_once(self):
        self.assertEqual(self.action.mailing_list, self.list)
        self.assertIn(self.list.name, self.action.name)
        self.assertEqual(self.enter("one@example.com").state, "done")
        self.assertEqual(self.list.contact_ids.email, "one@example.com")
        # Another customer of the same address, and one already a contact elsewhere.
        self.assertEqual(self.enter("One@example.com").state, "done")
        self.assertEqual(len(self.list.contact_ids), 1)
        other = self.env["mailing.contact"].create(
            {"name": "Two", "email": "two@example.com"}
        )
        self.enter("two@example.com")
        self.assertIn(other, self.list.contact_ids)

    def test_who_opted_out_stays_out(self):
        contact = self.env["mailing.contact"].create(
            {"name": "Out", "email": "out@example.com", "list_ids": self.list.ids}
        )
        contact.subscription_ids.opt_out = True
        log = self.enter("out@example.com")
        self.assertEqual(log.state, "done")
        self.assertIn("opted out", log.message)
        self.assertTrue(contact.subscription_ids.opt_out)

    def test_without_an_address(self):
        log = self.enter(False)
        self.assertEqual(log.state, "failed")
        self.assertIn("e-mail", log.message)

    def test_a_list_that_is_gone(self):
        with mute_logger("odoo.models.unlink"):
            self.list.unlink()
        self.assertFalse(self.action.mailing_list)
        self.assertEqual(self.enter("late@example.com").state, "failed")
