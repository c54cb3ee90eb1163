"""Files of a call centre are read, looked at and imported by a run, row by row."""

import base64
import io
from datetime import datetime
from unittest.mock import patch

import pandas as pd

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..compute import interaction_rows
from ..models import dcrm_run_interaction
from .common_interaction import InteractionCase

TEXT = """Call ID;Customer;Start;Duration;Agent;Direction;Notes;Mood
c-1;B-1;31.01.2026 9:05;04:40;dcrm_agent;inbound;Wants steel;4
c-2;Nobody;31.01.2026 9:10;1;;outbound;;
c-3;B-1;tomorrow;x;stranger;sideways;;fine
c-4;leo@hotel.example;1.2.2026 10:00;;;;He rang;
"""


@tagged("post_install", "-at_install")
class TestImport(InteractionCase):
    """Files of a call centre, row by row."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bistro.ref = "B-1"

    def wizard(self, content=TEXT, role="manager", **values):
        form = Form(self.env_as(role)["dcrm.interaction.import"])
        form.file = base64.b64encode(content.encode())
        for name, value in values.items():
            form[name] = value
        wizard = form.save()
        wizard.filename = "calls.csv"
        wizard.action_read()
        return wizard

    def run_cron(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("dcrm_analytics.ir_cron_run").method_direct_trigger()
        self.env.invalidate_all()

    def imported(self, *args, **values):
        action = self.wizard(*args, **values).action_start()
        self.run_cron()
        return self.env["dcrm.run"].browse(action["res_id"])

    def test_columns_named_as_they_are_here_are_known(self):
        names = self.env["dcrm.interaction.import.column"]._meaning_names()
        known = interaction_rows.guess([*names.values(), "When"])
        self.assertEqual(known, names)
        self.assertEqual(interaction_rows.guess(["When"]), {"date": "When"})

    def test_file(self):
        wizard = self.wizard()
        self.assertEqual(
            wizard.column_ids.mapped("meaning"),
            [
                "reference",
                "customer",
                "date",
                "duration",
                "user",
                "direction",
                "said",
                "mood",
            ],
        )
        self.assertEqual(wizard.date_order, "dmy")
        for words in ("2026-01-31 09:05", "From the Customer", "Content"):
            self.assertIn(words, wizard.preview)
        self.assertIn("Customer: No customer matches.", wizard.preview)
        action = wizard.action_start()
        with patch.object(dcrm_run_interaction, "BATCH", 1):
            self.run_cron()
        run = self.env["dcrm.run"].browse(action["res_id"])
        self.assertEqual(
            (run.state, run.result),
            ("done", "2 rows imported, 0 known already, 2 rejected."),
        )
        self.assertEqual((run.done, run.total, run.file), (4, 4, False))
        first, second = self.interactions()
        self.assertEqual(
            (first.partner_id, first.date, first.duration, first.direction, first.mood),
            (self.bistro, datetime(2026, 1, 31, 8, 5), 5, "in", "4"),
        )
        self.assertEqual(first.user_id, self.users["agent"])
        self.assertEqual(
            (second.partner_id, second.channel, second.user_id.id),
            (self.leo, "call_centre", False),
        )
        self.assertEqual(first.create_uid, self.users["manager"])
        rejected = pd.read_csv(io.BytesIO(base64.b64decode(run.rejected_file)))
        self.assertEqual(rejected["Row"].tolist(), [2, 3])
        self.assertEqual(rejected["Reason"][0], "Customer: No customer matches.")
        for words in (
            "Date and Time: This is not a date and time",
            "Direction: This is none of the words",
            "Minutes: This is not a number of minutes.",
            "Held By: No colleague",
            "Mood: This is none of the words",
        ):
            self.assertIn(words, rejected["Reason"][1])

    def test_again(self):
        for accepted, known in ((2, 0), (0, 2)):
            self.assertEqual(
                self.imported().result,
                f"{accepted} rows imported, {known} known already, 2 rejected.",
            )
        self.assertEqual(len(self.interactions()), 2)
        self.assertIn("2 rows imported", self.imported(source="Other").result)

    def test_rows_without_a_reference(self):
        """They are known again by what they say, as often as they say it."""
        text = "Customer,Date\nB-1,2026-01-31 09:00\nB-1,2026-01-31 09:00\n"
        self.assertIn("2 rows imported", self.imported(text).result)
        self.assertIn("0 rows imported, 2 known", self.imported(text).result)
        more = text + "B-1,2026-01-31 09:00\n"
        self.assertIn("1 rows imported, 2 known", self.imported(more).result)
        self.assertEqual(len(self.interactions()), 3)

    def test_goes_on_where_it_was_stopped(self):
        """What a batch that was undone had logged is logged again, and once."""
        action = self.wizard().action_start()
        run = self.env["dcrm.run"].browse(action["res_id"])
        with patch.object(dcrm_run_interaction, "BATCH", 1):
            run.sudo()._batch()
            self.assertEqual(len(self.interactions()), 1)
            run.sudo().cursor = False
            self.env.cr.cache.pop("dcrm_run_file", None)
            self.run_cron()
        self.assertEqual(run.state, "done")
        self.assertEqual(len(self.interactions()), 2)

    def test_frame(self):
        frame = pd.DataFrame(
            {"customer": ["B-1", "Nobody"], "date": ["2026-01-31"] * 2}
        )
        interactions = self.env_as("manager")["dcrm.interaction"]
        result = interactions.import_records(frame, "Exchange")
        self.assertEqual((result["accepted"], result["rejected"]), (1, 1))
        self.assertEqual(result["errors"], [(2, "customer", "No customer matches.")])
        result = interactions.import_records(frame, "Exchange")
        self.assertEqual((result["accepted"], result["rejected"]), (0, 1))

    def test_what_is_missing(self):
        wizard = self.wizard("Customer,Shop\nB-1,7\n")
        self.assertIn("Say which column is: Date and Time.", wizard.preview)
        with self.assertRaisesRegex(UserError, "Date and Time"):
            wizard.action_start()

    def test_formulas_stay_text(self):
        """What a call said comes back in no sheet as a formula."""
        text = "Customer,Date,Id,Notes\nNobody,2026-01-31,=1+1,=2+2\n"
        run = self.imported(text)
        rejected = base64.b64decode(run.rejected_file).decode("utf-8-sig")
        for line in rejected.splitlines():
            for cell in line.split(","):
                self.assertFalse(cell.strip('"').startswith("="), line)

    def test_who_may(self):
        for role in ("agent", "service_manager", "analyst", "seller"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.wizard(role=role)
        action = self.wizard().action_start()
        self.users["manager"].group_ids -= self.env.ref(
            "dcrm_analytics.group_dcrm_manager"
        )
        self.run_cron()
        run = self.env["dcrm.run"].browse(action["res_id"])
        self.assertEqual(run.state, "failed")
        self.assertIn("Only managers", run.error)
        self.assertFalse(self.interactions())
