from odoo import fields, models

from ..queries import escalation as queries


class DcrmTicketTeam(models.Model):
    """To whom it climbs in a team, and by which ladders."""

    _inherit = "dcrm.ticket.team"

    lead_id = fields.Many2one(
        "res.users",
        "Team Lead",
        check_company=True,
        domain=[("share", "=", False)],
        help="Ladders climb to the lead, and end there where nobody else is left",
    )
    manager_id = fields.Many2one(
        "res.users",
        check_company=True,
        domain=[("share", "=", False)],
        help="Whom ladders climb to above the lead",
    )
    escalation_policy_ids = fields.One2many(
        "dcrm.escalation.policy", "team_id", "Escalation Ladders"
    )

    def _ladders_changed(self):
        """Have the open deadlines of these teams looked at soon."""
        if not self:
            return
        self.env.flush_all()
        climbing = self.env["dcrm.escalation.policy"]._teams_with_ladder()
        now = fields.Datetime.now()
        self.env.cr.execute(queries.look_anew(self.ids, climbing, now))
        self.env["dcrm.sla.clock"].invalidate_model(["climb_at"], flush=False)
