import logging

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

# How many records a transaction works on, and how often it is tried again at once
# where another one came first.
BATCH = 500
TRIES = 5

_logger = logging.getLogger(__name__)


class DcrmBatchMixin(models.AbstractModel):
    """Work of scheduled actions, batch by batch.

    Each batch is committed; killed half way, what is committed stays. One record of
    which something can't be done keeps no other one waiting.
    """

    _name = "dcrm.batch.mixin"
    _description = "Work Done in Batches"

    @api.model
    def _work_off(self, take, work, left=None, put_off=None):
        """Work on records until there are none to take, or time is over.

        :param take: returns records to work on, of those whose id is higher than the
            one it is given; none: there are no more
        :param work: what to do with records, all at once
        :param left: how many there are, for the progress of the scheduled action
        :param put_off: what to do with those of which it can't be done
        """
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=left)
        tries, last = 0, 0
        while tries < TRIES:
            try:
                if not (found := take(last)):
                    return
                failed = found.try_lock_for_update()._work_safely(work)
                if failed and put_off:
                    put_off(failed)
                self.env.flush_all()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.env.cr.rollback()
                tries += 1
                continue
            tries, last = 0, max(found._ids)
            if not cron._commit_progress(len(found)):
                return

    def _work_safely(self, work):
        """Do something with records; return those of which it can't be done."""
        if not self:
            return self
        try:
            with self.env.cr.savepoint():
                work(self)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            if len(self) > 1:
                half = len(self) // 2
                rest = self[half:]._work_safely(work)
                return self[:half]._work_safely(work) | rest
            _logger.exception("%s can not be done for %s", work.__name__, self)
            return self
        return self.browse()
