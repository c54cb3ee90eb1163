"""Rows that are lines of one document, its money and its products."""

from datetime import date

from odoo.tests import tagged

from .test_import import ImportCase

COLUMNS = "customer date amount reference product quantity margin currency channel"


@tagged("post_install", "-at_install")
class TestImportDocument(ImportCase):
    def rows(self, *rows):
        """Return a frame of documents; each row may leave out columns at its end."""
        width = len(COLUMNS.split())
        return self.frame(
            *[(*row, *[None] * (width - len(row))) for row in rows], columns=COLUMNS
        )

    def test_rows_of_a_reference_are_lines_of_one_purchase(self):
        frame = self.rows(
            ("C1", "2024-02-01", 5.25, "R1", "pot", 2, 1.0),
            ("C1", "2024-01-31", 2.50, "R1", "lid", 1, 0.5),
            ("C2", "2024-02-01", 9, "R2", "pot", 3, 1.0),
            ("C2", "2024-02-01", 9, "R2", "lid", 3),
        )
        result = self.load(frame)
        self.assertEqual(result["customers"], 2)
        one, other = self.purchases()
        self.assertEqual(
            (one.reference, one.date, one.amount, one.margin, one.margin_known),
            ("R1", date(2024, 1, 31), 7.75, 1.5, True),
        )
        self.assertEqual(one.line_ids.mapped("product"), ["pot", "lid"])
        self.assertEqual(one.line_ids.mapped("quantity"), [2, 1])
        self.assertEqual(one.line_ids.mapped("amount"), [5.25, 2.5])
        # The margin of a purchase is known only where that of each line is.
        self.assertEqual((other.amount, other.margin_known), (18.0, False))
        self.env.cr.execute(
            "SELECT margin FROM dcrm_purchase WHERE id = %s", [other.id]
        )
        self.assertEqual(self.env.cr.fetchall(), [(None,)])

    def test_a_reference_is_one_in_its_channel(self):
        frame = self.rows(
            ("C1", "2024-02-01", 5, "1", None, None, None, None, "web"),
            ("C2", "2024-02-01", 5, "1", None, None, None, None, "shop"),
            ("C2", "2024-02-01", 5, "1", None, None, None, None, "shop"),
        )
        self.load(frame)
        self.assertEqual(self.purchases().mapped("amount"), [5.0, 10.0])
        self.assertEqual(self.purchases().mapped("channel"), ["web", "shop"])

    def test_a_reference_under_two_customers_rejects_all_its_rows(self):
        frame = self.rows(
            ("C1", "2024-02-01", 5, "R1"),
            ("C2", "2024-02-01", 5, "R1"),
            ("C2", "2024-02-01", 5, "R2"),
        )
        self.assertEqual(
            self.rejected(frame, accepted=1), {1: ["reference"], 2: ["reference"]}
        )
        self.load(frame, accepted=0)
        # Two names of one customer are one customer.
        self.partner("Both", ref="D1", email="d1@example.com")
        self.load(
            self.rows(
                ("D1", "2024-02-01", 5, "R3"), ("d1@example.com", "2024-02-01", 6, "R3")
            )
        )
        self.assertEqual(self.purchases()[-1].amount, 11)

    def test_a_reference_of_another_customer_imported_earlier_rejects(self):
        self.load(self.rows(("C1", "2024-02-01", 5, "R1")))
        frame = self.rows(
            ("C2", "2024-02-01", 5, "R1"),
            ("C2", "2024-02-01", 7, "R1"),
            ("C1", "2024-02-01", 5, "R1"),
            ("C2", "2024-02-01", 5, "R4"),
        )
        self.assertEqual(
            self.rejected(frame, accepted=1), {1: ["reference"], 2: ["reference"]}
        )
        self.assertEqual(self.purchases(reference="R1").amount, 5)

    def test_a_file_that_repeats_a_purchase_may_add_to_it(self):
        line = ("C1", "2024-02-02", 5, "R1", "pot", 1, 1)
        self.load(self.rows(line))
        more = ("C1", "2024-02-01", 2, "R1", "lid", 1, 1)
        frame = self.rows(line, more, line)
        self.load(frame, accepted=2)
        purchase = self.purchases()
        self.assertEqual(
            (purchase.amount, purchase.margin, purchase.date),
            (12.0, 3.0, date(2024, 2, 1)),
        )
        self.assertEqual(len(purchase.line_ids), 3)
        self.load(frame, accepted=0)
        self.assertEqual(purchase.amount, 12.0)

    def test_a_file_that_changes_a_purchase_is_rejected(self):
        self.load(
            self.rows(
                ("C1", "2024-02-02", 5, "R1", "pot"),
                ("C1", "2024-02-02", 6, "R1", "lid"),
            )
        )
        frame = self.rows(
            ("C1", "2024-02-02", 5, "R1", "pot"),
            ("C1", "2024-02-02", 60, "R1", "lid"),
            ("C1", "soon", 1, "R1", "tap"),
        )
        for _attempt in range(2):
            result = self.load(frame, accepted=0)
            self.assertEqual(
                result["errors"],
                [
                    (2, "reference", self.reason("changed")),
                    (3, "date", self.reason("not_date")),
                ],
            )
            self.assertEqual(self.purchases().amount, 11)

    def test_rejected_rows_come_later_once_mended(self):
        good = ("C1", "2024-02-02", 5, "R1", "pot")
        frame = self.rows(good, ("C1", "2024-02-02", "six", "R1", "lid"))
        self.load(frame, accepted=1)
        self.assertTrue(self.purchases().import_incomplete)
        mended = self.rows(("C1", "2024-02-02", 6, "R1", "lid"))
        self.load(mended)
        self.assertEqual(self.purchases().amount, 11)
        for again in (frame, mended):
            self.load(again, accepted=0)
        self.assertEqual(self.purchases().amount, 11)

    def test_equal_rows_without_reference_are_purchases_by_occurrence(self):
        row = ("C1", "2024-02-02", 5)
        self.load(self.rows(row, row))
        self.assertEqual(self.purchases().mapped("amount"), [5, 5])
        self.load(self.rows(row, row, row), accepted=1)
        self.assertEqual(len(self.purchases()), 3)
        self.load(self.rows((*row, None, "pot", 1, None, "EUR")), accepted=0)
        self.load(self.rows((*row, None, "pot", 1, None, None, "web")))

    def test_refunds_are_negative(self):
        self.load(self.rows(("C1", "2024-02-02", -5, "C536", "pot", -1, -2)))
        self.assertEqual((self.purchases().amount, self.purchases().margin), (-5, -2))

    def test_lines_know_the_product_they_name(self):
        Product = self.env["product.product"]
        coded = Product.create({"name": "Coded", "default_code": "P-1"})
        scanned = Product.create({"name": "Scanned", "barcode": "4006381333931"})
        Product.create([{"name": "Twin", "default_code": "P-2"} for _ in range(2)])
        Product.create(
            {
                "name": "Theirs",
                "default_code": "P-3",
                "company_id": self.company_b.id,
            }
        )
        names = ["P-1", 4006381333931, "P-2", "P-3", "other"]
        self.load(self.rows(*[("C1", "2024-02-02", 1, "R1", name) for name in names]))
        lines = self.purchases().line_ids
        self.assertEqual(lines.mapped("product"), [str(name) for name in names])
        none = Product
        self.assertEqual(
            [line.product_id for line in lines], [coded, scanned, none, none, none]
        )

    def test_money_is_converted_at_the_day_of_the_row(self):
        self.load(
            self.rows(
                ("C1", "2023-12-31", 100, "R1", None, None, 10, "USD"),
                ("C1", "2024-01-01", 100, "R2", None, None, 10, "usd"),
                ("C1", "2024-01-01", 100, "R3", None, None, 10, "EUR"),
                ("C1", "2024-01-01", 100, "R4", None, None, 10),
            )
        )
        self.assertEqual(self.purchases().mapped("amount"), [80, 50, 100, 100])
        self.assertEqual(self.purchases().mapped("margin"), [8, 5, 10, 10])
        self.load(
            self.rows(("C1", "2024-01-01", 1.01, "R1", None, None, None, "EUR")),
            self.company_b,
        )
        self.assertEqual(self.purchases(self.company_b).amount, 162)

    def test_conversion_equals_the_hosts(self):
        self.env["res.currency.rate"].create(
            {
                "company_id": self.company_a.id,
                "currency_id": self.usd.id,
                "name": "2024-05-05",
                "rate": 1.0837,
            }
        )
        day, amount = date(2024, 6, 1), 1234.56
        self.load(self.rows(("C1", day, amount, "R", None, None, None, "USD")))
        expected = self.usd._convert(amount, self.eur, self.company_a, day)
        self.assertEqual(self.purchases().amount, expected)

    def test_money_is_rounded_once_a_purchase(self):
        frame = self.rows(*[("C1", "2024-02-02", 0.335, "R1")] * 3)
        self.load(frame)
        # Rounded line by line it would be 1.02, or 0.99.
        self.assertEqual(self.purchases().amount, 1.01)
        half = self.rows(
            ("C1", "2024-02-02", 0.125, "R2"), ("C1", "2024-02-02", -0.125, "R3")
        )
        self.load(half)
        self.assertEqual(self.purchases()[-2:].mapped("amount"), [0.13, -0.13])

    def test_a_currency_without_a_rate_at_the_day_rejects(self):
        frame = self.rows(
            ("C1", "1999-12-31", 1, None, None, None, None, "USD"),
            ("C1", "2000-01-01", 1, None, None, None, None, "USD"),
            ("C1", "2000-01-01", 1, None, None, None, None, "Dollar"),
            ("C1", "1999-12-31", 1, None, None, None, None, "EUR"),
        )
        result = self.load(frame, accepted=2)
        self.assertEqual(
            result["errors"],
            [
                (1, "currency", self.reason("no_rate")),
                (3, "currency", self.reason("unknown_currency")),
            ],
        )
        # Money of another currency is not known where the company's own is not.
        self.env["res.currency.rate"].create(
            {
                "company_id": self.company_b.id,
                "currency_id": self.usd.id,
                "name": "1990-01-01",
                "rate": 1,
            }
        )
        early = self.rows(("C1", "1999-12-31", 1, None, None, None, None, "USD"))
        self.assertEqual(self.rejected(early, self.company_b), {1: ["currency"]})

    def test_the_own_currency_without_rates_is_one(self):
        self.env["res.currency.rate"].search(
            [("company_id", "=", self.company_a.id), ("currency_id", "=", self.eur.id)]
        ).unlink()
        self.load(self.rows(("C1", "2024-01-01", 100, "R", None, None, None, "USD")))
        self.assertEqual(self.purchases().amount, 50)
