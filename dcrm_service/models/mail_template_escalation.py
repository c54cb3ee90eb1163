from odoo import models

from .dcrm_escalation_policy import QUOTING


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def _quotes_ticket(self):
        """Return whether a template repeats what somebody wrote in a ticket.

        Whoever forges a sender would have the company's mail carry their words.
        """
        self.ensure_one()
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        texts = [
            text or ""
            for code in languages
            for text in self.with_context(lang=code)
            .read(["subject", "body_html"])[0]
            .values()
            if isinstance(text, str)
        ]
        return any(word in text for text in texts for word in QUOTING)
