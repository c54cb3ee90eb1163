from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_round
from odoo.tools.misc import clean_context

from ..queries import points as queries
from ..queries import points_ledger
from .points_context import OPENING

# What the database writes with the moves.
PROJECTED = ("balance", "pending", "debt", "last_activity")

# By moves of these kinds customers reach what they did not have before.
GAINS = ("earn", "release", "adjust", "import")

# Points are numeric, with more digits than the host's rules ever grant.
POINTS = (16, 4)

# Beyond it numbers of so many digits are no longer exact where the host rounds them.
MOST = 1e10


class DcrmPointsAccount(models.Model):
    """What a member has of a club's points: the ledger behind one card of the host.

    One a customer and club, at the commercial partner: a company's contacts share it.
    The balance is the sum of the moves, and the points of the host's card are a copy of
    it. Below zero is only what is owed: points that were spent and then taken back.
    """

    _name = "dcrm.points.account"
    _description = "Points Account"
    _order = "club_id, id"
    _rec_name = "card_id"

    club_id = fields.Many2one(
        "dcrm.club", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="restrict"
    )
    # Not ``ondelete="cascade"``: who has moves stays.
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        readonly=True,
        ondelete="restrict",
        help="The commercial partner; empty for a card that nobody holds any more",
    )
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    card_id = fields.Many2one(
        "loyalty.card", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    point_name = fields.Char(related="card_id.point_name")
    balance = fields.Float(
        digits=POINTS,
        readonly=True,
        required=True,
        default=0.0,
        help="The sum of the moves; below zero is what is owed",
    )
    pending = fields.Float(
        digits=POINTS,
        readonly=True,
        required=True,
        default=0.0,
        help="Earned, and not to be used before the goods can no longer come back",
    )
    debt = fields.Float(
        "Owed",
        digits=POINTS,
        readonly=True,
        required=True,
        default=0.0,
        help="Points that were spent and then taken back: later earnings work them off",
    )
    merged_into_id = fields.Many2one(
        "dcrm.points.account",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="The account that this one has become, with all its points",
    )
    last_activity = fields.Date(
        readonly=True, help="The day on which the member last earned or redeemed"
    )
    move_ids = fields.One2many("dcrm.points.move", "account_id", readonly=True)
    lot_ids = fields.One2many("dcrm.points.lot", "account_id", readonly=True)

    # The host's merge of partners sees constraints only, and no indexes.
    _unique_member = models.Constraint(
        "UNIQUE(partner_id, club_id)",
        "The customer has an account of this club's points already.",
    )
    _unique_card = models.Constraint(
        "UNIQUE(card_id)", "The card has an account of points already."
    )
    _covered = models.Constraint(
        "CHECK (debt >= 0 AND balance + debt >= 0)",
        "An account of points goes below zero by what is owed only.",
    )
    _pending = models.Constraint(
        "CHECK (pending >= 0)", "More pending points would be taken than there are."
    )

    def init(self):
        # The other tables are there once the last of the module's models is set up.
        self.pool.post_init(self.env.cr.execute, points_ledger.install())

    @api.depends("club_id", "partner_id")
    def _compute_display_name(self):
        for account in self:
            account.display_name = self.env._(
                "%(customer)s: %(club)s",
                customer=account.partner_id.display_name or self.env._("nobody"),
                club=account.club_id.display_name,
            )

    # -- whose account ---------------------------------------------------------------

    @api.model
    def _find(self, clubs, partners):
        """Return the accounts of customers, or their contacts, in clubs; maybe none."""
        if not clubs or not partners:
            return self.sudo().browse()
        return self.sudo().search_fetch(
            [
                ("club_id", "in", clubs.ids),
                ("partner_id", "in", partners.commercial_partner_id.ids),
            ],
            [*PROJECTED, "club_id", "company_id", "partner_id", "card_id"],
        )

    @api.model
    def _open(self, club, partner, values=None):
        """Return the account of a customer, or its contact: a new one where is none.

        :param values: further ones of a card that is new
        :raise psycopg2.errors.SerializationFailure: another transaction came first;
            the host tries a request again
        """
        return self._find(club, partner) or self._make(club, partner, values)

    @api.model
    def _make(self, club, partner, values=None):
        """Return the account of a customer that has none as far as is known."""
        customer = partner.commercial_partner_id
        if account := self._adopt_customer(club, customer):
            return account
        claimed = self.env.execute_query(
            queries.claim(club.id, customer.id, club.company_id.id, self.env.uid)
        )
        if not claimed:
            return self._find(club, partner)
        account = self.sudo().browse(claimed[0])
        account.card_id = (
            self.env["loyalty.card"]
            .sudo()
            .with_context(
                clean_context(self.env.context),
                dcrm_points=OPENING,
                loyalty_no_mail=True,
            )
            .create(
                {
                    **(values or {}),
                    "program_id": club.program_id.id,
                    "partner_id": customer.id,
                }
            )
        )
        # Before anything moves, the database has to know whose card to move along.
        account.flush_recordset(["card_id"])
        return account

    # -- posting ---------------------------------------------------------------------

    def _lock(self):
        """Wait for others who post on these accounts, and expire what has expired.

        What this transaction has read of them still holds: whoever waited for a change
        fails as a serialization failure, and is tried again.
        """
        self.env.flush_all()
        days = {each.id: each._customer_today() for each in self.company_id}
        if not days:
            return
        locked = self.env.execute_query(
            queries.lock(self.ids, days, self._expire_by_inactivity())
        )
        due = self.browse([id_ for id_, expired in locked if expired])
        for company, accounts in due.grouped("company_id").items():
            accounts._expire(days[company.id])

    def _expire_by_inactivity(self):
        """Tell whether points of some of these accounts expire by inactivity."""
        return "inactive" in self.club_id.mapped("points_expiry")

    def _expire(self, day):
        """Take the points of lots whose last day is before ``day``.

        :param day: a ``date``, of the company of the accounts
        :return: the moves
        """
        due = self.env.execute_query(
            queries.expired(self.ids, day, self._expire_by_inactivity())
        )
        moves = self.env["dcrm.points.move"].sudo()
        if not due:
            return moves
        moves = moves.create(
            [
                self.browse(id_)._values(
                    "expire", -points, reason=self.env._("Expired")
                )
                for id_, points in due
            ]
        )
        self.env.flush_all()
        self.env.execute_query(queries.use_expired(moves.ids, day))
        self._moved()
        return moves

    def _post(self, kind, points, **values):
        """Add a move to the account, and return it: the one way in which points move.

        A credit first works off what is owed. A debit takes the points that expire
        first; those of the moves ``first_of`` it takes before all others.

        :param points: signed; rounded to four digits
        :param values: further fields of the move; ``document``: the record that it is
            about
        :raise UserError: where there are not enough points
        """
        self.ensure_one()
        self._lock()
        return self._add(kind, points, **values)

    def _add(self, kind, points, first_of=(), **values):
        """Add a move to the account, which is locked, as :meth:`_post` does."""
        points = self._rounded(points)
        if points < 0 and kind not in points_ledger.OWING:
            self._check_enough(-points)
        before = self.balance
        move = self.env["dcrm.points.move"].sudo()
        move = move.create(self._values(kind, points, **values))
        self.env.flush_all()
        if points < 0:
            self.env.execute_query(queries.use(move.id, [each.id for each in first_of]))
        elif points > 0 and self.debt:
            self.env.execute_query(queries.work_off(self.ids))
        self._moved()
        if kind in GAINS and points > 0:
            self._tell_gain(before, before + points)
        return move

    def _tell_gain(self, before, after):
        """Have the host send what its program says on reaching so many points."""
        card = self.card_id
        card._send_points_reach_communication({card: {"old": before, "new": after}})

    @api.model
    def _rounded(self, points):
        """Return points in the ledger's digits; raise UserError where they are none."""
        if not abs(points) < MOST:
            raise UserError(
                self.env._("Points are a number below ten thousand million.")
            )
        return float_round(points, precision_digits=POINTS[1])

    def _values(self, kind, points, document=None, **values):
        """Return the values of a move."""
        if document:
            values |= {
                "res_model": document._name,
                "res_id": document.id,
                "reference": document.display_name,
            }
        return {
            "account_id": self.id,
            "card_id": self.card_id.id,
            "club_id": self.club_id.id,
            "company_id": self.company_id.id,
            "kind": kind,
            "points": points,
            "day": self.company_id._customer_today(),
            **values,
        }

    def _check_enough(self, points):
        """Raise UserError unless there are so many points to be used."""
        digits = POINTS[1]
        for account in self:
            if round(points - account.balance, digits) > 0:
                raise UserError(
                    self.env._(
                        "%(customer)s has %(balance)s points of %(club)s: that is not "
                        "enough for %(points)s.",
                        customer=account.partner_id.display_name
                        or account.card_id.code,
                        balance=round(account.balance, digits),
                        club=account.club_id.name,
                        points=round(points, digits),
                    )
                )

    def _moved(self):
        """Forget what the database has changed by itself."""
        self.invalidate_recordset([*PROJECTED, "move_ids", "lot_ids"], flush=False)
        self.card_id.invalidate_recordset(["points"], flush=False)
        self.env["dcrm.points.lot"].invalidate_model(flush=False)
        self.env["dcrm.points.move"].invalidate_model(["use_ids"], flush=False)

    def _reverse(self, move, points, **values):
        """Take back so much of what a move brought, or give back what it took.

        :param points: how many, not more than still hold of the move
        :return: the moves
        :raise ValueError: where they are more
        """
        if move.kind == "redeem":
            return self._give_back(move, points, **values)
        return self._take_back(move, points, **values)

    def _take_back(self, move, points, **values):
        """Take back points that a move issued: pending ones first, then its own lots.

        What of these has expired is put back for it: what the customer never used
        is not owed.
        """
        self._lock()
        moves = move | move.search([("origin_id", "=", move.id)])
        pending = sum(moves.mapped("pending"))
        self._check_holds(points, pending + sum(moves.mapped("points")))
        pending = min(points, pending)
        brought = moves.filtered(lambda each: each.points > 0)
        returned = self._put_back_expired(brought, points - pending, **values)
        return returned + self._post(
            "reverse",
            pending - points,
            pending=-pending,
            origin_id=move.id,
            first_of=brought | returned,
            **values,
        )

    def _check_holds(self, points, holds):
        """Raise ValueError where more would be taken or given back than there was."""
        if not 0 < points < holds + 0.5 * 10 ** -POINTS[1]:
            raise ValueError(f"{points} points to be reversed of {holds}")

    def _put_back_expired(self, brought, points, **values):
        """Post those of so many points that have expired of what moves brought.

        :return: the moves, none where the lots have enough or nothing has expired
        """
        returned = brought.browse()
        lots = self.env.execute_query(
            queries.left_and_expired(self.id, brought.ids or [0])
        )
        missing = points - sum(float(left) for _lot_id, left, _expired in lots)
        for lot_id, _left, expired in lots:
            back = round(min(missing, float(expired)), POINTS[1])
            if back > 0:
                missing -= back
                returned += self._post("expire", back, lot_id=lot_id, **values)
        return returned

    def _give_back(self, move, points, **values):
        """Give back points that a move took, to expire when they would have."""
        self._lock()
        given = self.env["dcrm.points.move"]
        uses = self.env.execute_query(queries.uses_to_give_back(move.id))
        self._check_holds(points, sum(float(used) for _lot_id, _day, used in uses))
        left = points
        for lot_id, expires_on, used in uses:
            back = round(min(left, float(used)), POINTS[1])
            if back <= 0:
                break
            left -= back
            given += self._post(
                "reverse",
                back,
                origin_id=move.id,
                lot_id=lot_id,
                expires_on=expires_on,
                **values,
            )
        return given

    @api.ondelete(at_uninstall=False)
    def _unlink_except_moved(self):
        if any(account.move_ids for account in self.sudo()):
            raise UserError(
                self.env._(
                    "An account of points that has moves stays: what they tell must "
                    "not be lost."
                )
            )
