from contextlib import closing

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

# What no language writes: it is looked for in what a template makes of a ticket.
MARK = "qzxjkv"
# What of a ticket is the system's own.
SAFE = {"access_token", "number"}


class MailTemplate(models.Model):
    """E-mails that we send by ourselves do not carry what somebody wrote to us.

    Whoever forges a sender would have the company's mail bring their words to others.
    """

    _inherit = "mail.template"

    @api.constrains("subject", "body_html", "email_from", "model_id")
    def _check_quoting(self):
        self._sent_by_itself()._refuse_quoting()

    def _update_field_translations(
        self, field_name, translations, digest=None, source_lang=""
    ):
        outcome = super()._update_field_translations(
            field_name, translations, digest, source_lang
        )
        self._check_quoting()
        return outcome

    def _sent_by_itself(self):
        """Return those of these templates that teams and ladders send."""
        env = self.sudo().with_context(active_test=False).env
        teams = env["dcrm.ticket.team"].search(
            Domain("acknowledgement_template_id", "in", self.ids)
        )
        ladders = env["dcrm.escalation.policy"].search(
            Domain("customer_template_id", "in", self.ids)
        )
        used = teams.acknowledgement_template_id | ladders.customer_template_id
        return self & used.with_env(self.env)

    def _refuse_quoting(self):
        """Raise ValidationError where a template can't be sent to who wrote a ticket.

        :raises ValidationError: where it is not one of tickets, or repeats their words
        """
        for template in self.sudo():
            if template.model != "dcrm.ticket":
                raise ValidationError(
                    self.env._("The e-mail to the customer is one of tickets.")
                )
            if template._quotes_ticket():
                raise ValidationError(
                    self.env._(
                        "The e-mail to the customer must not repeat what somebody "
                        "wrote: neither text, subject nor address of the ticket."
                    )
                )

    def _quotes_ticket(self):
        """Return whether a template repeats what somebody wrote in a ticket.

        Found out by writing it of a ticket full of marks, which is gone afterwards.
        """
        self.ensure_one()
        with closing(self.env.cr.savepoint()):
            ticket = self._marked_ticket()
            return any(
                MARK in text.lower() for text in self.sudo()._texts_of(ticket) if text
            )

    def _texts_of(self, ticket):
        """Yield what is sent of a ticket by the template, in each language."""
        for code, _name in self.env["res.lang"].get_installed():
            for field in ("subject", "body_html", "email_from"):
                texts = self._render_field(field, ticket.ids, set_lang=code)
                yield texts[ticket.id]

    @api.model
    def _marked_ticket(self):
        """Return a ticket with marks wherever somebody can have written, as sudo."""
        tickets = self.env["dcrm.ticket"].sudo()
        tickets = tickets.with_context(tracking_disable=True)
        words = " ".join([MARK * 3] * 3)
        ticket = tickets.create(
            {
                name: words
                for name, field in tickets._fields.items()
                if field.store
                and field.type in ("char", "text", "html")
                and not (field.compute and field.readonly)
                and name not in SAFE
            }
        )
        ticket.email_from = f'"{words}" <{MARK}@{MARK}.example>'
        tickets.env["mail.message"].create(
            {
                "model": ticket._name,
                "res_id": ticket.id,
                "subject": words,
                "body": words,
                "email_from": ticket.email_from,
                "message_type": "email",
                "subtype_id": self.env.ref("mail.mt_comment").id,
            }
        )
        return ticket
