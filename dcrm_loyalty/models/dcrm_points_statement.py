from odoo import models
from odoo.tools import float_round, format_date
from odoo.tools.misc import formatLang

from ..queries import points_report
from .dcrm_points_account import POINTS

# So many days on which points expire, or can be used, are named.
DAYS_SHOWN = 6


class DcrmPointsAccount(models.Model):
    """The statement of an account: what the member has, and how it came to it.

    Shown in the portal, printed and mailed. It is read in the same number of queries
    however many moves there are.
    """

    _inherit = "dcrm.points.account"

    def _statement(self):
        """Return what a member has.

        :return: dict ``balance, pending, debt`` (numbers), ``expiring`` and
            ``awaited``: lists of ``(day, points)``, the first days first; the day of
            ``awaited`` is None where it is not known yet
        """
        self.ensure_one()
        self.env.flush_all()
        query = self.env.execute_query
        return {
            "balance": self.balance,
            "pending": self.pending,
            "debt": self.debt,
            "expiring": [
                (day, float(points))
                for day, points in query(points_report.expiring(self.id, DAYS_SHOWN))
            ],
            "awaited": [
                (day, float(points))
                for day, points in query(points_report.awaited(self.id, DAYS_SHOWN))
            ],
        }

    def _history(self, moves):
        """Return what happened, a dict a move, in their order.

        :param moves: of this account
        :return: dicts ``day, what, why`` (texts), ``points, pending, balance``
            (numbers; the balance after the move) and ``url`` of its document where the
            user may see it in the portal, else False
        """
        self.ensure_one()
        found = self.env.execute_query(points_report.balances(self.id, moves.ids))
        balances = {id_: float(balance) for id_, balance in found}
        documents = moves._documents()
        return [
            {
                "day": move.day,
                "what": move._in_words(),
                "why": move.why,
                "points": move.points,
                "pending": move.pending,
                "balance": balances[move.id],
                "url": getattr(documents.get(move), "access_url", False),
            }
            for move in moves
        ]

    def _period(self, first, last, limit):
        """Return how what the member had became what the member has.

        :param first: the first day (a ``date``); ``last``: the last one
        :param limit: so many moves are told one by one, the latest; earlier ones are
            told by their number and sum
        :return: dict ``first, last, opening, closing`` (balances), ``earlier`` (how
            many moves are not told) and ``earlier_points``, ``history`` (see
            :meth:`_history`), the first move first
        """
        self.ensure_one()
        domain = [
            ("account_id", "=", self.id),
            ("day", ">=", first),
            ("day", "<=", last),
        ]
        moves = self.env["dcrm.points.move"]
        [[count, total]] = moves._read_group(domain, [], ["__count", "points:sum"])
        told = moves.search(domain, order="day desc, id desc", limit=limit)
        history = self._history(told[::-1])
        [[opening]] = self.env.execute_query(points_report.before(self.id, first))
        return {
            "first": first,
            "last": last,
            "opening": float(opening),
            "closing": float(opening) + (total or 0.0),
            "earlier": count - len(told),
            "earlier_points": (total or 0.0) - sum(each["points"] for each in history),
            "history": history,
        }

    def _rewards(self):
        """Return what the points can be had for: dicts ``name, points, enough``."""
        self.ensure_one()
        rewards = self.card_id.program_id.reward_ids.sorted("required_points")
        return [
            {
                "name": reward.description,
                "points": reward.required_points,
                "enough": reward.required_points <= self.balance,
            }
            for reward in rewards
        ]

    def _points_text(self, points, signed=False):
        """Return a number of points in words: as many digits as it has."""
        exact = float_round(points, POINTS[1])
        digits = next(
            count
            for count in range(POINTS[1] + 1)
            if float_round(exact, count) == exact or count == POINTS[1]
        )
        text = formatLang(self.env, abs(exact), digits=digits)
        sign = "−" if exact < 0 else "+" if signed and exact else ""
        return f"{sign}{text}"

    def _named_points(self, points):
        """Return a number of points with the name that the program gives them."""
        self.ensure_one()
        return f"{self._points_text(points)} {self.point_name or ''}".strip()

    def _points_in_short(self):
        """Return what these accounts have, in a word: of one club or of how many."""
        if len(self) > 1:
            return self.env._("%s clubs", len(self))
        return self._points_text(self.balance) if self else ""

    def _day_text(self, day):
        return format_date(self.env, day) if day else self.env._("later")
