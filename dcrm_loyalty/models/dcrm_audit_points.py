from odoo import api, models
from odoo.tools import split_every

from odoo.addons.dcrm_analytics.models.dcrm_audit import Invariant

from ..queries import points_audit as audit
from ..queries import points_audit_member as of_members
from ..queries import points_audit_till as of_till
from .dcrm_points_entitlement import BATCH


class DcrmAudit(models.AbstractModel):
    _inherit = "dcrm.audit"

    @api.model
    def _invariants(self, companies):
        ids = tuple(companies.ids)
        return [
            *super()._invariants(companies),
            *self._points_ledger_invariants(ids),
            *self._points_lot_invariants(ids),
            *self._points_move_invariants(ids),
            *self._points_member_invariants(ids),
            *self._points_order_invariants(companies),
            *self._points_till_invariants(ids),
        ]

    def _points_ledger_invariants(self, ids):
        """Balances, cards, lots and debts follow from the moves."""
        written = self.env._(
            "Something has written the tables of points while the database did not "
            "guard them: find it, and correct these by moves."
        )
        return [
            Invariant(
                "points_guarded",
                "dcrm.club",
                self.env._(
                    "The points of %(count)s clubs are kept by a ledger that the "
                    "database does not guard. Upgrade the module, which guards it "
                    "again."
                ),
                audit.clubs_unguarded(ids),
            ),
            Invariant(
                "points_balance_is_moves",
                "dcrm.points.account",
                self.env._(
                    "The balance or the pending points of %(count)s accounts are not "
                    "the sum of their moves."
                )
                + f" {written}",
                audit.accounts_unlike_moves(ids),
            ),
            Invariant(
                "points_on_cards",
                "dcrm.points.account",
                self.env._(
                    "%(count)s accounts have a card with other points, of another "
                    "customer or of another program."
                )
                + f" {written}",
                audit.accounts_unlike_cards(ids),
            ),
            Invariant(
                "points_in_lots",
                "dcrm.points.account",
                self.env._(
                    "The open lots of %(count)s accounts are not what these have and "
                    "owe."
                )
                + f" {written}",
                audit.accounts_unlike_lots(ids),
            ),
            Invariant(
                "points_owed",
                "dcrm.points.account",
                self.env._(
                    "%(count)s accounts owe other than what their debits lack, or owe "
                    "while they have points."
                )
                + f" {written}",
                audit.accounts_unlike_debts(ids),
            ),
            Invariant(
                "points_issued_are_somewhere",
                "dcrm.club",
                self.env._(
                    "%(count)s clubs have issued other points than were redeemed, "
                    "expired, reversed or are outstanding."
                )
                + f" {written}",
                audit.clubs_out_of_balance(ids),
            ),
        ]

    def _points_lot_invariants(self, ids):
        """Each debit takes points once, of its account, those first that expire."""
        return [
            Invariant(
                "points_in_lots",
                "dcrm.points.move",
                self.env._(
                    "%(count)s moves that brought points have no lot, or one that is "
                    "not what they brought."
                ),
                audit.credits_without_lot(ids),
            ),
            Invariant(
                "points_used_once",
                "dcrm.points.lot",
                self.env._(
                    "%(count)s lots have other points left than their uses left them."
                ),
                audit.lots_unlike_uses(ids),
            ),
            Invariant(
                "points_used_once",
                "dcrm.points.move",
                self.env._(
                    "%(count)s debits use other points than they take, or those of "
                    "another account."
                ),
                audit.debits_not_covered(ids),
            ),
            Invariant(
                "points_nearest_expiry_first",
                "dcrm.points.move",
                self.env._(
                    "%(count)s debits took points while others were there that "
                    "expired before."
                ),
                audit.debits_out_of_turn(ids),
            ),
        ]

    def _points_move_invariants(self, ids):
        """A move is what its kind says; reversed is not more than there was."""
        return [
            Invariant(
                "points_moves_in_their_account",
                "dcrm.points.move",
                self.env._(
                    "%(count)s moves are of another card, club or company than their "
                    "account."
                ),
                audit.moves_astray(ids),
            ),
            Invariant(
                "points_moves_of_their_kind",
                "dcrm.points.move",
                self.env._(
                    "%(count)s moves have numbers that moves of their kind never have."
                ),
                audit.moves_unlike_kind(ids),
            ),
            Invariant(
                "points_reversed_once",
                "dcrm.points.move",
                self.env._(
                    "Of %(count)s moves more was released, taken back or given back "
                    "than they moved. Adjust the points of their members."
                ),
                audit.moves_reversed_beyond(ids),
            ),
            Invariant(
                "points_given_back_as_taken",
                "dcrm.points.move",
                self.env._(
                    "%(count)s redemptions gave back points of other lots than they "
                    "took."
                ),
                audit.lots_given_back_beyond(ids),
            ),
        ]

    def _points_member_invariants(self, ids):
        """A customer has one account a club, and one card."""
        return [
            Invariant(
                "points_of_customers",
                "dcrm.points.account",
                self.env._(
                    "%(count)s accounts of points are those of contacts of a "
                    "customer. Save the contact's company again."
                ),
                of_members.accounts_of_contacts(ids),
            ),
            Invariant(
                "points_of_customers",
                "loyalty.card",
                self.env._(
                    "%(count)s cards of clubs have points that no ledger keeps. Let "
                    "the club adopt its cards again."
                ),
                of_members.cards_without_account(ids),
            ),
            Invariant(
                "points_merged_in_full",
                "dcrm.points.account",
                self.env._(
                    "%(count)s accounts are in another company than their club, or "
                    "were merged into another one and are not empty."
                ),
                of_members.accounts_of_nobody(ids),
            ),
            Invariant(
                "points_asked_for_once",
                "dcrm.points.request",
                self.env._(
                    "%(count)s requests for points have no answer, or another move "
                    "than that which they were answered with."
                ),
                of_members.requests_unlike_moves(ids),
            ),
        ]

    def _points_order_invariants(self, companies):
        """What the ledger holds of orders is what the orders say."""
        ids = tuple(companies.ids)
        settle = self.env._(
            "Change nothing by hand: open the order and save one of its lines again, "
            "which settles its points."
        )
        return [
            Invariant(
                "points_orders_earn_what_they_may",
                "sale.order",
                self.env._(
                    "The ledger holds other earned points of %(count)s orders than "
                    "these are entitled to."
                )
                + f" {settle}",
                of_members.orders_unlike_entitlements(
                    ids, self.env["dcrm.points.entitlement"]._get_due(companies)
                ),
            ),
            Invariant(
                "points_orders_redeem_what_rewards_cost",
                "sale.order",
                self.env._(
                    "The ledger holds other redeemed points of %(count)s orders than "
                    "their rewards cost."
                )
                + f" {settle}",
                of_members.orders_unlike_rewards(ids, self._get_rewards_due(ids)),
            ),
        ]

    def _get_rewards_due(self, ids):
        """Return what is left redeemed of orders whose documents tell it.

        :return: a list of ``(order id, club id, points)``
        """
        found = self.env.execute_query(of_members.orders_with_rewards_billed(ids))
        due = []
        for batch in split_every(BATCH, [order_id for [order_id] in found]):
            for order in self.env["sale.order"].sudo().browse(batch):
                used = order._points_used()
                due += [(order.id, club.id, points) for club, points in used.items()]
            self.env.invalidate_all()
        return due

    def _points_till_invariants(self, ids):
        """What the ledger holds of orders of the till is what these say."""
        if "points_cost" not in getattr(self.env.get("pos.order.line"), "_fields", ()):
            return []
        return [
            Invariant(
                "points_orders_of_the_till",
                "pos.order",
                self.env._(
                    "The ledger holds other points of %(count)s orders of the till "
                    "than these may bring. Adjust the points of their customers."
                ),
                of_till.orders_unlike_till(ids),
            ),
        ]
