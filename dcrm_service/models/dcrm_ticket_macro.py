from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .dcrm_ticket import PRIORITIES


class DcrmTicketMacro(models.Model):
    """What agents do to tickets again and again, with one click.

    It does nothing that who clicks could not do by hand.
    """

    _name = "dcrm.ticket.macro"
    _inherit = ["dcrm.export.mixin"]
    _description = "Ticket Macro"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)
    description = fields.Char(translate=True, help="When to use it")
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        help="Empty: for tickets of all companies",
    )
    team_ids = fields.Many2many(
        "dcrm.ticket.team",
        # Were it emptied by a deletion, the macro would be for all teams.
        ondelete="restrict",
        string="Teams",
        check_company=True,
        help="Empty: for all teams",
    )
    stage_id = fields.Many2one(
        "dcrm.ticket.stage", "Move To", ondelete="restrict", help="Empty: nowhere"
    )
    kind_id = fields.Many2one("dcrm.ticket.kind", "Set Kind", ondelete="restrict")
    priority = fields.Selection(PRIORITIES, "Set Priority")
    tag_ids = fields.Many2many("dcrm.ticket.tag", string="Add Tags")
    assign = fields.Selection(
        [("me", "Who Runs It"), ("user", "Somebody"), ("nobody", "Nobody")],
        help="Empty: as it is",
    )
    user_id = fields.Many2one(
        "res.users",
        "Somebody",
        check_company=True,
        domain=[("share", "=", False)],
    )
    template_id = fields.Many2one(
        "mail.template",
        "Answer with",
        domain=[("model", "=", "dcrm.ticket")],
        ondelete="restrict",
        help="Sent to the customer as the answer",
    )
    checklist_id = fields.Many2one(
        "dcrm.ticket.checklist",
        "Add Checklist",
        check_company=True,
        ondelete="restrict",
    )
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        "Plan Activity",
        domain=[("res_model", "in", (False, "dcrm.ticket"))],
        ondelete="restrict",
    )
    activity_summary = fields.Char("Summary", translate=True)
    activity_days = fields.Integer("Due In", help="Days", default=1)

    _is_due_later = models.Constraint(
        "CHECK(activity_days >= 0)", "An activity is due today or later."
    )
    _assigns_somebody = models.Constraint(
        "CHECK(assign IS DISTINCT FROM 'user' OR user_id IS NOT NULL)",
        "Choose whom the macro assigns tickets to.",
    )

    @api.model
    def of_tickets(self, ticket_ids):
        """Return the macros that may be run on tickets, for screens.

        :param list ticket_ids: ids of tickets that the user may change
        :return: ``[{"id", "name", "description"}]``
        """
        tickets = self.env["dcrm.ticket"].browse(ticket_ids)
        tickets.check_access("write")
        macros = self.search([]) if tickets else self  # pylint: disable=no-search-all
        return macros.filtered(lambda macro: macro._suits(tickets)).read(
            ["name", "description"]
        )

    def _suits(self, tickets):
        """Return whether the macro is for all of these tickets."""
        self.ensure_one()
        macro, tickets = self.sudo(), tickets.sudo()
        return (
            macro.active
            and not tickets.merged_into_id
            and (not macro.company_id or tickets.company_id <= macro.company_id)
            and (
                not macro.team_ids
                or all(ticket.team_id in macro.team_ids for ticket in tickets)
            )
        )

    def run(self, ticket_ids):
        """Do to tickets what the macro says, with the rights of who runs it.

        :param list ticket_ids: ids of tickets
        :raises AccessError: where the user may not change them
        :raises UserError: where the macro is not for one of them
        """
        self.ensure_one()
        self.check_access("read")
        tickets = self.env["dcrm.ticket"].browse(ticket_ids)
        tickets.check_access("write")
        if not self._suits(tickets):
            raise UserError(
                self.env._("Macro %s is not for all of these tickets.", self.name)
            )
        if values := self._values_to_write():
            tickets.write(values)
        if self.checklist_id:
            tickets._add_checklists(self.checklist_id)
        if self.template_id:
            tickets._answer_with(self.template_id)
        if self.activity_type_id:
            self._plan(tickets)
        # The last thing: what closes a ticket comes after its answer.
        if self.stage_id:
            tickets._move_to_stage(self.stage_id)

    def _values_to_write(self):
        values = {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in ("kind_id", "priority")
            if self[name]
        }
        if self.tag_ids:
            values["tag_ids"] = [Command.link(tag.id) for tag in self.tag_ids]
        if self.assign:
            owner = {"me": self.env.uid, "user": self.user_id.id, "nobody": False}
            values["user_id"] = owner[self.assign]
        return values

    def _plan(self, tickets):
        """Plan the macro's activity in tickets, for who owns them, else who runs it."""
        today = fields.Date.context_today(self)
        for ticket in tickets:
            ticket.activity_schedule(
                activity_type_id=self.activity_type_id.id,
                summary=self.activity_summary,
                date_deadline=today + timedelta(days=self.activity_days),
                user_id=(ticket.user_id or self.env.user).id,
            )
