from odoo import fields, models
from odoo.exceptions import UserError

from .dcrm_ticket_merge_into import NOTED
from .inside import INSIDE


class DcrmTicket(models.Model):
    """What is another matter in the thread of a ticket becomes a ticket of its own."""

    _inherit = "dcrm.ticket"

    split_from_id = fields.Many2one(
        "dcrm.ticket",
        "Split Off From",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
    )
    split_ids = fields.One2many("dcrm.ticket", "split_from_id", "Split Off")

    def _split_off(self, messages, values):
        """Move messages into a new ticket, and return it.

        The customer waits for it since the first of the messages; it is answered where
        one of ours is among them. Answers to these messages come to it.

        :param messages: some of what was said in this ticket, not all
        :param dict values: what the new ticket is, where it is not as this one
        :raises AccessError: where the user may not change this ticket
        :raises UserError: where the messages are none, all, or another's
        """
        self.ensure_one()
        self.check_access("write")
        self._refuse_merged()
        ticket = self.sudo()
        said = ticket._said()
        messages = messages.sudo()
        if not messages or messages - said or messages == said:
            raise UserError(
                self.env._(
                    "Choose some messages of this ticket, and leave it one at least."
                )
            )
        # What was said there is kept as interactions already.
        tickets = self.with_context(dcrm_known_interaction=INSIDE)
        split = tickets.create(self._values_of_split(values))
        split = split.with_env(self.env).sudo()
        split.split_from_id = self
        self.sudo()._move_to(split, messages)
        split._take_times_of(messages, ticket)
        split.message_subscribe(
            (ticket.message_partner_ids & messages.author_id).ids + split.partner_id.ids
        )
        ticket._message_log(body=self.env._("Split off: %s.", split._get_html_link()))
        split._message_log(
            body=self.env._("Split off from %s.", ticket._get_html_link())
        )
        return split.with_env(self.env)

    def _said(self):
        """Return what was said in a ticket, as sudo: what a split may take along."""
        return (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("message_type", "not in", NOTED),
                ]
            )
        )

    def _values_of_split(self, values):
        return {
            "name": self.name,
            "partner_id": self.partner_id.id,
            "email_from": self.email_from,
            "company_id": self.company_id.id,
            "team_id": self.team_id.id,
            "user_id": self.user_id.id,
            "kind_id": self.kind_id.id,
            "priority": self.priority,
            "channel": self.channel,
            **values,
        }

    def _take_times_of(self, messages, ticket):
        """Be opened and answered as the messages say; as sudo."""
        spoken = messages.filtered(self._is_spoken)
        answers = spoken.filtered(
            lambda message: (
                self._speaks_for_us(message.author_id)
                and self._has_reached_customer(message)
            )
        )
        now = fields.Datetime.now()
        opened_at = min((spoken or messages).mapped("date"))
        self.opened_at = min(max(opened_at, ticket.opened_at), now)
        if answers:
            self.first_response_at = max(min(answers.mapped("date")), self.opened_at)
