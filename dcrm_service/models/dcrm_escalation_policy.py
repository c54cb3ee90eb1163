import math

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ..compute.escalation import OPEN
from ..queries import escalation as queries

MOST_HOURS = 10_000
# What a ladder has when nobody has said otherwise: when, minutes, who, minutes.
USUAL = [
    ("before", 60, "owner", 60),
    ("at", 0, "seller", 30),
    ("at", 0, "lead", 30),
    ("at", 0, "manager", 60),
    ("at", 0, "sponsor", 60),
]


class DcrmEscalationPolicy(models.Model):
    """Who is told, one after another, where the answer to a customer comes to be late.

    A team has one ladder for customers of a value class, and one for all others.
    Nothing happens where it has none.
    """

    _name = "dcrm.escalation.policy"
    _inherit = ["dcrm.export.mixin"]
    _description = "Escalation Ladder"
    _order = "team_id, value_class, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    team_id = fields.Many2one(
        "dcrm.ticket.team", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="team_id.company_id", store=True, precompute=True, index=True
    )
    value_class = fields.Selection(
        [("a", "A"), ("b", "B"), ("c", "C")],
        help="Tickets of customers of this class. Empty: of all for whose class the "
        "team has no ladder.",
    )
    hold_hours = fields.Float(
        "Time to Act",
        default=8.0,
        help="Working hours that who has accepted is given before it climbs on. 0: it "
        "does not climb any more.",
    )
    customer_template_id = fields.Many2one(
        "mail.template",
        "Tell the Customer",
        domain=[("model", "=", "dcrm.ticket")],
        ondelete="restrict",
        help="Sent to the customer once a ticket when a deadline has passed. Empty: "
        "the customer is not told.",
    )
    step_ids = fields.One2many(
        "dcrm.escalation.step",
        "policy_id",
        "Steps",
        copy=True,
        default=lambda self: self._usual_steps(),
    )
    notice_ids = fields.One2many("dcrm.escalation.notice", "policy_id")

    _unique_class = models.UniqueIndex(
        "(team_id, COALESCE(value_class, '')) WHERE active",
        "The team has a ladder for these customers already.",
    )

    @api.model
    def _usual_steps(self):
        return [
            Command.create(
                {
                    "timing": timing,
                    "minutes": minutes,
                    "role": role,
                    "timer_minutes": timer,
                }
            )
            for timing, minutes, role, timer in USUAL
        ]

    @api.constrains("hold_hours")
    def _check_hold_hours(self):
        for policy in self:
            hours = policy.hold_hours
            if not math.isfinite(hours) or not 0 <= hours <= MOST_HOURS:
                raise ValidationError(
                    self.env._(
                        "Ladder %(ladder)s gives %(hours)s hours to act: they have to "
                        "be from 0 (it does not climb any more) to %(most)s.",
                        ladder=policy.name,
                        hours=hours,
                        most=MOST_HOURS,
                    )
                )

    @api.constrains("customer_template_id")
    def _check_customer_template(self):
        self.sudo().customer_template_id._refuse_quoting()

    # -- what follows from a change ----------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        policies.team_id._ladders_changed()
        return policies

    def write(self, vals):
        teams = self.team_id
        outcome = super().write(vals)
        if not vals.get("active", True):
            self.sudo().notice_ids.filtered(lambda each: each.state == OPEN)._void()
        if vals.keys() & {"active", "team_id", "value_class", "hold_hours", "step_ids"}:
            (teams | self.team_id)._ladders_changed()
        return outcome

    def unlink(self):
        teams = self.team_id
        outcome = super().unlink()
        teams._ladders_changed()
        return outcome

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        notices = self.env["dcrm.escalation.notice"].sudo()
        for policy, count in notices._read_group(
            [("policy_id", "in", self.ids)], ["policy_id"], ["__count"]
        ):
            raise UserError(
                self.env._(
                    "%(count)s notices came of ladder %(ladder)s: archive it instead, "
                    "so that these can still be explained.",
                    count=count,
                    ladder=policy.name,
                )
            )

    @api.model
    def _teams_with_ladder(self):
        """Return the ids of the teams that have one.

        Asked each time: what another transaction remembers of it may be of before.
        """
        groups = self.sudo()._read_group([("step_ids", "!=", False)], ["team_id"])
        return frozenset(team.id for [team] in groups)

    @api.model
    def _of_clocks(self, clocks):
        """Return ``{clock: ladder}`` of those for which there is one."""
        self.env.flush_all()
        found = dict(self.env.execute_query(queries.ladders(clocks.ids)))
        policies = {policy.id: policy for policy in self.browse(set(found.values()))}
        # What is read of one of these clocks is read of all.
        return {
            clock: policies[found[clock.id]] for clock in clocks if clock.id in found
        }
