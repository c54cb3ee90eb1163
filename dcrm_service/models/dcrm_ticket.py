from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .channels import CHANNELS

PRIORITIES = [
    ("0", "Normal"),
    ("1", "Important"),
    ("2", "High"),
    ("3", "Urgent"),
]
MANAGER = "dcrm_service.group_service_manager"
# What only a manager says of a ticket besides the system: who imports old ones.
KEPT = {
    "commercial_partner_id",
    "number",
    "opened_at",
    "first_response_at",
    "closed_at",
    "first_closed_at",
    "last_closed_at",
    "reopened_count",
    "continued_in_id",
    "service_level_id",
    "value_class",
    "customer_segment_id",
    "customer_danger_since",
    "last_answer_at",
    "customer_waits_since",
}
# What, when it changes, may change what was promised.
PROMISED_BY = (
    "partner_id",
    "commercial_partner_id",
    "team_id",
    "kind_id",
    "priority",
    "service_level_id",
    "opened_at",
)


class DcrmTicket(models.Model):
    """What a customer waits for: a question, a problem, a complaint, a return."""

    _name = "dcrm.ticket"
    _description = "Ticket"
    _inherit = [
        "dcrm.export.mixin",
        "dcrm.batch.mixin",
        "dcrm.kept.mixin",
        "portal.mixin",
        "mail.thread.cc",
        "rating.mixin",
        "mail.activity.mixin",
        "mail.tracking.duration.mixin",
    ]
    _order = "priority desc, id desc"
    _check_company_auto = True
    _rec_names_search = ["number", "name"]
    _primary_email = "email_from"
    _track_duration_field = "stage_id"
    # Who may read a ticket may speak in it: the customer in the portal does.
    _mail_post_access = "read"
    _mail_thread_customer = True

    name = fields.Char("Subject", required=True, tracking=True)
    number = fields.Char(readonly=True, copy=False, index="trigram")
    active = fields.Boolean(default=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Contact",
        index=True,
        tracking=True,
        check_company=True,
        help="Who asked",
    )
    commercial_partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        compute="_compute_commercial_partner_id",
        store=True,
        precompute=True,
        index=True,
        help="Whose ticket it is: the contact's company when the contact asked",
    )
    email_from = fields.Char(
        "E-mail",
        compute="_compute_email_from",
        store=True,
        precompute=True,
        readonly=False,
        tracking=True,
        help="Where answers go to",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    team_id = fields.Many2one(
        "dcrm.ticket.team",
        index=True,
        tracking=True,
        check_company=True,
        ondelete="restrict",
        default=lambda self: self._default_team(self.env.company),
    )
    stage_id = fields.Many2one(
        "dcrm.ticket.stage",
        index=True,
        tracking=True,
        copy=False,
        ondelete="restrict",
        group_expand="_read_group_stage_ids",
        compute="_compute_stage_id",
        store=True,
        precompute=True,
        readonly=False,
        domain="['|', ('team_ids', '=', False), ('team_ids', 'in', team_id)]",
    )
    is_closed = fields.Boolean(related="stage_id.is_closed")
    kind_id = fields.Many2one("dcrm.ticket.kind", ondelete="restrict", tracking=True)
    priority = fields.Selection(PRIORITIES, default="0", required=True, tracking=True)
    user_id = fields.Many2one(
        "res.users",
        "Assigned To",
        index=True,
        tracking=True,
        check_company=True,
        domain=[("share", "=", False)],
    )
    channel = fields.Selection(CHANNELS)
    description = fields.Html()
    color = fields.Integer(related="kind_id.color")
    opened_at = fields.Datetime(
        "Opened", default=fields.Datetime.now, required=True, readonly=True, copy=False
    )
    first_response_at = fields.Datetime(
        "Answered",
        compute="_compute_first_response_at",
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
        help="When the customer had the first answer, at the latest by the solution",
    )
    closed_at = fields.Datetime(
        "Closed",
        compute="_compute_closed_at",
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
    )

    # The page of what is due next, the counters of teams, and the host's question how
    # many tickets an e-mail address made lately.
    _due_idx = models.Index(
        "(next_deadline, priority DESC, id DESC) WHERE closed_at IS NULL"
    )
    _open_idx = models.Index("(team_id, user_id) WHERE closed_at IS NULL")
    _created_idx = models.Index("(create_date)")
    _unique_number = models.Constraint(
        "UNIQUE(company_id, number)", "There is a ticket of this number already."
    )

    # -- what it is ------------------------------------------------------------------

    @api.model
    def _default_team(self, company):
        """Return the first team of a company, before others one of the user's own."""
        teams = self.env["dcrm.ticket.team"].search([("company_id", "=", company.id)])
        mine = teams.filtered(lambda team: self.env.user in team.member_ids)
        return (mine or teams)[:1]

    @api.depends("partner_id")
    def _compute_commercial_partner_id(self):
        for ticket in self:
            ticket.commercial_partner_id = ticket.partner_id.commercial_partner_id

    @api.depends("partner_id")
    def _compute_email_from(self):
        for ticket in self:
            ticket.email_from = ticket.partner_id.email or ticket.email_from

    @api.depends("team_id")
    def _compute_stage_id(self):
        stages = self._all_stages()
        for ticket in self:
            usable = stages._of_team(ticket.team_id)
            if ticket.stage_id not in usable:
                ticket.stage_id = usable[:1]

    @api.depends("stage_id.is_closed")
    def _compute_closed_at(self):
        now = fields.Datetime.now()
        for ticket in self:
            closed = ticket.stage_id.is_closed
            ticket.closed_at = closed and (ticket.closed_at or now)

    @api.depends("closed_at")
    def _compute_first_response_at(self):
        for ticket in self:
            ticket.first_response_at = ticket.first_response_at or ticket.closed_at

    def _compute_access_url(self):
        outcome = super()._compute_access_url()
        for ticket in self:
            ticket.access_url = f"/my/tickets/{ticket.id}"
        return outcome

    @api.depends("number", "name")
    def _compute_display_name(self):
        for ticket in self:
            ticket.display_name = " ".join(filter(None, (ticket.number, ticket.name)))

    @api.model
    def _all_stages(self):
        # All of them, and they are few.
        return self.env["dcrm.ticket.stage"].search([])  # pylint: disable=no-search-all

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        """Show a column for every stage: the shared ones, and those of the team."""
        team = self.env["dcrm.ticket.team"].browse(
            self.env.context.get("default_team_id")
        )
        return (stages | self._all_stages()._of_team(team)).sorted()

    @api.constrains("user_id")
    def _check_user(self):
        for ticket in self.filtered("user_id.share"):
            raise ValidationError(
                self.env._("%s is no colleague: choose one.", ticket.user_id.name)
            )

    @api.constrains("opened_at", "first_response_at", "closed_at", "stage_id")
    def _check_instants(self):
        for ticket in self:
            if bool(ticket.closed_at) != ticket.stage_id.is_closed:
                raise ValidationError(
                    self.env._(
                        "Ticket %s is closed when its stage closes it, and only then.",
                        ticket.display_name,
                    )
                )
            later = filter(None, (ticket.first_response_at, ticket.closed_at))
            if min(later, default=ticket.opened_at) < ticket.opened_at:
                raise ValidationError(
                    self.env._(
                        "Ticket %s was answered or closed before it was opened.",
                        ticket.display_name,
                    )
                )

    # -- how it changes --------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_kept(vals)
        self = self._without_kept_defaults()
        vals_list = self._numbered([self._placed(vals) for vals in vals_list])
        tickets = super().create(vals_list)
        tickets._start_clocks()
        return tickets

    def write(self, vals):
        self._refuse_kept(vals)
        self._refuse_company(vals)
        if not vals.keys() & {"stage_id", *PROMISED_BY}:
            return super().write(vals)
        closed_at = {ticket.id: ticket.closed_at for ticket in self}
        outcome = super().write(vals)
        open_ = self.filtered(lambda ticket: not ticket.closed_at)
        reopened = open_.filtered(lambda ticket: closed_at[ticket.id])
        reopened._reopened(closed_at)
        if vals.keys() & set(PROMISED_BY):
            (open_ - reopened)._set_clocks(self._changes_in_words(vals))
        return outcome

    @api.model
    def _kept(self):
        # With a token of one's own choice everybody would read the ticket.
        return super()._kept() | KEPT | {"access_token"}

    @api.model
    def _refuse_kept(self, names):
        if self.env.user.has_group(MANAGER):
            names = set(names) - KEPT
        return super()._refuse_kept(names)

    def _refuse_company(self, vals):
        """Raise UserError where a ticket would go to another company."""
        if "company_id" in vals and any(
            ticket.company_id.id != vals["company_id"] for ticket in self
        ):
            raise UserError(
                self.env._("A ticket stays in the company that it was opened in.")
            )

    @api.model
    def _placed(self, vals):
        """Return the values of a new ticket, with a company and a team that agree."""
        team_id = vals.get("team_id", self.env.context.get("default_team_id"))
        team = self.env["dcrm.ticket.team"].browse(team_id).sudo()
        company_id = vals.get("company_id") or self.env.context.get(
            "default_company_id"
        )
        company = (
            self.env["res.company"].browse(company_id)
            or team.company_id
            or self.env.company
        )
        vals = {**vals, "company_id": company.id}
        if "team_id" not in vals and not team:
            vals["team_id"] = self._default_team(company).id
        return vals

    @api.model
    def _numbered(self, vals_list):
        """Return the values of new tickets, each with a number of its company."""
        unnumbered = defaultdict(list)
        for vals in vals_list:
            if not vals.get("number"):
                unnumbered[vals["company_id"]].append(vals)
        for company_id, group in unnumbered.items():
            company = self.env["res.company"].browse(company_id)
            numbers = company._next_ticket_numbers(len(group))
            for vals, number in zip(group, numbers, strict=True):
                vals["number"] = number
        return vals_list

    def _changes_in_words(self, vals):
        """Return what is written of that which promises depend on, in words."""
        ticket = self[:1]
        return ", ".join(
            f"{field._description_string(self.env)}: "
            f"{field.convert_to_export(ticket[name], ticket) or self.env._('none')}"
            for name in PROMISED_BY
            if name in vals and (field := self._fields[name])
        )

    # -- the stages ------------------------------------------------------------------

    def _go_on(self):
        """Take tickets that are closed or waiting back to where they are worked on.

        That is the last stage before theirs in which somebody works.
        """
        for ticket in self:
            stages = self._all_stages()._of_team(ticket.team_id)
            working = stages.filtered(
                lambda stage: not stage.is_closed and not stage.is_waiting
            )
            before = working.filtered(
                lambda stage, now=ticket.stage_id: stage.sequence <= now.sequence
            )
            if stage := before[-1:] or working[:1]:
                ticket.stage_id = stage
