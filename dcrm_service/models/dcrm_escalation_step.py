from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# A year round the clock.
MOST_MINUTES = 525_600
ROLES = [
    ("owner", "Agent of the Ticket"),
    ("seller", "Customer's Salesperson"),
    ("lead", "Team Lead"),
    ("manager", "Team's Manager"),
    ("sponsor", "Executive Sponsor"),
    ("user", "Person"),
]


class DcrmEscalationStep(models.Model):
    """A rung of a ladder: when, who, and how long they have to accept it.

    Minutes are working minutes of the team, as those that deadlines count.
    """

    _name = "dcrm.escalation.step"
    _inherit = ["dcrm.export.mixin"]
    _description = "Step of an Escalation Ladder"
    _order = "policy_id, offset, sequence, id"
    _rec_name = "role"

    policy_id = fields.Many2one(
        "dcrm.escalation.policy", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="policy_id.company_id", store=True, precompute=True
    )
    sequence = fields.Integer(default=100)
    timing = fields.Selection(
        [
            ("before", "Before the Deadline"),
            ("at", "At the Deadline"),
            ("after", "After the Deadline"),
        ],
        "When",
        required=True,
        default="at",
    )
    minutes = fields.Integer(
        help="Working minutes of the team before or after the deadline"
    )
    offset = fields.Integer(
        compute="_compute_offset",
        store=True,
        precompute=True,
        help="Working minutes after the deadline, below zero before it",
    )
    role = fields.Selection(ROLES, "Who", required=True, default="lead")
    user_id = fields.Many2one(
        "res.users",
        "Person",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        ondelete="restrict",
    )
    timer_minutes = fields.Integer(
        "Time to Accept",
        required=True,
        default=30,
        help="Working minutes of the team to accept it or to hand it on; then it "
        "climbs to the next step",
    )

    @api.depends("timing", "minutes")
    def _compute_offset(self):
        for step in self:
            sign = {"before": -1, "after": 1}.get(step.timing, 0)
            step.offset = sign * step.minutes

    @api.constrains("timing", "minutes", "timer_minutes", "role", "user_id")
    def _check_step(self):
        for step in self:
            if step.timing != "at" and not 0 < step.minutes <= MOST_MINUTES:
                raise ValidationError(
                    self.env._("Say how many minutes before or after the deadline.")
                )
            if not 0 < step.timer_minutes <= MOST_MINUTES:
                raise ValidationError(
                    self.env._("Say how many minutes there are to accept it.")
                )
            if step.role == "user" and not step.user_id:
                raise ValidationError(self.env._("Say which person is told."))

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps.policy_id.team_id._ladders_changed()
        return steps

    def write(self, vals):
        outcome = super().write(vals)
        self.policy_id.team_id._ladders_changed()
        return outcome

    def unlink(self):
        teams = self.policy_id.team_id
        outcome = super().unlink()
        teams._ladders_changed()
        return outcome

    def _offset(self):
        return timedelta(minutes=self.offset)

    def _timer(self):
        return timedelta(minutes=self.timer_minutes)

    def _person(self, ticket):
        """Return whom the step names for a ticket, maybe nobody."""
        customer = ticket.commercial_partner_id
        if self.role == "owner":
            return ticket.user_id
        if self.role == "seller":
            return customer.user_id
        if self.role == "sponsor":
            return customer.with_company(ticket.company_id).executive_sponsor_id
        if self.role == "user":
            return self.user_id
        return ticket.team_id[f"{self.role}_id"]
