from markupsafe import Markup

from odoo import api, fields, models

from .inside import INSIDE

# What is said on these waits for an answer; in a talk it has one at once.
WRITTEN_CHANNELS = ("email", "web", "letter", "portal")
# Heard already, or nothing that waits: messages, the opening itself, ratings.
HEARD = {"mail.message", "dcrm.ticket", "rating.rating"}
# How much of what is logged at once is named to whom it concerns.
MOST_NAMED = 20


class DcrmInteraction(models.Model):
    """What is said on whatever channel goes on with the ticket it is about.

    A customer's word is one as by e-mail, and ours is an answer.
    """

    _inherit = "dcrm.interaction"

    is_heard = fields.Boolean(
        "Counts for the Ticket",
        readonly=True,
        copy=False,
        help="Deadlines follow it: who logged it works on the ticket, or it came about "
        "by itself",
    )

    @api.model_create_multi
    def create(self, vals_list):
        interactions = super().create(vals_list)
        interactions._go_on_with_tickets()
        interactions._tell_owners()
        return interactions

    def write(self, vals):
        if self.env.context.get("dcrm_merges_tickets") is INSIDE:
            # Whose turn it is, the merged tickets say themselves.
            return super().write(vals)
        moved = self.browse()
        if "ticket_id" in vals:
            moved = self.filtered(
                lambda each: each.sudo().ticket_id.id != vals["ticket_id"]
            )
        moved._say_gone()
        outcome = super().write(vals)
        if vals.keys() & {"ticket_id", "direction", "date", "partner_id"}:
            self._go_on_with_tickets()
        moved._tell_owners()
        return outcome

    def _say_gone(self):
        """Say in tickets what is not about them any more; what it counted for stays."""
        counted = self.sudo().filtered("is_heard")
        for interaction in counted:
            interaction.ticket_id._message_log(
                body=self.env._(
                    "%(interaction)s is no longer about this ticket.",
                    interaction=interaction._get_html_link(),
                ),
                author_id=self.env.user.partner_id.id,
            )

    def _go_on_with_tickets(self):
        """Go on with the tickets that these are about.

        Who may only read a ticket says of it what they like, and moves no deadline; nor
        does what is said with somebody else than its customer.
        """
        for interaction in self.filtered(lambda each: each.res_model not in HEARD):
            ticket = interaction.sudo().ticket_id
            heard = (
                bool(ticket)
                and interaction._is_of_customer(ticket)
                and ticket.sudo(False).has_access("write")
            )
            if interaction.is_heard != heard:
                interaction.sudo().is_heard = heard
            if heard:
                interaction._tell_ticket(ticket)

    def _is_of_customer(self, ticket):
        """Return whether it is with the ticket's customer, who may not be known."""
        return self.commercial_partner_id == (
            ticket.commercial_partner_id or self.commercial_partner_id
        )

    def _tell_owners(self):
        """Say in tickets what customers said to who works on none of them.

        Once a ticket, however much is logged at once. No deadline follows it: whoever
        is responsible for the ticket decides.
        """
        told = self.filtered(
            lambda each: (
                each.res_model not in HEARD
                and each.direction == "in"
                and not each.is_heard
                and each.sudo().ticket_id
            )
        )
        for ticket, here in told.grouped(lambda each: each.sudo().ticket_id).items():
            living = ticket._living()
            owner = living._who_may_be_told(living.user_id | living.team_id.lead_id)[:1]
            living.message_post(
                body=self.env._(
                    "%(colleague)s has logged what was said here: %(interaction)s.",
                    colleague=self.env.user.name,
                    interaction=Markup(", ").join(
                        each._get_html_link() for each in here[:MOST_NAMED]
                    ),
                ),
                partner_ids=owner.partner_id.ids,
                subtype_xmlid="mail.mt_note",
            )

    def _tell_ticket(self, ticket):
        """Go on with a ticket, as sudo, since we or the customer have said something.

        What was said before it was opened is what it was opened for.
        """
        at = min(self.date, fields.Datetime.now())
        if at < ticket.opened_at:
            return
        if self.direction == "out":
            ticket._answered(at)
            return
        living = self._living_ticket(ticket, at)
        if living != ticket:
            # For this one it has counted nothing; that one is told by it.
            self.sudo().is_heard = False
            self.sudo().ticket_id = living
            return
        asks = self.channel in WRITTEN_CHANNELS
        ticket._customer_spoke(at, asks=asks)
        if not asks and self.user_id:
            ticket._answered(at)

    def _living_ticket(self, ticket, at):
        """Return the ticket that the customer's word belongs to, opened again."""
        living = ticket._living()
        if living.closed_at and at > living.closed_at:
            # It is an interaction already.
            living = living.with_context(dcrm_known_interaction=INSIDE)
            living = living._answerable(self.channel)
            living._wake()
        return living
