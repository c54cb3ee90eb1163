from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .points_context import HELD

# The method of the till's orders that moves points on cards.
CONFIRMS = "confirm_coupon_programs"


class LoyaltyCard(models.Model):
    """What the till does to cards that the ledger keeps, where point of sale is there.

    The till says by how much the points of a card change with an order. The ledger has
    what the order earns and what its rewards cost as moves of that order, once.
    """

    _inherit = "loyalty.card"

    def _register_hook(self):
        """Stand before the till's method: its model may not be installed."""
        super()._register_hook()
        orders = self.pool.get("pos.order")
        if hasattr(orders, CONFIRMS) and CONFIRMS not in vars(orders):
            setattr(orders, CONFIRMS, confirm_coupon_programs)

    def _confirm_at_till(self, order, changes):
        """Let the till confirm what an order does to cards, ours by moves of points.

        :param changes: ``{card id, below zero for a new one: {'points', …}}``
        :return: what the till's own method returns
        """
        order.ensure_one()
        order.check_access("write")
        changes = {int(key): dict(change) for key, change in changes.items()}
        programs = self.env["loyalty.program"].browse(
            {change["program_id"] for change in changes.values()}
        )
        clubs = programs._kept_clubs()
        done = self._clubs_done_at_till(order) if clubs else ()
        changes = {
            key: change
            for key, change in changes.items()
            if clubs.get(change["program_id"]) not in done
        }
        points = {key: change["points"] for key, change in changes.items()}
        held = order.with_context(dcrm_points=HELD)
        confirm = getattr(super(type(order), held), CONFIRMS)
        result = confirm(changes)
        for update in result["coupon_updates"]:
            card = self.browse(update["id"])
            if update["program_id"] in clubs:
                # The till may know a card by the id of another one of the customer.
                change = points.get(update["old_id"])
                change = points.get(update["id"]) if change is None else change
                card.sudo()._post_at_till(order, change or 0.0)
                update["points"] = card.sudo()._living_card().points
        return result

    def _clubs_done_at_till(self, order):
        """Return the clubs whose moves of the order are there already."""
        moves = self.env["dcrm.points.move"].sudo()
        accounts = self.env["dcrm.points.account"].sudo()
        found = moves._of_documents(order)
        return accounts.browse([account_id for _order, account_id in found]).club_id

    def _living_card(self):
        """Return the card that this one has become."""
        return self.points_account_ids._living().card_id

    def _post_at_till(self, order, change):
        """Post what an order of the till earns on a card and what it takes from it.

        :param change: by how much the points change in all
        """
        order = order.sudo()
        account = self.points_account_ids._living()
        rewards = order.lines.filtered(lambda line: line.coupon_id == self)
        costs = [account._check_number(cost) for cost in rewards.mapped("points_cost")]
        told = account._check_number(change) + sum(costs)
        bought = rewards.filtered(lambda line: not line.refunded_orderline_id)
        used = sum(bought.mapped("points_cost"))
        if order.state in ("draft", "cancel") or min(costs, default=0.0) < 0:
            raise UserError(
                self.env._(
                    "%s is not paid, or has a reward that costs less than no points: "
                    "it moves none.",
                    order.display_name,
                )
            )
        self._check_adds_up_at_till(order)
        self._check_costs_at_till(bought)
        self._check_at_till(account, order, used)
        account._lock()
        account._settle_at_till(order, told, used)

    def _check_adds_up_at_till(self, order):
        """Raise UserError where lines come to more than the order: points follow them.

        The least coin a line is rounding, and so is that of paying in cash.
        """
        amount = sum(order.lines.mapped("price_subtotal_incl"))
        coins = order.currency_id.rounding * (len(order.lines) + 1)
        coins += order.config_id.rounding_method.rounding
        if amount > order.amount_total + coins:
            raise UserError(
                self.env._(
                    "The lines of %(order)s come to %(amount)s, and not to %(total)s.",
                    order=order.display_name,
                    amount=order.currency_id.format(amount),
                    total=order.currency_id.format(order.amount_total),
                )
            )

    def _check_costs_at_till(self, lines):
        """Raise UserError where rewards are given for fewer points than they cost."""
        for (reward, _code), given in lines.grouped(
            lambda line: (line.reward_id, line.reward_identifier_code)
        ).items():
            if reward._is_too_cheap_at_till(given):
                raise UserError(
                    self.env._(
                        "%(order)s gives %(reward)s for fewer points than it costs.",
                        order=lines.order_id.display_name,
                        reward=reward.description,
                    )
                )

    def _check_at_till(self, account, order, used):
        """Raise UserError where an order may not use the points of the card."""
        holder = account.partner_id
        if holder and order.partner_id.commercial_partner_id != holder:
            raise UserError(
                self.env._(
                    "Card %(card)s is that of %(customer)s: nobody else uses its "
                    "points.",
                    card=self.code,
                    customer=holder.display_name,
                )
            )
        if used <= 0:
            return
        if not (self.active and account._may_earn_at_till(order)):
            raise UserError(
                self.env._(
                    "Card %s can not be used: it is archived, of another company, or "
                    "its holder is no active member.",
                    self.code,
                )
            )
        account.card_id._check_not_expired(order.date_order.date())

    def _check_not_expired(self, day):
        """Raise UserError where the last day of the card is before a day."""
        if self.expiration_date and self.expiration_date < day:
            raise UserError(
                self.env._(
                    "Card %(card)s expired on %(day)s: nobody uses its points.",
                    card=self.code,
                    day=format_date(self.env, self.expiration_date),
                )
            )


def confirm_coupon_programs(self, coupon_data):
    """Confirm at the till what an order does to cards; see ``loyalty.card``."""
    return self.env["loyalty.card"]._confirm_at_till(self, coupon_data)
