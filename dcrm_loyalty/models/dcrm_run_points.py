from odoo import fields, models

# How many cards a batch takes over; some seconds of work.
ADOPTED = 5000


class DcrmRun(models.Model):
    """Taking over the cards of a big program, a batch at a time."""

    _inherit = "dcrm.run"

    kind = fields.Selection(
        selection_add=[("points_adopt", "Taking over of cards")],
        ondelete={"points_adopt": "cascade"},
    )

    def _step_points_adopt(self):
        """Take over the next cards of a club's program."""
        club = self.env["dcrm.club"].browse(self.options["club_id"]).exists()
        accounts = self.env["dcrm.points.account"]
        if not club.program_id:
            return 0, 0
        self.phase = self.env._("Taking over cards")
        done = accounts._adopt_cards(club, ADOPTED)
        remaining = accounts._count_unadopted(club)
        if not remaining:
            self._say(
                self.env._(
                    "%(cards)s cards taken over for %(club)s.",
                    cards=self.done + done,
                    club=club.name,
                )
            )
        return done, remaining
