from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize

from ..compute import incoming_email
from ..compute.escalation import ACCEPTED, OPEN

# What, when it changes, may end a deadline or make a ladder another one.
ENDING = {"stage_id", "team_id", "first_response_at", "closed_at"}
STATES = [
    ("open", "Waiting"),
    ("accepted", "Accepted"),
    ("ended", "Nobody Has Taken Over"),
]


class DcrmTicket(models.Model):
    """To whom a ticket has climbed, and whether they have taken over."""

    _inherit = "dcrm.ticket"

    escalation_ids = fields.One2many(
        "dcrm.escalation.notice", "ticket_id", "Escalations", readonly=True
    )
    escalated_to_id = fields.Many2one(
        "res.users",
        "Climbed To",
        compute="_compute_escalation",
        search="_search_escalated_to_id",
        help="Who was told that a deadline comes or has passed, and has not handed "
        "it on",
    )
    escalation_state = fields.Selection(
        STATES,
        "Escalation",
        compute="_compute_escalation",
        search="_search_escalation_state",
    )
    escalation_text = fields.Char(compute="_compute_escalation_text")
    my_escalation_ids = fields.Many2many(
        "dcrm.escalation.notice", compute="_compute_my_escalation_ids"
    )
    can_hand_on = fields.Boolean(compute="_compute_my_escalation_ids")
    customer_told_at = fields.Datetime(
        "Customer Told",
        readonly=True,
        copy=False,
        help="When the customer was told that it takes longer",
    )
    is_of_machine = fields.Boolean(
        "Opened by a Machine",
        readonly=True,
        copy=False,
        help="Nobody would read what is sent to its sender",
    )

    @api.depends("escalation_ids.state", "escalation_ids.clock_id.reached_at")
    def _compute_escalation(self):
        for ticket in self:
            first = ticket._asking()[:1]
            ticket.escalated_to_id = first.user_id
            state = first.state
            if state == OPEN and first.is_end:
                state = "ended"
            ticket.escalation_state = state

    def _asking(self):
        """Return the notices that ask somebody, or that somebody has accepted.

        What nobody has accepted comes first, and of that what is due longest.
        """
        asking = self.escalation_ids.filtered(
            lambda notice: (
                notice.state in (OPEN, ACCEPTED) and not notice.clock_id.reached_at
            )
        )
        return asking.sorted(
            lambda notice: (notice.state != OPEN, notice.deadline, -notice.id)
        )

    @api.depends("escalation_state", "escalated_to_id")
    @api.depends_context("lang")
    def _compute_escalation_text(self):
        for ticket in self:
            name = ticket.sudo().escalated_to_id.name
            ticket.escalation_text = {
                "open": self.env._("Climbed to %s, not accepted yet", name),
                "accepted": self.env._("Taken over by %s", name),
                "ended": self.env._("Nobody on the ladder has taken over"),
            }.get(ticket.escalation_state, False)

    @api.depends("escalation_ids.state")
    @api.depends_context("uid")
    def _compute_my_escalation_ids(self):
        for ticket in self:
            mine = ticket.escalation_ids.filtered(
                lambda notice: (
                    notice.state == OPEN
                    and (notice.user_id == self.env.user or notice.is_end)
                    and notice.can_answer
                )
            )
            ticket.my_escalation_ids = mine
            ticket.can_hand_on = bool(mine) and not any(mine.mapped("is_end"))

    @api.model
    def _search_escalated_to_id(self, operator, value):
        if operator not in ("in", "any"):
            return NotImplemented
        asking = Domain("state", "in", [OPEN, ACCEPTED]) & Domain(
            "clock_id.reached_at", "=", False
        )
        if operator == "in" and False in value:
            some = [each for each in value if each]
            found = ~Domain("escalation_ids", "any", asking)
            return found | self._search_escalated_to_id("in", some) if some else found
        return Domain(
            "escalation_ids", "any", asking & Domain("user_id", operator, value)
        )

    @api.model
    def _search_escalation_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        running = Domain("clock_id.reached_at", "=", False)

        def has(domain):
            return Domain("escalation_ids", "any", running & domain)

        open_, accepted = Domain("state", "=", OPEN), Domain("state", "=", ACCEPTED)
        end = Domain("is_end", "=", True)
        domains = {
            "open": has(open_ & ~end),
            "ended": has(open_ & end),
            "accepted": has(accepted),
            False: ~has(open_ | accepted),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    def write(self, vals):
        outcome = super().write(vals)
        if vals.keys() & ENDING:
            notices = self.sudo().escalation_ids
            # Nobody of a team that has handed the ticket over is asked any more.
            notices.filtered(
                lambda notice: (
                    notice.state in (OPEN, ACCEPTED)
                    and notice.policy_id.team_id != notice.ticket_id.team_id
                )
            )._void()
            notices._settle()
        return outcome

    # -- buttons ---------------------------------------------------------------------

    def action_accept_escalation(self):
        """Take over what has climbed to the user."""
        self._mine().action_accept()

    def action_hand_on_escalation(self):
        """Have the next one told of what has climbed to the user."""
        self._mine().action_hand_on()

    def _mine(self):
        """Return what asks the user; raise UserError where nothing does any more."""
        self.check_access("read")
        if mine := self.my_escalation_ids:
            return mine
        raise UserError(
            self.env._("This is over already, or somebody else has it by now.")
        )

    # -- who is told -----------------------------------------------------------------

    def _people_to_fall_back_on(self):
        """Return whom to tell where a ladder has ended: the lead and followers."""
        self.ensure_one()
        team = self.team_id
        followers = (self.message_partner_ids | team.message_partner_ids).user_ids
        return self._who_may_be_told(team.lead_id | followers).partner_id

    def _who_may_be_told(self, users):
        """Return those of some users who are of us and may read the ticket."""
        self.ensure_one()
        return users.filtered(
            lambda user: (
                not user._reason_not_to_tell(self.company_id, user.browse())
                and self.with_user(user)
                .with_context(allowed_company_ids=self.company_id.ids)
                .has_access("read")
            )
        )

    def _acknowledge(self, message):
        """Note whether anybody reads what the sender is told."""
        address = email_normalize(self.email_from) or ""
        self.is_of_machine = not incoming_email.may_be_answered(message, address)
        return super()._acknowledge(message)
