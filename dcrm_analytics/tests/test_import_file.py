"""The import of files: reading, mapping, preview, the run, what was rejected."""

import base64
import csv
import io
from datetime import datetime
from unittest.mock import patch
from zipfile import ZipFile

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..models import dcrm_run_import
from .test_import import ImportCase

CSV = """Customer No;Invoice Date;Net amount;Invoice
C1;31.12.2023;1.234,50;R1
C2;01.02.2024;7,00;R2
=C3;01.02.2024;-7,00;R3
C1;32.01.2024;1,00;R1
"""


class ImportFileCase(ImportCase):
    def wizard(self, content, filename="history.csv", role="analyst", **values):
        env = self.env_as(role)
        if isinstance(content, str):
            content = content.encode()
        return env["dcrm.history.import"].create(
            {"file": base64.b64encode(content), "filename": filename, **values}
        )

    def opened(self, content, **values):
        wizard = self.wizard(content, **values)
        wizard.action_read()
        return wizard

    def meanings(self, wizard):
        return {
            column.meaning: column.name
            for column in wizard.column_ids
            if column.meaning
        }

    def started(self, wizard):
        """Start the import and return its run, as the cron sees it."""
        action = wizard.action_start()
        self.assertEqual(action["res_model"], "dcrm.run")
        return self.env["dcrm.run"].browse(action["res_id"])

    def finish(self, run):
        """Do the run's batches; return how many there were."""
        batches = 0
        while run.state in ("waiting", "running"):
            run._batch()
            batches += 1
        self.assertEqual(run.state, "done", run.error)
        return batches

    def rejects(self, run):
        text = base64.b64decode(run.rejected_file).decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text)))

    def workbook(self, *rows):
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()


@tagged("post_install", "-at_install")
class TestImportFile(ImportFileCase):
    def test_a_csv_file_from_upload_to_rejected_rows(self):
        wizard = self.opened(CSV)
        self.assertEqual(wizard.state, "columns")
        self.assertEqual((wizard.delimiter, wizard.encoding), (";", "utf-8"))
        self.assertEqual((wizard.row_count, wizard.header), (4, "yes"))
        self.assertEqual((wizard.date_order, wizard.decimal_mark), ("dmy", ","))
        self.assertEqual(
            self.meanings(wizard),
            {
                "customer": "Customer No",
                "date": "Invoice Date",
                "amount": "Net amount",
                "reference": "Invoice",
            },
        )
        self.assertIn("<td>2023-12-31</td>", wizard.preview)
        self.assertIn("<td>1234.5</td>", wizard.preview)
        self.assertIn("<td>2024-01-32</td>", wizard.preview)
        self.assertIn(f"<td>Date: {self.reason('not_date')}</td>", wizard.preview)
        run = self.started(wizard)
        self.assertEqual((run.state, run.total), ("waiting", 4))
        self.assertFalse(self.purchases())
        self.finish(run)
        self.assertEqual((run.done, run.progress), (4, 100))
        self.assertEqual(self.purchases().mapped("amount"), [1234.5, 7.0])
        self.assertEqual(
            run.result, "2 rows imported, 0 known already, 2 rejected; 2 customers."
        )
        self.assertEqual(
            self.rejects(run),
            [
                [
                    "Row",
                    "Customer No",
                    "Invoice Date",
                    "Net amount",
                    "Invoice",
                    "Reason",
                ],
                [
                    "3",
                    "'=C3",
                    "01.02.2024",
                    "-7,00",
                    "R3",
                    f"Customer: {self.reason('formula')}",
                ],
                [
                    "4",
                    "C1",
                    "32.01.2024",
                    "1,00",
                    "R1",
                    f"Date: {self.reason('not_date')}",
                ],
            ],
        )
        self.assertFalse(run.file)
        # The customers are scored when the purchases are there.
        refresh = self.env["dcrm.run"].search([("kind", "=", "refresh")])
        self.assertEqual(refresh.company_id, self.company_a)

    def test_mended_rows_are_imported(self):
        run = self.started(self.opened(CSV))
        self.finish(run)
        text = base64.b64decode(run.rejected_file).decode("utf-8-sig")
        mended = text.replace("'=C3", "C3").replace("32.01", "31.01")
        run = self.started(self.opened(mended))
        self.finish(run)
        self.assertFalse(run.rejected_file)
        self.assertEqual(
            {purchase.reference: purchase.amount for purchase in self.purchases()},
            {"R1": 1235.5, "R2": 7.0, "R3": -7.0},
        )
        again = self.started(self.opened(CSV))
        self.finish(again)
        self.assertIn("0 rows imported, 2 known already", again.result)

    def test_a_workbook(self):
        content = self.workbook(
            [None, None, None, None],
            ["Client", "Day", "Total", "SKU"],
            [17850.0, datetime(2024, 1, 31, 8, 26), 15.3, "85123A"],
            ["=evil", datetime(2024, 1, 31), 1, None],
            ["C2", "2024-02-01", "x", None],
        )
        wizard = self.opened(content, filename="history.xlsx")
        self.assertEqual(wizard.row_count, 3)
        # Excel takes "=evil" for a formula and knows no value of it.
        run = self.started(wizard)
        self.finish(run)
        purchase = self.purchases()
        self.assertEqual((purchase.partner_id.ref, purchase.amount), ("17850", 15.3))
        self.assertEqual(purchase.line_ids.product, "85123A")
        self.assertEqual([row[0] for row in self.rejects(run)], ["Row", "2", "3"])

    def test_amounts_are_quantity_times_price_where_there_are_none(self):
        wizard = self.opened(
            "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,"
            "CustomerID,Country\n"
            '536365,85123A,"HOLDER, WHITE",6,2010-12-01 08:26:00,2.55,17850.0,UK\n'
            "C536379,D,Discount,-1,2010-12-01 09:41:00,27.5,14527.0,UK\n"
            "536414,22139,,56,2010-12-01 11:52:00,0.0,,UK\n"
            "536415,22140,,two,2010-12-01 11:52:00,1.0,14527.0,UK\n"
        )
        self.assertEqual(
            self.meanings(wizard),
            {
                "customer": "CustomerID",
                "date": "InvoiceDate",
                "unit_price": "UnitPrice",
                "reference": "InvoiceNo",
                "product": "StockCode",
                "quantity": "Quantity",
            },
        )
        run = self.started(wizard)
        self.finish(run)
        self.assertEqual(self.purchases().mapped("amount"), [15.3, -27.5])
        self.assertEqual(self.purchases().partner_id.mapped("ref"), ["17850", "14527"])
        rows = self.rejects(run)[1:]
        self.assertEqual([row[0] for row in rows], ["3", "4"])
        self.assertIn("Quantity:", rows[1][-1])

    def test_text_in_columns_of_spaces(self):
        wizard = self.opened(
            " customer_id  date number_of_cds  dollar_value\n"
            " 00001 19970101  1   11.77\n 00002 19970112  5   77.00\n",
            filename="CDNOW.txt",
        )
        self.assertEqual((wizard.delimiter, wizard.header), (" ", "yes"))
        self.finish(self.started(wizard))
        self.assertEqual(self.purchases().mapped("amount"), [11.77, 77.0])
        self.assertEqual(self.purchases().line_ids.mapped("quantity"), [1, 5])

    def test_text_in_columns_of_tabs(self):
        for chosen in ({}, {"delimiter": "tab"}):
            wizard = self.opened(CSV.replace(";", "\t"), **chosen)
            self.assertEqual((wizard.delimiter, wizard.row_count), ("tab", 4))

    def test_a_file_without_names_of_columns(self):
        wizard = self.opened(
            " 00004 0001 19970101  2   29.33\n 00004 0001 19970118 2 29.73"
        )
        self.assertEqual(wizard.header, "no")
        self.assertEqual(
            self.meanings(wizard), {"customer": "1", "date": "3", "amount": "5"}
        )
        self.finish(self.started(wizard))
        self.assertEqual(self.purchases().mapped("amount"), [29.33, 29.73])

    def test_encodings(self):
        text = "customer,date,amount\nZoë,2024-01-31,5\n"
        for encoding in ("utf-8", "utf-8-sig", "utf-16"):
            with self.subTest(encoding):
                self.finish(self.started(self.opened(text.encode(encoding))))
                self.assertEqual(self.purchases().partner_id.name, "Zoë")
        latin = text.encode("latin-1")
        with self.assertRaisesRegex(UserError, "encoding"):
            self.opened(latin)
        self.finish(self.started(self.opened(latin, encoding="cp1252")))
        self.assertEqual(self.purchases().partner_id.name, "Zoë")
        self.assertEqual(len(self.purchases()), 1)
        for wrong in ("utf-16", "cp1252"):
            with self.assertRaisesRegex(UserError, "encoding"):
                self.opened(text.encode("utf-8-sig")[:-1], encoding=wrong)

    def test_files_that_cannot_be_read_say_why(self):
        good = "customer,date,amount\n"
        for content, reason in (
            (b"", "The file is empty"),
            (b" \n \n", "empty"),
            (good, "no rows"),
            ("customer\nC1\n", "one column"),
            (good + "C1,2024-01-31,5\nC1,2024-01-31,5,6\n", "Line 3"),
            (good + 'C1,"2024-01-31,5\n', "more cells"),
            (b"PK\x03\x04rubbish", "workbook"),
            (self.workbook(["customer", "date", "amount"]), "no rows"),
            (self.damaged(b"<worksheet><sheetData><row>"), "workbook"),
            (self.damaged(b"no markup at all"), "workbook"),
            (b"\x00\x01\x02\x03", "encoding"),
        ):
            with (
                self.subTest(content=content),
                self.assertRaisesRegex(UserError, reason),
            ):
                self.opened(content)

    def damaged(self, markup):
        """Return a workbook with something else in place of its sheet's markup."""
        stream = io.BytesIO()
        with (
            ZipFile(io.BytesIO(self.workbook(["customer"]))) as good,
            ZipFile(stream, "w") as bad,
        ):
            for name in good.namelist():
                sheet = name.startswith("xl/worksheets/")
                bad.writestr(name, markup if sheet else good.read(name))
        return stream.getvalue()

    def test_what_separates_no_cells_is_refused_as_delimiter(self):
        for character in ("\n", "\r", '"'):
            with self.subTest(character), self.assertRaisesRegex(UserError, "delim"):
                self.opened(CSV, delimiter="other", other_delimiter=character)

    def test_without_a_file_there_is_nothing_to_read(self):
        with self.assertRaisesRegex(UserError, "Choose a file"):
            self.opened("", filename=False)

    def test_what_is_missing_is_said_before_anything_is_written(self):
        wizard = self.opened("customer,date,colour\nC1,2024-01-31,red\n")
        self.assertIn("Amount", wizard.preview)
        with self.assertRaisesRegex(UserError, "Amount"):
            wizard.action_start()
        wizard.column_ids[2].meaning = "date"
        with self.assertRaisesRegex(UserError, "More than one column is: Date"):
            wizard.action_start()
        self.assertFalse(self.env["dcrm.run"].search([("kind", "=", "import")]))

    def test_days_that_could_be_read_in_two_ways_are_not_guessed(self):
        wizard = self.opened(
            "customer,date,amount\nC1,1/2/2024,5\nC1,3/4/2024 8:00,5\n"
        )
        self.assertFalse(wizard.date_order)
        with self.assertRaisesRegex(UserError, "comes first"):
            wizard.action_start()
        wizard.date_order = "mdy"
        self.finish(self.started(wizard))
        self.assertEqual(
            [str(day) for day in self.purchases().mapped("date")],
            ["2024-01-02", "2024-03-04"],
        )

    def test_the_preview_follows_the_choices_and_is_harmless(self):
        wizard = self.opened("customer,when,amount\n<b>C1</b>,1/2/2024,5\n")
        self.assertIn("Date", wizard.preview)
        with Form(wizard) as form:
            form.date_order = "dmy"
            with form.column_ids.edit(1) as column:
                column.meaning = "date"
            self.assertIn("<td>2024-02-01</td>", form.preview)
        self.assertIn("&lt;b&gt;C1", wizard.preview)
        self.assertNotIn("<b>", wizard.preview)

    def test_an_import_goes_on_where_it_was_interrupted(self):
        rows = [
            f"C{n % 5},2024-01-{n % 28 + 1:02},{n},{f'R{n % 30}' if n % 3 else ''}"
            for n in range(100)
        ]
        text = "\n".join(["customer,date,amount,reference", *rows])
        self.startPatcher(patch.object(dcrm_run_import, "BATCH", 20))
        run = self.started(self.opened(text))
        self.env.flush_all()
        run._batch()
        cursor = run.cursor
        first = self.purchases()
        Purchase = type(self.env["dcrm.purchase"])
        with (
            patch.object(Purchase, "_create_customers", side_effect=RuntimeError),
            self.assertRaises(RuntimeError),
            self.env.cr.savepoint(),
        ):
            run._batch()
        self.env.invalidate_all()
        self.env.cr.cache.clear()
        self.assertEqual((run.cursor, run.state), (cursor, "running"))
        self.assertEqual(self.purchases(), first)
        # A batch that was done but not noted is done again without harm.
        savepoint = self.env.cr.savepoint()
        run._batch()
        savepoint.close(rollback=True)
        self.env.invalidate_all()
        self.assertGreater(self.finish(run), 3)
        self.assertEqual((run.done, run.total), (100, 100))
        book = sum(self.purchases().mapped("amount"))
        rejected = self.rejects(run)[1:] if run.rejected_file else []
        lost = sum(float(row[3]) for row in rejected)
        self.assertEqual(book + lost, sum(range(100)))
        self.assertIn(f"{100 - len(rejected)} rows imported, 0 known", run.result)

    def test_only_analysts_import_and_see_what_was_rejected(self):
        for role in ("seller_all", "nobody", "portal"):
            with self.assertRaises(AccessError):
                self.wizard(CSV, role=role)
        run = self.started(self.opened(CSV))
        self.finish(run)
        self.env.flush_all()
        self.assertTrue(run.with_env(self.env_as("analyst")).rejected_file)
        seller = self.env_as("seller_all")
        self.assertEqual(run.with_env(seller).name, run.name)
        for field in ("rejected_file", "file"):
            with self.assertRaises(AccessError):
                run.with_env(seller).read([field])
        self.assertFalse(
            self.env["ir.attachment"]
            .with_context(skip_res_field_check=True)
            .search([("res_model", "in", ["dcrm.run", "dcrm.history.import"])])
        )
        other = self.env_as("manager_ab", self.company_b)
        with self.assertRaises(AccessError):
            run.with_env(other).read(["rejected_file"])

    def test_the_company_must_be_the_users(self):
        wizard = self.wizard(CSV)
        wizard.sudo().company_id = self.company_b
        with self.assertRaises(AccessError):
            wizard.action_read()

    def test_who_lost_the_right_imports_no_more(self):
        run = self.started(self.opened(CSV))
        group = self.env.ref("dcrm_analytics.group_dcrm_analyst")
        self.users["analyst"].group_ids = [Command.unlink(group.id)]
        with self.assertRaises(AccessError):
            run._batch()
        self.assertFalse(self.purchases())

    def test_the_wizard_of_another_is_out_of_reach(self):
        wizard = self.opened(CSV)
        with self.assertRaises(AccessError):
            wizard.with_env(self.env_as("manager")).read(["sample"])
        with self.assertRaises(AccessError):
            wizard.column_ids.with_env(self.env_as("manager")).read(["example"])
