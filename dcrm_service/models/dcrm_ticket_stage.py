from odoo import fields, models
from odoo.exceptions import UserError


class DcrmTicketStage(models.Model):
    """A step that tickets go through; shared, or of some teams only."""

    _name = "dcrm.ticket.stage"
    _inherit = ["dcrm.export.mixin"]
    _description = "Ticket Stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)
    description = fields.Text(translate=True, help="What is done in this stage")
    fold = fields.Boolean("Folded in Kanban")
    is_closed = fields.Boolean(
        "Closes the Ticket", help="Tickets in this stage are done: no deadline runs."
    )
    is_waiting = fields.Boolean(
        "Waiting for the Customer",
        help="The next word is the customer's: deadlines stand still once the customer "
        "was answered, and until the customer answers.",
    )
    team_ids = fields.Many2many(
        "dcrm.ticket.team",
        # Were it emptied by a deletion, every team would share the stage.
        ondelete="restrict",
        string="Teams",
        help="Empty: shared by all teams",
    )

    def write(self, vals):
        if "is_closed" in vals:
            self.filtered(
                lambda stage: stage.is_closed != vals["is_closed"]
            )._refuse_used()
        return super().write(vals)

    def _refuse_used(self):
        """Raise UserError where tickets are in these stages, of whatever company."""
        tickets = self.env["dcrm.ticket"].sudo().with_context(active_test=False)
        for stage, count in tickets._read_group(
            [("stage_id", "in", self.ids)], ["stage_id"], ["__count"]
        ):
            raise UserError(
                self.env._(
                    "%(count)s tickets are in stage %(stage)s: move them first, so "
                    "that it is known when they were closed or opened again.",
                    count=count,
                    stage=stage.name,
                )
            )

    def _of_team(self, team):
        """Return those of these stages that tickets of a team may be in."""
        return self.filtered(
            lambda stage: not stage.sudo().team_ids or team in stage.sudo().team_ids
        )
