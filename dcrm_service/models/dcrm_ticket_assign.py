from odoo import api, models
from odoo.fields import Domain

from ..compute.assignment import Request
from .dcrm_ticket_team_assign import HAND

# What, when it is written, may leave a ticket with nobody who works on it.
LEAVES = {"team_id", "user_id", "stage_id", "active"}


class DcrmTicket(models.Model):
    """To whom a ticket goes that nobody has taken."""

    _inherit = "dcrm.ticket"

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        tickets._ask_assignment()
        return tickets

    def write(self, vals):
        outcome = super().write(vals)
        if "team_id" in vals and "user_id" not in vals:
            self._leave_former_team()
        if vals.keys() & LEAVES:
            self._ask_assignment()
        return outcome

    def _leave_former_team(self):
        """Take tickets from who is not of their team, where a rule gives them anew."""
        self.filtered(
            lambda ticket: (
                ticket.user_id
                and not ticket.closed_at
                and ticket.sudo().team_id.assignment not in (False, HAND)
                and ticket.user_id not in ticket.sudo().team_id.member_ids
            )
        ).user_id = False

    def _ask_assignment(self):
        """Have those of these tickets be shared out soon that nobody has."""
        waiting = self.sudo().filtered(
            lambda ticket: not ticket.user_id and not ticket.closed_at
        )
        waiting.team_id._ask_assignment()

    @api.model
    def _load_of(self, users):
        """Return ``{user: how many tickets they work on}``, in whichever company.

        One that waits for the customer is no work at the moment.
        """
        return dict(
            self.sudo()._read_group(
                Domain("user_id", "in", users.ids)
                & Domain("closed_at", "=", False)
                & Domain("stage_id.is_waiting", "=", False),
                ["user_id"],
                ["__count"],
            )
        )

    def _requests(self):
        """Return what these tickets need of who takes them, as ``Request``."""
        return [
            Request(ticket.id, ticket._needs(), ticket._dedicated().ids)
            for ticket in self
        ]

    def _give(self, given):
        """Assign tickets as ``{ticket id: user id}`` says, one write a user."""
        of = {}
        for ticket, user in given.items():
            of.setdefault(user, []).append(ticket)
        for user, ids in of.items():
            self.browse(ids).user_id = user

    def _needs(self):
        """Return the ids of which any one serves, by kind of skill."""
        # A category comes with those above it: who knows pots knows these pots.
        path = self.product_id.categ_id.parent_path or ""
        return {
            "kind": frozenset(self.kind_id.ids),
            "category": frozenset(int(id_) for id_ in path.split("/") if id_),
            "lang": frozenset(filter(None, [self.partner_id.lang])),
        }

    def _dedicated(self):
        """Return the customer's own people, who come first where the team has it so."""
        if not self.team_id.dedicated_first:
            return self.env["res.users"]
        return self.partner_id.user_id | self.commercial_partner_id.user_id
