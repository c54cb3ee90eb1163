"""Transactions of their own, which commit, at once or killed half way."""

import os
import signal
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tests import BaseCase, get_db_name
from odoo.tools import SQL, mute_logger

KILLED = "dcrm to be killed"


class TransactionsCase(BaseCase):
    """Nothing is rolled back at the end: each test takes back what it made."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger("odoo.sql_db"))

    @contextmanager
    def transaction(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def retry(self, work):
        """Do work in a transaction, again where another came first; as the host."""
        while True:
            try:
                with self.transaction() as env:
                    result = work(env)
                    env.flush_all()
                    return result
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                continue

    def killed(self, work):
        """Do work in a process of its own, which has to end by :meth:`kill`.

        Returns once the database has undone what was under way.
        """
        pid = os.fork()
        if not pid:
            try:
                # The connections that this process has inherited are its parent's.
                sql_db._Pool = sql_db._Pool_readonly = None
                self.registry._db = sql_db.db_connect(get_db_name())
                with self.transaction() as env:
                    env.cr.execute(SQL("SET application_name = %s", KILLED))
                    work(env)
            finally:
                os._exit(0)
        _pid, status = os.waitpid(pid, 0)
        self.assertTrue(os.WIFSIGNALED(status), "The process ended by itself.")
        while self.is_under_way():
            pass

    def is_under_way(self):
        with self.transaction() as env:
            [[count]] = env.execute_query(
                SQL(
                    "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s",
                    KILLED,
                )
            )
        return count

    @staticmethod
    def kill():
        os.kill(os.getpid(), signal.SIGKILL)
