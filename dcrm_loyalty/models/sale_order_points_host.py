from functools import partial

from odoo import fields, models
from odoo.exceptions import UserError

from .dcrm_points_account import POINTS
from .points_context import CLAIMING, CONFIRMING, HELD, LATER, REWARDING
from .sale_order_points import CONFIRMED


class SaleOrder(models.Model):
    """Where the host grants and takes points, for cards that the ledger keeps.

    The host goes on to choose rewards and to price them. What they may cost comes from
    the ledger, and what the host would write on a card follows from the ledger.
    """

    _inherit = "sale.order"

    # -- confirming and cancelling -----------------------------------------------------

    def action_confirm(self):
        for order in self:
            order._check_rewards_hold()
        orders = self.with_context(dcrm_points=CONFIRMING)
        return super(SaleOrder, orders).action_confirm()

    def _check_confirmed_by_hand(self):
        """Raise UserError where the state of an order with rewards is written only.

        Its rewards are counted anew, and checked, when it is confirmed.
        """
        if self.env.context.get("dcrm_points") is not CONFIRMING:
            for order in self - self._confirmed():
                if order.order_line.coupon_id.filtered(
                    lambda card, order=order: order._get_kept_club(card.program_id)
                ):
                    raise UserError(
                        self.env._(
                            "%s has rewards for points: confirm it by its button.",
                            order.display_name,
                        )
                    )

    def _action_cancel(self):
        # Of companies without a club, where the host gave points of before.
        others = (self - self._of_points_companies()).filtered("coupon_point_ids")
        orders = self.with_context(dcrm_points=HELD)
        result = super(SaleOrder, orders)._action_cancel()
        if others:
            others._settle_points()
        return result

    def _get_point_changes(self):
        changes = super()._get_point_changes()
        kept = self._get_kept_cards()
        for card in kept & self.env["loyalty.card"].union(*changes):
            del changes[card]
        return changes

    def _add_loyalty_history_lines(self):
        """Write the host's history of other cards only: ours follows from the moves."""
        cards = self.order_line.coupon_id | self.coupon_point_ids.coupon_id
        if not cards - self._get_kept_cards():
            return None
        order = self.with_context(dcrm_points=HELD)
        return super(SaleOrder, order)._add_loyalty_history_lines()

    def _update_loyalty_history(self, coupon_id, points):
        if not self._get_kept_club(coupon_id.program_id):
            return super()._update_loyalty_history(coupon_id, points)
        return None

    def _get_kept_cards(self):
        """Return the cards on the orders that the ledger keeps."""
        cards = self.order_line.coupon_id | self.coupon_point_ids.coupon_id
        return cards.filtered(lambda card: self._get_kept_club(card.program_id))

    # -- choosing rewards --------------------------------------------------------------

    def _update_programs_and_rewards(self):
        self.ensure_one()
        if not self._of_points_companies():
            return super()._update_programs_and_rewards()
        confirming = self.env.context.get("dcrm_points") is CONFIRMING
        order = self.with_context(dcrm_points=None)
        order._apply_kept_cards(offers=not confirming)
        with order._settling_points() as order:
            return super(SaleOrder, order)._update_programs_and_rewards()

    def _get_claimable_rewards(self, forced_coupons=None):
        order = self.with_context(dcrm_points=CLAIMING)
        return super(SaleOrder, order)._get_claimable_rewards(forced_coupons)

    def _write_vals_from_reward_vals(self, reward_vals, old_lines, delete=True):
        order = self.with_context(dcrm_points_of_reward=REWARDING)
        kept = super(SaleOrder, order)._write_vals_from_reward_vals(
            reward_vals, old_lines, delete
        )
        return kept.with_env(self.env)

    def _apply_program_reward(self, reward, coupon, **kwargs):
        with self._settling_points() as order:
            return super(SaleOrder, order)._apply_program_reward(
                reward, coupon, **kwargs
            )

    def _apply_kept_cards(self, offers=True):
        """Have the customer's cards on the order, and no others of kept programs.

        A customer's contacts share its card. Who has none gets one once the order
        itself earns enough for a reward.

        :param offers: whether rewards may be chosen yet
        """
        self._forget_host_points()
        if not self._has_points_customer():
            return
        if offers:
            self.invalidate_recordset(["points_account_ids"], flush=False)
        cards = self.env["loyalty.card"]
        for club in self.company_id._points_clubs().filtered("active"):
            account = self._find_points_account(club)
            if offers and not account and self._earns_a_reward_at_once(club):
                account = self._open_points_account(club)
            cards |= account.card_id.with_env(self.env)
        if new := cards - self.applied_coupon_ids:
            self.applied_coupon_ids += new

    def _forget_host_points(self):
        """Drop what the host was to give cards before the ledger kept them."""
        self.sudo().coupon_point_ids.filtered(
            lambda points: self._get_kept_club(points.coupon_id.program_id)
        ).unlink()

    def _earns_a_reward_at_once(self, club):
        points = self._get_points_earned_at_once(club)
        return points and any(
            reward.required_points <= points for reward in club.program_id.reward_ids
        )

    def _is_enough_to_claim_all(self, club, points):
        """Tell whether it is asked what can be claimed only, and every reward can be.

        What the order itself earns needs no counting then.
        """
        return self.env.context.get("dcrm_points") is CLAIMING and all(
            reward.required_points <= points for reward in club.program_id.reward_ids
        )

    def _get_points_earned_at_once(self, club):
        """Return what the order earns, if its own reward can already take it."""
        program = club.program_id
        later = club.earn_on != "order" or club.pending_days
        if later or program.applies_on != "both" or self.state == CONFIRMED:
            return 0.0
        clubs = club & self._earning_clubs()
        return sum(self._points_of(clubs).values()) if clubs else 0.0

    # -- what a card of ours may pay ---------------------------------------------------

    def _get_real_points_for_coupon(self, coupon, post_confirm=False):
        """Return the points that the order may still use; not rounded by currency."""
        club = self._get_kept_club(coupon.program_id)
        if not club:
            return super()._get_real_points_for_coupon(coupon, post_confirm)
        cost = self._get_points_cost(coupon)
        if self.env.context.get("dcrm_points") is CONFIRMING:
            # They hold, see :meth:`_check_rewards_hold`.
            return 0.0
        if self._get_card_refusal(coupon):
            return -cost
        account = self._get_card_account(club, coupon)
        usable = account.usable
        if self.state != CONFIRMED:
            if not self._is_enough_to_claim_all(club, usable - cost):
                usable += self._get_points_earned_at_once(club)
            usable = max(usable, 0.0) - cost
        elif self.env.context.get("dcrm_points_later") is LATER:
            usable = max(usable + self._get_points_taken(account), 0.0) - cost
        else:
            usable = max(usable, 0.0)
        return round(usable, POINTS[1])

    def _get_card_account(self, club, card):
        """Return the account of a card, adopted if nobody has by now."""
        own = self._find_points_account(club)
        if own.card_id == card:
            return own
        accounts = self.env["dcrm.points.account"].sudo()
        account = card.sudo().points_account_ids or accounts._adopt(club, card)
        return account._living()

    def _get_points_cost(self, card):
        lines = self.order_line.filtered(lambda line: line.coupon_id == card)
        return sum(line._get_points_used() for line in lines)

    def _get_reward_values_discount(self, reward, coupon, **kwargs):
        """Have a discount by the point cost what it gives, not rounded by currency."""
        values = super()._get_reward_values_discount(reward, coupon, **kwargs)
        by_point = reward.discount_mode == "per_point" and not reward.clear_wallet
        if by_point and self._get_kept_club(coupon.program_id):
            for line in values:
                if line.get("points_cost"):
                    line["points_cost"] = self._get_cost_by_point(reward, coupon)
        return values

    def _get_cost_by_point(self, reward, card):
        """Return how many points a discount by the point takes."""
        discountable, _per_tax = getattr(
            self, f"_discountable_{reward.discount_applicability}"
        )(reward)
        usable = self._get_real_points_for_coupon(card)
        usable = usable // reward.required_points * reward.required_points
        to_reward = partial(
            self.currency_id._convert,
            to_currency=reward.currency_id,
            company=self.company_id,
            date=fields.Date.today(),
            round=False,
        )
        given = min(to_reward(discountable), to_reward(self.amount_total))
        if reward.discount_max_amount:
            given = min(given, reward.discount_max_amount)
        return round(min(given / reward.discount, usable), POINTS[1])

    def _get_points_taken(self, account):
        """Return what the ledger holds as redeemed by the order."""
        moves = self.env["dcrm.points.move"].sudo()
        return -sum(
            float(points)
            for rows in moves._of_documents(self).values()
            for id_, issuing, points, _pending in rows
            if not issuing and moves.browse(id_).account_id._living() == account
        )
