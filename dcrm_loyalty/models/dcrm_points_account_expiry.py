from datetime import timedelta

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..queries import points as queries
from ..queries import points_expiry

# On how many accounts points expire in a transaction, and how many are warned.
EXPIRED = 2000
WARNED = 100

# A batch that another transaction got in the way of is tried again this often at once.
TRIES = 5


class DcrmPointsAccount(models.Model):
    """Points whose last day is over expire by themselves; before that, mail warns.

    Whoever works with an account takes first what has expired; the rest a cron does,
    set-based, in batches that commit. A batch that a kill undid is done again.
    """

    _inherit = "dcrm.points.account"

    @api.model
    def _expire_due(self):
        """Take the points that have expired in all companies, each at its own day."""
        days = self._expiry_days()
        left = sum(
            self.env.execute_query(points_expiry.count_due(company.id, day))[0][0]
            for company, day in days.items()
        )
        self.env["ir.cron"]._commit_progress(remaining=left)
        for company, day in days.items():
            if not self._in_batches(self._expire_batch, company.id, day):
                return
        self.env["ir.cron"]._commit_progress(remaining=0)

    def _expiry_days(self):
        """Return ``{company: its day}`` of the companies whose clubs keep points."""
        clubs = self.env["dcrm.club"].sudo().with_context(active_test=False)
        companies = clubs.search([("program_id", "!=", False)]).company_id
        return {company: company._customer_today() for company in companies}

    @api.model
    def _in_batches(self, work, *args):
        """Do batches, a transaction each, until one finds nothing to do.

        :param work: returns ``(last account id, how many)`` for ``(*args, the id after
            which to go on)``
        :return: whether the cron has time for more
        """
        after = tries = 0
        while tries < TRIES:
            try:
                last, count = work(*args, after)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.env.cr.rollback()
                tries += 1
                continue
            if not count:
                return True
            after, tries = last, 0
            if not self.env["ir.cron"]._commit_progress(count):
                return False
        return True

    @api.model
    def _expire_batch(self, company_id, day, after=0, limit=None):
        """Take what has expired on some accounts of a company.

        :param day: points expire whose last day is before
        :param after: the id of the account after which to go on
        :return: ``(last account id, how many accounts)``
        """
        self.env.flush_all()
        locked = self.env.execute_query(
            points_expiry.lock_due(company_id, day, after, limit or EXPIRED)
        )
        ids = [id_ for [id_] in locked]
        if ids:
            reason = self.env._("Expired")
            expired = self.env.execute_query(
                points_expiry.expire(ids, day, reason, self.env.uid)
            )
            self.env.cr.execute(queries.use_expired([id_ for [id_] in expired], day))
            self.env.invalidate_all(flush=False)
        return max(ids, default=after), len(ids)

    # -- warnings ----------------------------------------------------------------------

    @api.model
    def _warn_due(self):
        """Tell customers by mail which points are about to expire, once of each."""
        clubs = self.env["dcrm.club"].search(
            [("warning_days", ">", 0), ("program_id", "!=", False)]
        )
        self.env["ir.cron"]._commit_progress(remaining=len(clubs))
        for club in clubs:
            if not self._in_batches(self._warn_batch, club.id):
                return
        self.env["ir.cron"]._commit_progress(remaining=0)

    @api.model
    def _warn_batch(self, club_id, after=0):
        """Warn some customers of a club; the mail leaves with the note that it did.

        :return: ``(last account id, how many accounts)``
        """
        club = self.env["dcrm.club"].browse(club_id)
        first = club.company_id._customer_today()
        days = (club_id, first, first + timedelta(days=club.warning_days))
        self.env.flush_all()
        found = self.env.execute_query(
            points_expiry.accounts_to_warn(*days, after, WARNED)
        )
        ids = [id_ for [id_] in found]
        if ids:
            lots = self.env.execute_query(points_expiry.lots_to_warn(ids, *days))
            self.env["dcrm.points.lot"].invalidate_model(["warned_for"], flush=False)
            for account in self.browse(sorted({id_ for id_, *_ in lots})):
                account._warn([row for id_, *row in lots if id_ == account.id])
        return max(ids, default=after), len(ids)

    def _warn(self, lots):
        """Mail the customer which points expire, and when.

        :param lots: ``[(last day, points)]``
        """
        template = self.club_id.warning_template_id or self.env.ref(
            "dcrm_loyalty.mail_template_points_expire"
        )
        points = {}
        for last_day, remaining in lots:
            points[last_day] = points.get(last_day, 0.0) + float(remaining)
        template.with_context(
            expiring=[
                (day, self.card_id._format_points(points[day]))
                for day in sorted(points)
            ]
        ).send_mail(self.id, email_layout_xmlid="mail.mail_notification_light")
