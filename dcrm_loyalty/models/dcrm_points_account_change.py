from odoo import api, models
from odoo.exceptions import UserError

from .dcrm_points_account import MOST
from .points_context import OPENING


class DcrmPointsAccount(models.Model):
    """What people do to accounts by hand: points for a reason, and another holder."""

    _inherit = "dcrm.points.account"

    def _adjust(self, points, reason, expires_on=None):
        """Add points, or take some, for a reason.

        :param expires_on: the last day of added points, by default the club's
        :raise UserError: where there are not enough to be taken
        """
        values = {"reason": reason}
        if points > 0:
            today = self.company_id._customer_today()
            values["expires_on"] = expires_on or self.club_id._last_day_of_points(today)
        return self._post("adjust", points, **values)

    @api.model
    def _check_number(self, points):
        """Return points that somebody sent if they can be, else raise UserError."""
        if isinstance(points, (int, float)) and abs(points) < MOST:
            return points
        raise UserError(self.env._("Points are a number below ten thousand million."))

    def _is_open_to_holder(self):
        """Tell whether who has the account may earn and redeem points of the club."""
        if not self.club_id.active or not self.club_id.members_only:
            return self.club_id.active
        domain = [
            ("club_id", "=", self.club_id.id),
            ("partner_id", "=", self.partner_id.id),
            ("state", "=", "active"),
        ]
        memberships = self.env["dcrm.membership"].sudo()
        return bool(memberships.search_count(domain, limit=1))

    def _give_to(self, customer, reason):
        """Make these the accounts of a customer.

        Where the customer has one of the club, the points go there and the card is
        archived.
        """
        for account in self.sorted("id"):
            own = self._find(account.club_id, customer)
            if own == account:
                continue
            if own:
                account._transfer(own, reason)
                account._hand_quotations_to(own)
                account.card_id.action_archive()
                continue
            account.partner_id = customer
            account._hold_card()

    def _hand_quotations_to(self, account):
        """Have the rewards on quotations be paid from another account."""
        orders = (
            self.env["sale.order"]
            .sudo()
            .search(
                [
                    ("state", "in", ("draft", "sent")),
                    "|",
                    ("applied_coupon_ids", "in", self.card_id.ids),
                    ("order_line.coupon_id", "in", self.card_id.ids),
                ]
            )
        )
        for order in orders:
            lines = order.order_line.filtered(
                lambda line: line.coupon_id in self.card_id
            )
            lines.coupon_id = account.card_id
            order.applied_coupon_ids += account.card_id - order.applied_coupon_ids
            order.applied_coupon_ids -= self.card_id

    def _hold_card(self):
        """Put the host's card in the hands of the customer of the account."""
        # Only the holder changes: nothing is to be checked, posted or mailed.
        for account in self:
            card = account.card_id.with_context(dcrm_points=OPENING)
            card.partner_id = account.partner_id
