import math

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..queries import sla_clock as queries
from .dcrm_ticket import PRIORITIES

# Enough for any promise that is one: more than a year round the clock.
MOST_HOURS = 10_000
# Which field of a policy promises what.
HOURS = {
    "first_response": "first_response_hours",
    "next_response": "next_response_hours",
    "resolution": "resolution_hours",
}


class DcrmSlaPolicy(models.Model):
    """What is promised to which tickets: answers, a solution, within working hours.

    Of all policies that cover a ticket the shortest promise wins, for each target by
    itself; of equal ones the first.
    """

    _name = "dcrm.sla.policy"
    _inherit = ["dcrm.export.mixin"]
    _description = "Service Policy"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        ondelete="cascade",
        default=lambda self: self.env.company,
        help="Empty: tickets of all companies",
    )
    service_level_ids = fields.Many2many(
        "dcrm.service.level",
        # Were it emptied by a deletion, the policy would cover everybody.
        ondelete="restrict",
        string="Service Levels",
        help="Tickets of customers of these levels. Empty: of every customer.",
    )
    team_ids = fields.Many2many(
        "dcrm.ticket.team",
        ondelete="restrict",
        string="Teams",
        check_company=True,
        help="Tickets of these teams. Empty: of every team.",
    )
    kind_ids = fields.Many2many(
        "dcrm.ticket.kind",
        ondelete="restrict",
        string="Kinds",
        help="Tickets of these kinds. Empty: of every kind.",
    )
    priority = fields.Selection(
        PRIORITIES,
        "From Priority",
        default="0",
        required=True,
        help="Tickets of this priority or a higher one",
    )
    value_class = fields.Selection(
        [("a", "A"), ("b", "B"), ("c", "C")],
        "From Value Class",
        help="Tickets of customers of this value class or a better one. Empty: of "
        "every customer.",
    )
    segment_ids = fields.Many2many(
        "dcrm.segment",
        ondelete="restrict",
        string="Segments",
        check_company=True,
        groups="dcrm_analytics.group_dcrm_seller",
        help="Tickets of customers in these segments. Empty: of every customer.",
    )
    in_danger = fields.Boolean(
        "Customers in Danger",
        help="Only tickets of customers who are in danger of being lost",
    )
    first_response_hours = fields.Float(
        "Answer Within",
        help="Working hours until the customer has a first answer. 0: not promised.",
    )
    next_response_hours = fields.Float(
        "Next Answer Within",
        help="Working hours until a customer who writes again after an answer has the "
        "next one. 0: not promised.",
    )
    resolution_hours = fields.Float(
        "Solution Within",
        help="Working hours until the ticket is closed. 0: not promised.",
    )
    risk_percent = fields.Integer(
        "At Risk After",
        default=75,
        required=True,
        help="How many per cent of the promised time may be used before it is at risk",
    )
    clock_ids = fields.One2many("dcrm.sla.clock", "policy_id")

    _risk_is_a_share = models.Constraint(
        "CHECK(risk_percent BETWEEN 1 AND 100)",
        "A promise is at risk after 1 to 100 per cent of its time.",
    )

    @api.constrains(*HOURS.values())
    def _check_hours(self):
        for policy in self:
            for hours in (policy[name] for name in HOURS.values()):
                if not math.isfinite(hours) or not 0 <= hours <= MOST_HOURS:
                    raise ValidationError(
                        self.env._(
                            "Policy %(policy)s promises %(hours)s hours: they have to "
                            "be from 0 (not promised) to %(most)s.",
                            policy=policy.name,
                            hours=hours,
                            most=MOST_HOURS,
                        )
                    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        clocks = self.env["dcrm.sla.clock"].sudo()
        for policy, count in clocks._read_group(
            [("policy_id", "in", self.ids)], ["policy_id"], ["__count"]
        ):
            raise UserError(
                self.env._(
                    "Policy %(policy)s set %(count)s deadlines: archive it instead, so "
                    "that these can still be explained.",
                    policy=policy.name,
                    count=count,
                )
            )

    def action_apply(self):
        """Set the deadlines of open tickets anew, by all policies as they are now.

        What a policy or a calendar says counts for tickets that come or change
        afterwards; this makes it count for those that are waiting already: of many
        tickets by the scheduled action, one after another.
        """
        self.check_access("write")
        left = self.env["dcrm.sla.recount"]._mark(
            queries.mark_stale(
                queries.in_companies(self._companies().ids),
                self.env._("Policies applied to open tickets"),
                with_policies=True,
                promised=False,
            )
        )
        if not left:
            return None
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "The deadlines of %s open tickets are being counted anew.", left
                ),
            },
        }

    def _companies(self):
        """Return the companies whose tickets the policies cover, of the user's."""
        if all(policy.company_id for policy in self):
            return self.company_id
        return self.env.companies
