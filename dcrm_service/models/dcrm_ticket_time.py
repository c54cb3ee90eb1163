from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

MANAGER = "dcrm_service.group_service_manager"
DAY = 24 * 60


class DcrmTicketTime(models.Model):
    """Time that somebody spent on a ticket on a day, and what it cost.

    The cost per hour is that of the agent in the ticket's team, else the team's, as it
    is when the time is entered: it stays, whatever an hour costs later and wherever the
    ticket goes.
    """

    _name = "dcrm.ticket.time"
    _inherit = ["dcrm.export.mixin", "dcrm.kept.mixin"]
    _description = "Time Spent on a Ticket"
    _order = "date desc, id desc"
    _rec_name = "ticket_id"
    _check_company_auto = True

    ticket_id = fields.Many2one(
        "dcrm.ticket",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, precompute=True
    )
    partner_id = fields.Many2one(
        related="ticket_id.commercial_partner_id",
        string="Customer",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    team_id = fields.Many2one(
        "dcrm.ticket.team",
        compute="_compute_team_id",
        store=True,
        precompute=True,
        help="Of the ticket when the time was entered",
    )
    kind_id = fields.Many2one(related="ticket_id.kind_id", store=True, precompute=True)
    user_id = fields.Many2one(
        "res.users",
        "Agent",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        check_company=True,
        domain=[("share", "=", False)],
    )
    date = fields.Date(
        "Day",
        required=True,
        default=lambda self: fields.Date.context_today(self),
    )
    minutes = fields.Integer(required=True, help="Whole minutes, up to a day")
    note = fields.Char("What Was Done")
    currency_id = fields.Many2one(related="company_id.currency_id")
    hourly_cost = fields.Monetary(
        "Cost per Hour", aggregator=None, groups=MANAGER, copy=False
    )
    cost = fields.Monetary(compute="_compute_cost", store=True, groups=MANAGER)

    _minutes_of_a_day = models.Constraint(
        "CHECK(minutes > 0 AND minutes <= 1440)",
        "Time spent is a minute to a day.",
    )
    _hourly_cost_positive = models.Constraint(
        "CHECK(hourly_cost >= 0)", "An hour costs nothing at the least."
    )
    # What changed since, and how much a day.
    _changed_idx = models.Index("(company_id, write_date)")

    @api.depends("ticket_id")
    def _compute_team_id(self):
        for entry in self:
            entry.team_id = entry.team_id or entry.ticket_id.team_id

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_kept(vals)
        self = self._without_kept_defaults()
        entries = super().create(vals_list)
        entries.ticket_id._refuse_merged()
        self.browse(
            entry.id
            for entry, vals in zip(entries, vals_list, strict=True)
            if "hourly_cost" not in vals
        )._value()
        return entries

    def write(self, vals):
        self._refuse_kept(vals)
        outcome = super().write(vals)
        # Nobody gives theirs to somebody else, nor to a ticket of somebody else's.
        self.check_access("write")
        self.ticket_id._refuse_merged()
        if "user_id" in vals and "hourly_cost" not in vals:
            self._value()
        return outcome

    def _value(self):
        """Note what an hour of these entries costs now."""
        entries = self.sudo()
        costs = entries.team_id._hourly_costs()
        for entry in entries:
            team_id = entry.team_id.id
            default = costs.get((team_id, False), 0.0)
            entry.hourly_cost = costs.get((team_id, entry.user_id.id), default)

    @api.depends("minutes", "hourly_cost")
    def _compute_cost(self):
        for entry in self.sudo():
            cost = entry.minutes * entry.hourly_cost / 60
            entry.cost = entry.currency_id.round(cost) if entry.currency_id else cost

    @api.constrains("date")
    def _check_date(self):
        """Raise ValidationError for a day that begins nowhere yet."""
        tomorrow = fields.Date.today() + timedelta(1)
        if any(entry.date > tomorrow for entry in self):
            raise ValidationError(
                self.env._("Time is spent on a day that has come already.")
            )

    def action_apply_cost(self):
        """Value these entries at what an hour costs now.

        :raises AccessError: for who is no manager of service
        """
        self.check_access("write")
        if not self.env.su:
            self._check_field_access(self._fields["hourly_cost"], "write")
        self._value()

    def action_open_ticket(self):
        """Return the action that opens the ticket."""
        self.ensure_one()
        return self.ticket_id.get_formview_action()
