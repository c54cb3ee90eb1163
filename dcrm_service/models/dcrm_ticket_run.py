from odoo import models
from odoo.exceptions import UserError


class DcrmTicket(models.Model):
    """What macros do to tickets."""

    _inherit = "dcrm.ticket"

    def _answer_with(self, template):
        """Send each customer the answer that a template makes of the ticket."""
        for ticket in self:
            ticket.message_post_with_source(
                template,
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
            )

    def _move_to_stage(self, stage):
        """Move tickets to a stage of their teams.

        :raises UserError: where it is another team's
        """
        for ticket in self:
            if stage not in stage._of_team(ticket.team_id):
                raise UserError(
                    self.env._(
                        "Stage %(stage)s is not one of %(team)s, whose ticket "
                        "%(ticket)s is.",
                        stage=stage.name,
                        team=ticket.team_id.name or self.env._("no team"),
                        ticket=ticket.number,
                    )
                )
        self.write({"stage_id": stage.id})
