"""A file of balances is read, looked at and imported by a run."""

import base64
import io
from datetime import date
from unittest.mock import patch

import openpyxl
import pandas as pd

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from ..models import dcrm_run_points_import
from .common_points_card import PointsCardCase

TEXT = """Member;Punkte;Valid until
A-1;1.200,50;31.12.2099
Nobody;3;
B-1;-4;
B-1;7;
"""


@tagged("post_install", "-at_install")
class TestPointsImportFile(PointsCardCase):
    def setUp(self):
        super().setUp()
        self.kitchen = self.points_club()
        self.anna = self.partner("Anna", ref="A-1")
        self.bob = self.partner("Bob", ref="B-1")

    def wizard(self, content, name="balances.csv", role="manager"):
        content = content.encode() if isinstance(content, str) else content
        form = Form(self.env_as(role)["dcrm.points.import"])
        self.assertEqual(form.club_id, self.kitchen, "the one club with points")
        form.file = base64.b64encode(content)
        wizard = form.save()
        wizard.filename = name
        wizard.action_read()
        return wizard

    def run_cron(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("dcrm_analytics.ir_cron_run").method_direct_trigger()
        self.env.invalidate_all()

    def test_file(self):
        wizard = self.wizard(TEXT)
        self.assertEqual(
            wizard.column_ids.mapped("meaning"), ["customer", "points", "expires_on"]
        )
        self.assertEqual((wizard.date_order, wizard.decimal_mark), ("dmy", ","))
        self.assertIn("1200.5", wizard.preview)
        self.assertIn("Points: Points are not below zero.", wizard.preview)
        action = wizard.action_start()
        with patch.object(dcrm_run_points_import, "BATCH", 1):
            self.run_cron()
        run = self.env["dcrm.run"].browse(action["res_id"])
        self.assertEqual(
            (run.state, run.result),
            ("done", "2 rows imported, 0 known already, 2 rejected."),
        )
        self.assertEqual((run.done, run.total, run.file), (4, 4, False))
        anna = self.account(self.kitchen, self.anna)
        self.assertPoints(anna, 1200.5)
        self.assertEqual(self.lots(anna), [(date(2099, 12, 31), 1200.5)])
        self.assertEqual(anna.move_ids.create_uid, self.users["manager"])
        self.assertPoints(self.account(self.kitchen, self.bob), 7)
        rejected = pd.read_csv(io.BytesIO(base64.b64decode(run.rejected_file)))
        self.assertEqual(rejected["Row"].tolist(), [2, 3])
        self.assertEqual(
            rejected["Reason"].tolist(),
            ["Customer: No customer matches.", "Points: Points are not below zero."],
        )
        self.assertKept()

    def test_again(self):
        for accepted, known in ((2, 0), (0, 2)):
            action = self.wizard(TEXT).action_start()
            self.run_cron()
            run = self.env["dcrm.run"].browse(action["res_id"])
            self.assertEqual(
                run.result,
                f"{accepted} rows imported, {known} known already, 2 rejected.",
            )
        self.assertPoints(self.account(self.kitchen, self.bob), 7)

    def test_workbook(self):
        data, book = io.BytesIO(), openpyxl.Workbook()
        for row in (("Customer", "Points"), ("A-1", 5), ("B-1", 6.25)):
            book.active.append(row)
        book.save(data)
        self.wizard(data.getvalue(), "balances.xlsx").action_start()
        self.run_cron()
        self.assertPoints(self.account(self.kitchen, self.anna), 5)
        self.assertPoints(self.account(self.kitchen, self.bob), 6.25)

    def test_what_is_missing(self):
        wizard = self.wizard("Customer,Shop\nA-1,7\n")
        self.assertIn("Say which column is: Points.", wizard.preview)
        with self.assertRefused("Say which column is: Points."):
            wizard.action_start()
        wizard.column_ids[1].meaning = "customer"
        with self.assertRefused("More than one column is: Customer."):
            wizard.action_start()

    def test_who_may(self):
        with self.assertRefused("Only who may adjust points", AccessError):
            self.wizard(TEXT, role="analyst")
        wizard = self.wizard(TEXT)
        adjusts = self.env.ref("dcrm_loyalty.group_dcrm_points_adjust")
        manager = self.env.ref("dcrm_analytics.group_dcrm_manager")
        action = wizard.action_start()
        self.users["manager"].group_ids -= manager | adjusts
        self.run_cron()
        run = self.env["dcrm.run"].browse(action["res_id"])
        self.assertEqual(run.state, "failed")
        self.assertIn("Only who may adjust points", run.error)
