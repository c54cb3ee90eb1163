from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .dcrm_points_account import POINTS


class SaleOrder(models.Model):
    """Rewards that an order can not have are refused in words, before it is confirmed.

    The host drops some of them in silence, and lets others pass.
    """

    _inherit = "sale.order"

    def _check_rewards_hold(self):
        """Raise UserError where a reward of the order can not be had any more."""
        for card in self.order_line.coupon_id:
            if refusal := self._get_card_refusal(card):
                raise UserError(refusal)
            club = self._get_kept_club(card.program_id)
            if not club or self._has_points_enough(club, card):
                continue
            left = self._get_real_points_for_coupon(card)
            if left < 0:
                raise UserError(self._get_points_missing(club, card, left))

    def _has_points_enough(self, club, card):
        """Tell whether what the card has is enough, whatever the order earns."""
        cost = self._get_points_cost(card)
        return round(self._get_card_account(club, card).usable - cost, POINTS[1]) >= 0

    def _try_apply_code(self, code):
        card = self.env["loyalty.card"]
        if self.company_id.sudo().coupons_personal:
            card = card.search([("code", "=", code)])
        if card and (refusal := self._get_card_refusal(card)):
            return {"error": refusal}
        return super()._try_apply_code(code)

    def _apply_program_reward(self, reward, coupon, **kwargs):
        if refusal := self._get_card_refusal(coupon):
            return {"error": refusal}
        return super()._apply_program_reward(reward, coupon, **kwargs)

    def _get_points_missing(self, club, card, left):
        cost = self._get_points_cost(card)
        return self.env._(
            "The rewards of %(order)s take %(cost)s points of %(club)s, and "
            "%(customer)s has %(points)s by now. Remove a reward from the order, then "
            "confirm it.",
            order=self.display_name,
            cost=round(cost, POINTS[1]),
            club=club.name,
            customer=self.partner_id.commercial_partner_id.display_name,
            points=round(cost + left, POINTS[1]),
        )

    def _get_card_refusal(self, card):
        """Return why the order may not use a card or coupon, or False.

        Cards that the ledger keeps are held to it always, others where coupons are
        personal in the order's company.
        """
        card = card.sudo()
        club = self._get_kept_club(card.program_id)
        if not club and not self.company_id.sudo().coupons_personal:
            return False
        if refusal := club and self._get_club_refusal(club):
            return refusal
        owner = card.partner_id.commercial_partner_id
        if club:
            account = self._get_card_account(club, card)
            owner = account.partner_id
            if not account.card_id.active:
                return self._get_archived_refusal(account.card_id)
        if (owner or club) and owner != self.partner_id.commercial_partner_id:
            return self._get_foreign_refusal(card, owner)
        last = card.expiration_date
        if last and last < self._get_confirmed_tx_create_date():
            return self._get_expired_refusal(card)
        return False

    def _get_archived_refusal(self, card):
        return self.env._(
            "Card %(card)s is archived: nobody uses its points. Unarchive it, or "
            "remove its rewards from %(order)s.",
            card=card.code,
            order=self.display_name,
        )

    def _get_club_refusal(self, club):
        """Return why the order may not use points of a club, or False."""
        if club.company_id != self.company_id:
            return self.env._(
                "%(club)s is a club of %(company)s: its points are for orders there. "
                "Remove its rewards from %(order)s.",
                club=club.name,
                company=club.company_id.name,
                order=self.display_name,
            )
        if not club.active:
            return self.env._(
                "%(club)s is closed: nobody uses its points any more. Remove its "
                "rewards from %(order)s.",
                club=club.name,
                order=self.display_name,
            )
        if club.members_only and not self._is_club_member(club):
            return self.env._(
                "%(customer)s is no active member of %(club)s, whose points are for "
                "members only. Let them join, or remove the reward from %(order)s.",
                customer=self.partner_id.commercial_partner_id.display_name,
                club=club.name,
                order=self.display_name,
            )
        return False

    def _get_foreign_refusal(self, card, owner):
        return self.env._(
            "%(card)s belongs to %(owner)s, not to %(customer)s. Remove its reward "
            "from %(order)s, or sell to %(owner)s.",
            card=card.display_name,
            owner=owner.display_name or self.env._("nobody"),
            customer=self.partner_id.display_name,
            order=self.display_name,
        )

    def _get_expired_refusal(self, card):
        return self.env._(
            "%(card)s expired on %(day)s. Remove its reward from %(order)s, or give "
            "the card a later last day.",
            card=card.display_name,
            day=format_date(self.env, card.expiration_date),
            order=self.display_name,
        )
