from datetime import timedelta

from odoo import models

from ..queries import points as queries


class DcrmPointsAccount(models.Model):
    """What orders ask of an account."""

    _inherit = "dcrm.points.account"

    def _get_usable(self):
        """Return the balance without what has expired and was not yet taken."""
        self.ensure_one()
        if self.club_id.points_expiry == "never" and self.balance <= 0:
            return self.balance
        day = self.company_id._customer_today()
        expired = self.env.execute_query(queries.expired(self.ids, day))
        return self.balance - sum(float(points) for _account, points in expired)

    def _issue_of_order(self, points, **values):
        """Post what an order earns: at once, or pending as long as the club says."""
        club, day = self.club_id, self.company_id._customer_today()
        if not club.pending_days:
            expires_on = club._last_day_of_points(day)
            return self._post("earn", points, expires_on=expires_on, **values)
        day += timedelta(days=club.pending_days)
        return self._post(
            "pending",
            0.0,
            pending=points,
            available_on=day,
            expires_on=club._last_day_of_points(day),
            **values,
        )
