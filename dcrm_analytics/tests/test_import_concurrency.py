"""Imports beside each other, in transactions of their own that commit."""

import threading
from contextlib import contextmanager

import pandas as pd

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import SQL, mute_logger


@tagged("post_install", "-at_install")
class TestImportConcurrency(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.transaction() as env:
            company = env["res.company"].search([], order="id", limit=1)
            self.company_id = company.id
        self.addCleanup(self._clean)

    def _clean(self):
        with self.transaction() as env:
            partners = env["res.partner"].search([("ref", "=like", "Racer %")])
            for table in ("dcrm_purchase", "dcrm_purchase_change"):
                env.cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE partner_id = ANY(%s)",
                        SQL.identifier(table),
                        partners.ids,
                    )
                )
            partners.unlink()

    @contextmanager
    def transaction(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def load(self, env, *customers):
        frame = pd.DataFrame(
            [(f"Racer {name}", "2024-01-31", 5) for name in customers],
            columns=["customer", "date", "amount"],
        )
        company = env["res.company"].browse(self.company_id)
        return env["dcrm.purchase"].import_history(frame, company)["accepted"]

    def test_the_later_of_two_imports_is_done_again(self):
        began, outcome = threading.Event(), []

        def later():
            with self.transaction() as env:
                # From here on it knows nothing of what others do.
                env["res.partner"].search_count([])
                began.set()
                try:
                    with mute_logger("odoo.sql_db"):
                        outcome.append(self.load(env, "B", "C"))
                except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY as error:
                    outcome.append(error)
                    env.cr.rollback()

        thread = threading.Thread(target=later)
        with self.transaction() as env:
            self.assertEqual(self.load(env, "A", "B"), 2)
            thread.start()
            self.assertTrue(began.wait(30))
        thread.join(30)
        self.assertIsInstance(outcome[0], PG_CONCURRENCY_EXCEPTIONS_TO_RETRY)
        # What the host does with such an error: once more, from the beginning.
        with self.transaction() as env:
            self.assertEqual(self.load(env, "B", "C"), 1)
            partners = env["res.partner"].search([("ref", "=like", "Racer %")])
            self.assertEqual(
                sorted(partners.mapped("ref")), ["Racer A", "Racer B", "Racer C"]
            )
