from odoo import api, models

from ..queries import points as queries
from ..queries import points_adopt


class DcrmPointsAccount(models.Model):
    """Taking over the cards that a program has before a club keeps its points."""

    _inherit = "dcrm.points.account"

    @api.model
    def _adopt(self, club, card):
        """Return the account of one card, made with its opening where there is none."""
        account = self.sudo().search([("card_id", "=", card.id)])
        if not account:
            self._adopt_cards(club, 1, card)
            account = self.sudo().search([("card_id", "=", card.id)])
        return account

    @api.model
    def _adopt_customer(self, club, customer):
        """Return the account of a customer whose cards nobody has adopted yet."""
        self.env.flush_all()
        ids = self.env.execute_query(
            points_adopt.cards_of(club.program_id.id, customer.id)
        )
        if not ids:
            return self.browse()
        cards = self.env["loyalty.card"].browse([id_ for [id_] in ids])
        self._adopt_cards(club, len(cards), cards)
        return self._find(club, customer)

    @api.model
    def _count_unadopted(self, club):
        """Return how many cards of the club's program have no account."""
        self.env.flush_all()
        [[count]] = self.env.execute_query(points_adopt.left(club.program_id.id))
        return count

    @api.model
    def _adopt_cards_of(self, partners):
        """Adopt the cards that these partners hold and that have no account yet."""
        cards = self.env["loyalty.card"].sudo()
        cards = cards.search(
            [("partner_id", "in", partners.ids), ("points_account_ids", "=", False)]
        )
        clubs = cards.program_id._kept_clubs()
        for program, of_program in cards.grouped("program_id").items():
            if club := clubs.get(program.id):
                self._adopt_cards(club, len(of_program), of_program)

    @api.model
    def _adopt_cards(self, club, limit, cards=None):
        """Open accounts for cards that have none, with their points as openings.

        Of several cards of a customer the oldest goes on; the points of the others are
        transferred to it, and they are archived.

        :return: how many cards have been adopted
        """
        self.env.flush_all()
        took = self.env.execute_query(
            points_adopt.take(club.program_id.id, limit, cards and cards.ids)
        )
        if not took:
            return 0
        ids = [id_ for [id_] in took]
        cr, uid, day = self.env.cr, self.env.uid, club.company_id._customer_today()
        cr.execute(points_adopt.open_accounts(club.id, club.company_id.id, uid, ids))
        cr.execute(points_adopt.hand_over(ids))
        cr.execute(
            points_adopt.open_moves(
                uid,
                day,
                club._last_day_of_points(day),
                self.env._("Points of the card when the club began to keep them"),
                ids,
            )
        )
        self.env["dcrm.points.entitlement"]._adopt(club, ids)
        self.env.invalidate_all(flush=False)
        self._unite_doubles(ids)
        return len(ids)

    @api.model
    def _unite_doubles(self, card_ids):
        """Leave customers one account in use: further cards of theirs are archived."""
        into = {
            self.sudo().browse(double): self.sudo().browse(kept)
            for double, kept in self.env.execute_query(
                points_adopt.duplicates(card_ids)
            )
        }
        if into:
            self._transfer_all(into, self.env._("Second card of the customer"))
            self.sudo().union(*into).card_id.action_archive()

    def _transfer(self, other, reason):
        """Move all that there is on this account to another one of the club."""
        self.ensure_one()
        self._transfer_all({self: other}, reason)

    @api.model
    def _transfer_all(self, into, reason):
        """Move all that there is on accounts to others of their clubs.

        Points keep the day on which they expire, and what is owed stays owed. What
        happens to a document of an account from now on happens to the other one.

        :param into: ``{account: the other one}``
        """
        doubles, others = self.union(*into), self.union(*into.values())
        (doubles | others)._lock()
        owed = {each: each.balance for each in doubles.filtered("debt")}
        debits = self._transfer_lots(into, reason)
        self.env.flush_all()
        if debits:
            self.env.execute_query(queries.use_lots(debits.ids))
            self.env.execute_query(queries.work_off(others.ids))
        (doubles | others)._moved()
        for account, points in owed.items():
            account._post("transfer", -points, reason=reason)
            into[account]._post("transfer", points, reason=reason)
        for account, other in into.items():
            account._transfer_pending(other, reason)
            days = filter(None, [account.last_activity, other.last_activity])
            other.last_activity = max(days, default=False)
            account.write({"merged_into_id": other.id, "partner_id": False})

    @api.model
    def _transfer_lots(self, into, reason):
        """Add the moves that bring open lots to other accounts; return the debits."""
        debits, credits_ = [], []
        for account, other in into.items():
            for lot in account.lot_ids.filtered("remaining"):
                root = lot.move_id.origin_id or lot.move_id
                values = {"reason": reason, "lot_id": lot.id, "origin_id": root.id}
                debits.append(account._values("transfer", -lot.remaining, **values))
                values["expires_on"] = lot.expires_on
                credits_.append(other._values("transfer", lot.remaining, **values))
        moves = self.env["dcrm.points.move"].sudo()
        debits = moves.create(debits)
        moves.create(credits_)
        return debits

    def _transfer_pending(self, other, reason):
        for root, pending in self._pending_roots() if self.pending else ():
            values = {"reason": reason, "origin_id": root.id}
            self._post("transfer", 0.0, pending=-pending, **values)
            other._post(
                "transfer",
                0.0,
                pending=pending,
                available_on=root.available_on,
                expires_on=root.expires_on,
                **values,
            )

    def _living(self):
        """Return the account that this one has become."""
        account = self
        while account.merged_into_id:
            account = account.merged_into_id
        return account

    def _pending_roots(self):
        """Return ``[(move, points)]`` of what is pending here, the oldest first."""
        moves = self.env["dcrm.points.move"].sudo()
        return [
            (moves.browse(id_), float(points))
            for id_, points in self.env.execute_query(queries.pending(self.ids))
        ]
