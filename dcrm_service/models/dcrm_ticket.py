from odoo import api, fields, models

from .channels import CHANNELS

PRIORITIES = [
    ("0", "Normal"),
    ("1", "Important"),
    ("2", "High"),
    ("3", "Urgent"),
]


class DcrmTicket(models.Model):
    """What a customer waits for: a question, a problem, a complaint, a return."""

    _name = "dcrm.ticket"
    _description = "Ticket"
    _inherit = [
        "portal.mixin",
        "mail.thread.cc",
        "rating.mixin",
        "mail.activity.mixin",
        "mail.tracking.duration.mixin",
    ]
    _order = "priority desc, id desc"
    _check_company_auto = True
    _primary_email = "email_from"
    _track_duration_field = "stage_id"
    # Who may read a ticket may speak in it: the customer in the portal does.
    _mail_post_access = "read"

    name = fields.Char("Subject", required=True, tracking=True)
    number = fields.Char(readonly=True, copy=False)
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
    )
    email_from = fields.Char("E-mail", help="Where answers go to")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    team_id = fields.Many2one(
        "dcrm.ticket.team",
        index=True,
        tracking=True,
        check_company=True,
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
    opened_at = fields.Datetime(
        default=fields.Datetime.now, required=True, readonly=True, copy=False
    )
    first_response_at = fields.Datetime(readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False)

    @api.depends("partner_id")
    def _compute_commercial_partner_id(self):
        for ticket in self:
            ticket.commercial_partner_id = ticket.partner_id.commercial_partner_id

    @api.depends("team_id")
    def _compute_stage_id(self):
        # All of them, and they are few.
        stages = self.env["dcrm.ticket.stage"].search([])  # pylint: disable=no-search-all
        for ticket in self:
            usable = stages.filtered(
                lambda stage, team=ticket.team_id: (
                    not stage.team_ids or team in stage.team_ids
                )
            )
            if ticket.stage_id not in usable:
                ticket.stage_id = usable[:1]

    def _compute_access_url(self):
        outcome = super()._compute_access_url()
        for ticket in self:
            ticket.access_url = f"/my/tickets/{ticket.id}"
        return outcome

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        """Show every stage as a column: the shared ones, and those of the team."""
        team = self.env.context.get("default_team_id")
        teams = [("team_ids", "=", False)]
        if team:
            teams = ["|", ("team_ids", "in", [team]), *teams]
        return stages.search(["|", ("id", "in", stages.ids), *teams])
