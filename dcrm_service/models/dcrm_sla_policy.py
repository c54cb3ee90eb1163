import math

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .dcrm_ticket import PRIORITIES

# Enough for any promise that is one: more than a year round the clock.
MOST_HOURS = 10_000
# Which field of a policy promises what.
HOURS = {"first_response": "first_response_hours", "resolution": "resolution_hours"}


class DcrmSlaPolicy(models.Model):
    """What is promised to which tickets: an answer, a solution, within working hours.

    Of all policies that cover a ticket the shortest promise wins, for the answer and
    for the solution each by itself.
    """

    _name = "dcrm.sla.policy"
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
    first_response_hours = fields.Float(
        "Answer Within",
        help="Working hours until the customer has a first answer. 0: not promised.",
    )
    resolution_hours = fields.Float(
        "Solution Within",
        help="Working hours until the ticket is closed. 0: not promised.",
    )
    clock_ids = fields.One2many("dcrm.sla.clock", "policy_id")

    @api.constrains("first_response_hours", "resolution_hours")
    def _check_hours(self):
        for policy in self:
            for hours in (policy.first_response_hours, policy.resolution_hours):
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

    @api.model
    def _promises(self, tickets):
        """Return which policy wins for which ticket and target.

        :return: ``{ticket id: {target: policy}}``, where a target that no policy
            promises anything for is missing
        """
        # A policy for a team that was archived is not one for every team.
        policies = (
            self.sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("active", "=", True),
                    ("company_id", "in", [False, *tickets.company_id.ids]),
                ]
            )
        )
        winners = {}
        promises = {}
        for ticket in tickets:
            case = ticket._sla_case()
            if case not in winners:
                winners[case] = policies._winners(*case)
            promises[ticket.id] = winners[case]
        return promises

    def _winners(self, company_id, team_id, kind_id, level_id, priority):
        """Return ``{target: policy}`` of the shortest promises to such tickets."""
        covering = self.filtered(
            lambda policy: (
                policy.company_id.id in (False, company_id)
                and (not policy.team_ids or team_id in policy.team_ids.ids)
                and (not policy.kind_ids or kind_id in policy.kind_ids.ids)
                and (
                    not policy.service_level_ids
                    or level_id in policy.service_level_ids.ids
                )
                and policy.priority <= priority
            )
        )
        winners = {}
        for target, hours in HOURS.items():
            if promising := covering.filtered(hours):
                winners[target] = promising.sorted(hours)[:1]
        return winners

    def action_apply(self):
        """Set the deadlines of open tickets anew, by all policies as they are now.

        What a policy or a calendar says counts for tickets that come or change
        afterwards; this makes it count for those that are waiting already.
        """
        self.check_access("write")
        tickets = (
            self.env["dcrm.ticket"]
            .sudo()
            .search(
                [("closed_at", "=", False), ("company_id", "in", self._companies().ids)]
            )
        )
        tickets._set_clocks(self.env._("Policies applied to open tickets"))

    def _companies(self):
        """Return the companies whose tickets the policies cover, of the user's."""
        if all(policy.company_id for policy in self):
            return self.company_id
        return self.env.companies
