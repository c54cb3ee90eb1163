from datetime import timedelta

from odoo import api, fields, models

from ..queries import points
from ..queries import points_order as queries
from .dcrm_points_account import POINTS

# How many releases are posted in a transaction.
BATCH = 500


class DcrmPointsAccount(models.Model):
    """What orders ask of an account."""

    _inherit = "dcrm.points.account"

    usable = fields.Float(
        compute="_compute_usable",
        digits=POINTS,
        help="The balance without what has expired and was not taken yet",
    )

    @api.depends("balance")
    def _compute_usable(self):
        for company, accounts in self.grouped("company_id").items():
            day = company._customer_today()
            expired = self.env.execute_query(
                points.expired(accounts.ids, day, accounts._expire_by_inactivity())
            )
            lost = {id_: float(of_account) for id_, of_account in expired}
            for account in accounts:
                account.usable = account.balance - lost.get(account.id, 0.0)

    def _moved(self):
        self.invalidate_recordset(["usable"], flush=False)
        return super()._moved()

    def _issue_of_order(self, earned, **values):
        """Add what an order earns: at once, or pending as long as the club says.

        As for :meth:`_add`, the account is locked.
        """
        club, day = self.club_id, self.company_id._customer_today()
        if not club.pending_days:
            expires_on = club._last_day_of_points(day)
            return self._add("earn", earned, expires_on=expires_on, **values)
        day += timedelta(days=club.pending_days)
        return self._add(
            "pending",
            0.0,
            pending=earned,
            available_on=day,
            expires_on=club._last_day_of_points(day),
            **values,
        )

    # -- pending points that can be used by now ----------------------------------------

    @api.model
    def _release_due(self):
        """Let pending points be used whose day has come, in all companies.

        Accounts that somebody is posting on at the moment wait for the next time.
        """
        days = self._expiry_days()
        left = sum(
            self.env.execute_query(queries.count_due(company.id, day))[0][0]
            for company, day in days.items()
        )
        self.env["ir.cron"]._commit_progress(remaining=left)
        for company, day in days.items():
            if not self._in_batches(self._release_batch, company.id, day):
                return

    @api.model
    def _release_batch(self, company_id, day, after=None):
        """Release some pending points of a company.

        :param day: those that can be used by then
        :param after: the ids of the account and the move after which to go on
        :return: ``((last account id, move id), how many moves)``
        """
        rows = self.env.execute_query(
            queries.due(company_id, day, after or (0, 0), BATCH)
        )
        if rows:
            self._release(rows)
        return (rows[-1][:2] if rows else after), len(rows)

    @api.model
    def _release(self, rows):
        """Release pending points: rows are (account id, move id, points)."""
        accounts = self.browse({row[0] for row in rows}).try_lock_for_update()
        before = {account: account.balance for account in accounts}
        moves = self.env["dcrm.points.move"]
        moves.create(
            [
                account._values_of_release(moves.browse(move_id), float(pending))
                for account_id, move_id, pending in rows
                if (account := self.browse(account_id)) in accounts
            ]
        )
        if owing := accounts.filtered("debt"):
            self.env.flush_all()
            self.env.execute_query(points.work_off(owing.ids))
        accounts._moved()
        accounts.card_id._send_points_reach_communication(
            {
                account.card_id: {"old": balance, "new": account.balance}
                for account, balance in before.items()
            }
        )

    def _values_of_release(self, root, released):
        """Return the values of the move that lets pending points of a move be used."""
        return self._values(
            "release",
            released,
            pending=-released,
            origin_id=root.id,
            expires_on=root.expires_on,
            res_model=root.res_model,
            res_id=root.res_id,
            reference=root.reference,
        )
