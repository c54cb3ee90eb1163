from odoo import api, fields, models


class DcrmClub(models.Model):
    """Taking over the cards that a program has when a club begins to keep its points.

    A few are taken over at once. Of a big program the rest is a run; whoever comes with
    a card that it has not reached is taken over first.
    """

    _inherit = "dcrm.club"

    adoption_id = fields.Many2one(
        "dcrm.run",
        "Taking Over",
        compute="_compute_adoption_id",
        help="The run that is taking over the cards of the program",
    )
    adoption_progress = fields.Float(compute="_compute_adoption_id")

    @api.depends("program_id")
    def _compute_adoption_id(self):
        runs = self.env["dcrm.run"].search(
            [
                ("kind", "=", "points_adopt"),
                ("company_id", "in", self.company_id.ids),
                ("state", "in", ("waiting", "running")),
            ]
        )
        of_club = {(run.options or {}).get("club_id"): run for run in runs}
        for club in self:
            run = of_club.get(club._origin.id, runs.browse())
            club.adoption_id, club.adoption_progress = run, run.progress

    def _keep_points(self):
        result = super()._keep_points()
        accounts = self.env["dcrm.points.account"].sudo()
        for club in self.sudo().filtered("program_id"):
            left = accounts._count_unadopted(club)
            if left and not club.adoption_id:
                run = self.env["dcrm.run"]._start(
                    "points_adopt", club.company_id, club_id=club.id
                )
                run.sudo().total = left
                self.invalidate_recordset(["adoption_id"])
        return result

    def action_open_adoption(self):
        """Return the action that shows how far the cards are taken over."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Taking Over of Cards"),
            "res_model": "dcrm.run",
            "res_id": self.adoption_id.id,
            "views": [(False, "form")],
        }
