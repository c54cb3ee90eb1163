"""The host's forms on the web site make interactions."""

import json

from odoo.tests import HttpCase, tagged

from .common_interaction import InteractionCase


@tagged("post_install", "-at_install")
class TestWebsiteForm(InteractionCase, HttpCase):
    """The host's forms on the web site, where these are installed."""

    def setUp(self):
        super().setUp()
        model = self.env["ir.model"].sudo().search([("model", "=", "crm.lead")])
        if "website_form_access" not in model._fields or not model.website_form_access:
            self.skipTest("No form on the web site makes opportunities.")
        website = self.env["website"].search([], limit=1)
        self.company = website.company_id
        self.company.interaction_capture_forms = True
        self.env.flush_all()

    def send_form(self, **values):
        answer = self.url_open("/website/form/crm.lead", data=values)
        return self.env["crm.lead"].browse(json.loads(answer.text)["id"])

    def test_form(self):
        lead = self.send_form(
            name="Pans for two kitchens",
            contact_name="Jan",
            email_from="jan@bistro.example",
            description="Steel",
        )
        self.assertTrue(lead)
        talk = self.interactions()
        self.assertEqual(len(talk), 1)
        self.assertEqual(
            (talk.subject, talk.channel, talk.direction, talk.partner_id),
            ("Pans for two kitchens", "web", "in", self.jan),
        )
        self.assertEqual(
            (talk.opportunity_id, talk.company_id), (lead.id, self.company)
        )

    def test_stranger(self):
        self.send_form(name="x", email_from="stranger@nowhere.example")
        self.assertFalse(self.interactions())
