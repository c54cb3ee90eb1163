from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, plaintext2html

from .channels import CHANNELS
from .dcrm_ticket import PRIORITIES

LONGEST_SUBJECT = 200
# What is asked for by the id of a record: the argument, the field and its model.
RECORDS = {
    "contact": ("partner_id", "res.partner"),
    "team": ("team_id", "dcrm.ticket.team"),
    "kind": ("kind_id", "dcrm.ticket.kind"),
    "product": ("product_id", "product.product"),
    "order": ("order_id", "sale.order"),
    "invoice": ("invoice_id", "account.move"),
}
CHOICES = {"priority": dict(PRIORITIES), "channel": dict(CHANNELS)}
TEXTS = ("text", "email")


class DcrmTicket(models.Model):
    """Other software opens tickets: what it sends twice is opened once."""

    _inherit = "dcrm.ticket"

    @api.model
    def open_request(self, key, subject, **asked):
        """Open a ticket once, however often the request is sent.

        :param str key: by which the sender knows the request, one in a company
        :param str subject: up to 200 characters
        :param str text: what is asked, as plain text
        :param contact: id of who asked; or ``email``, the address: a contact whom the
            company knows by it asked, else a stranger, who is made no contact
        :param team: id; default: the user's own in the company, else the first
        :param kind, product, order, invoice: ids; order and invoice are the customer's
        :param list tags: ids
        :param str priority: ``'0'`` to ``'3'``
        :param str channel: as of interactions; default: ``web``
        :param company: id; default: the team's, else the current one
        :return: dict ``ticket_id``, ``number``, ``customer_id``, ``team_id``: the same
            each time that the request is sent
        :raises UserError: the request can not be done, and another one may have the
            key; or another one has had it
        :raises AccessError: the user may not open tickets, or not read what is named
        """
        self.browse().check_access("create")
        values = self._values_asked(subject, asked)
        company = self.env["res.company"].browse(values["company_id"])
        asked = {"subject": values["name"], **asked}
        requests = self.env["dcrm.ticket.request"].sudo()
        request, is_new = requests._claim(company, key, asked)
        if is_new:
            ticket = self.create(values)
            answer = ticket._answer_request()
            request.write({"asked": asked, "answer": answer, "ticket_id": ticket.id})
        return request.answer

    @api.model
    def _values_asked(self, subject, asked):
        """Return the values of the ticket that is asked for.

        :raises UserError: it makes no sense
        """
        known = {*RECORDS, *CHOICES, *TEXTS, "tags", "company"}
        if unknown := asked.keys() - known:
            raise UserError(
                self.env._("Unknown in a request: %s.", ", ".join(sorted(unknown)))
            )
        subject = " ".join(subject.split()) if isinstance(subject, str) else ""
        if not 0 < len(subject) <= LONGEST_SUBJECT:
            raise UserError(
                self.env._("A subject has 1 to %s characters.", LONGEST_SUBJECT)
            )
        records = {
            name: self._record_asked(RECORDS[name][1], asked[name])
            for name in RECORDS
            if asked.get(name)
        }
        company = self._company_asked(asked.get("company"), records.get("team"))
        values = {RECORDS[name][0]: record.id for name, record in records.items()}
        tags = self._record_asked("dcrm.ticket.tag", asked.get("tags") or [], many=True)
        values.update(
            name=subject,
            company_id=company.id,
            tag_ids=tags.ids,
            **self._choices_asked(asked),
            **self._texts_asked(asked),
        )
        if "partner_id" not in values and values.get("email_from"):
            sender = self._customer_of_email(values["email_from"], company)
            values["partner_id"] = sender.id
        return values

    def _record_asked(self, model, value, many=False):
        """Return the record of an id, or of ids, that the user may read."""
        ids = value if many else [value]
        if not (isinstance(ids, list) and all(type(id_) is int for id_ in ids)):
            raise UserError(self.env._("%s is no id.", value))
        records = self.env[model].browse(ids).exists()
        if len(records) != len(set(ids)):
            raise UserError(
                self.env._("There is no %(model)s %(id)s.", model=model, id=value)
            )
        records.check_access("read")
        return records

    def _company_asked(self, company_id, team):
        """Return the company that the ticket is opened in.

        :raises UserError: the team is another company's
        :raises AccessError: the user does not work in it
        """
        company = team.company_id if team else self.env.company
        if company_id:
            asked = self._record_asked("res.company", company_id)
            if team and asked != company:
                raise UserError(self.env._("The team is another company's."))
            company = asked
        return company

    def _choices_asked(self, asked):
        values = {"channel": "web"}
        for name, choices in CHOICES.items():
            if asked.get(name):
                if asked[name] not in choices:
                    raise UserError(
                        self.env._(
                            "%(name)s is one of: %(choices)s.",
                            name=name,
                            choices=", ".join(choices),
                        )
                    )
                values[name] = asked[name]
        return values

    def _texts_asked(self, asked):
        if not all(isinstance(asked.get(name) or "", str) for name in TEXTS):
            raise UserError(self.env._("Text and e-mail address are texts."))
        values = {}
        if asked.get("text"):
            values["description"] = plaintext2html(asked["text"])
        if asked.get("email"):
            values["email_from"] = email_normalize(asked["email"])
            if not values["email_from"]:
                raise UserError(self.env._("%s is no e-mail address.", asked["email"]))
        return values

    def _answer_request(self):
        return {
            "ticket_id": self.id,
            "number": self.number,
            "customer_id": self.commercial_partner_id.id,
            "team_id": self.team_id.id,
        }
