from contextlib import contextmanager
from itertools import product

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_score import AXES, ScoreCase


@tagged("post_install", "-at_install")
class TestRfmScheme(ScoreCase):
    """What a scheme and its grid may be, and in which words they are refused."""

    def new(self, **values):
        values.setdefault("company_id", self.company_a.id)
        return self.env["dcrm.rfm.scheme"].create({"name": "Scheme", **values})

    @contextmanager
    def assertRefused(self, *words):
        """What happens is refused, undone, and the words are said in this order."""
        with self.assertRaises(ValidationError) as caught:
            yield
        self.assertRegex(str(caught.exception), "(?s)" + ".*".join(map(str, words)))

    # -- the grid ----------------------------------------------------------------------

    def test_the_default_is_eleven_segments_with_meaning_and_treatment(self):
        cells = self.scheme.cell_ids
        self.assertEqual(
            set(cells._cells()), set(product(range(1, 6), range(1, 6), range(1, 6)))
        )
        self.assertEqual(len(cells), 125)
        segments = cells.segment_id
        self.assertEqual(len(segments), 11)
        self.assertEqual(len(set(segments.mapped("color"))), 11)
        self.assertTrue(all(segments.mapped("meaning")))
        self.assertTrue(all(segments.mapped("treatment")))
        self.assertFalse(segments.activity_type_id)

    def test_other_class_counts_keep_the_map_in_shape(self):
        scheme = self.new(recency_classes=3, frequency_classes=4, monetary_classes=9)
        self.assertEqual(len(scheme.cell_ids), 108)
        grid = scheme._grid()
        self.assertEqual(grid[3, 4, 9], self.segments["champion"].id)
        self.assertEqual(grid[1, 1, 1], self.segments["lost"].id)
        self.assertEqual(grid[1, 4, 9], self.segments["cant_lose"].id)
        own = self.segments["at_risk"]
        scheme.write_grid(
            [{"recency_class": 3, "frequency_class": 4, "segment_id": own.id}]
        )
        scheme.write({"recency_classes": 7, "monetary_classes": 3})
        self.assertEqual(len(scheme.cell_ids), 84)
        self.assertEqual(scheme._grid()[7, 4, 3], own.id)
        self.assertEqual(scheme._grid()[1, 1, 1], self.segments["lost"].id)

    def test_a_grid_is_edited_cell_by_cell(self):
        cell = {"recency_class": 5, "frequency_class": 1, "monetary_class": 5}
        loyal = self.segments["loyal"]
        self.scheme.write_grid([{**cell, "segment_id": loyal.id}])
        self.assertEqual(self.scheme._grid()[5, 1, 5], loyal.id)
        self.assertEqual(len(self.scheme.cell_ids), 125)
        with self.assertRefused("R6 F1 M5"):
            self.scheme.write_grid([{**cell, "recency_class": 6, "segment_id": 1}])
        self.scheme.action_default_grid()
        self.assertEqual(
            self.scheme._grid()[5, 1, 5], self.segments["potential_loyalist"].id
        )

    def test_gaps_are_named(self):
        cells = self.scheme.cell_ids
        with self.assertRefused("no segment", "R5 F4 M3, R1 F1 M1"):
            cells.filtered(lambda c: c._cells()[0] in {(5, 4, 3), (1, 1, 1)}).unlink()
        with self.assertRefused("no segment", "R5 F5 M5, R5 F5 M4"):
            self.scheme.cell_ids = [Command.clear()]
        with self.assertRefused("no segment", "R3 F3 M3"):
            self.new(
                **{f"{axis}_classes": 3 for axis in AXES},
                cell_ids=self.commands(
                    cell for cell in product(range(1, 4), repeat=3) if cell != (3, 3, 3)
                ),
            )

    def test_no_context_from_outside_opens_a_grid(self):
        for claim in (True, 1, "True", {}):
            scheme = self.scheme.with_env(self.env_as("manager"))
            cells = scheme.with_context(dcrm_grid_open=claim).cell_ids
            with self.assertRefused("no segment", "R5 F5 M5"):
                cells[0].unlink()

    def test_overlaps_are_named(self):
        cells = list(product(range(1, 4), repeat=3))
        with self.assertRefused("more than one segment", "R2 F3 M1"):
            self.new(
                **{f"{axis}_classes": 3 for axis in AXES},
                cell_ids=self.commands([*cells, (2, 3, 1)]),
            )
        with self.assertRefused("more than one segment", "R5 F5 M5"):
            self.env["dcrm.segment.cell"].create(
                {
                    "scheme_id": self.scheme.id,
                    "recency_class": 5,
                    "frequency_class": 5,
                    "monetary_class": 5,
                    "segment_id": self.segments["lost"].id,
                }
            )
        with self.assertRefused("more than one segment", "R5 F5 M4"):
            self.scheme.cell_ids[0].monetary_class = 4

    def test_cells_outside_are_named(self):
        with self.assertRefused("not in the scheme's classes", "R4 F1 M1"):
            self.new(
                **{f"{axis}_classes": 3 for axis in AXES},
                cell_ids=self.commands([*product(range(1, 4), repeat=3), (4, 1, 1)]),
            )
        with self.assertRefused("R9 F5 M5"):
            self.scheme.cell_ids[0].recency_class = 9

    def commands(self, cells):
        return [
            Command.create(
                {
                    "recency_class": recency,
                    "frequency_class": frequency,
                    "monetary_class": monetary,
                    "segment_id": self.segments["loyal"].id,
                }
            )
            for recency, frequency, monetary in cells
        ]

    def test_a_grid_replaced_as_a_whole(self):
        self.scheme.cell_ids = [
            Command.clear(),
            *self.commands(product(range(1, 6), repeat=3)),
        ]
        self.assertEqual(self.scheme.cell_ids.segment_id, self.segments["loyal"])

    def test_a_copy_has_the_grid(self):
        self.scheme.cell_ids[0].segment_id = self.segments["lost"]
        copied = self.scheme.copy()
        self.assertFalse(copied.active)
        self.assertEqual(copied._grid(), self.scheme._grid())

    def test_a_segment_in_use_is_not_deleted(self):
        with self.assertRaises(UserError) as caught:
            self.segments["lost"].unlink()
        self.assertRegex(str(caught.exception), "Lost.*All customers")
        with self.assertRaises(UserError) as caught:
            self.segments["lost"].action_archive()
        self.assertRegex(str(caught.exception), "Lost.*All customers")
        unused = self.env["dcrm.segment"].create({"name": "Unused"})
        unused.action_archive()
        unused.unlink()

    def test_a_copied_segment_has_no_code_yet(self):
        self.assertFalse(self.segments["lost"].copy().code)

    def test_a_shared_scheme_takes_shared_segments_only(self):
        own = self.env["dcrm.segment"].create(
            {"name": "Ours", "company_id": self.company_a.id}
        )
        with self.assertRefused("Ours", "Company A"):
            self.scheme.cell_ids[0].segment_id = own
        scheme = self.new()
        scheme.cell_ids[0].segment_id = own
        with self.assertRefused("Ours"):
            scheme.company_id = self.company_b
        manager = self.segments["lost"].with_env(self.env_as("manager"))
        with self.assertRefused("Lost", "Company A", "All customers"):
            manager.company_id = self.company_a

    def test_the_companys_own_segment_goes_before_the_shared_one(self):
        own = self.env["dcrm.segment"].create(
            {"name": "Ours", "code": "lost", "company_id": self.company_a.id}
        )
        self.assertEqual(self.new()._grid()[1, 1, 1], own.id)
        other = self.new(company_id=self.company_b.id)
        self.assertEqual(other._grid()[1, 1, 1], self.segments["lost"].id)

    # -- the scheme --------------------------------------------------------------------

    def test_one_scheme_for_a_company_and_industry(self):
        self.new()
        with self.assertRefused("Company A", "all industries"):
            self.new()
        industry = self.env["res.partner.industry"].create({"name": "Bakeries"})
        self.new(industry_id=industry.id)
        with self.assertRefused("Bakeries"):
            self.new(industry_id=industry.id)
        with self.assertRefused("all companies"):
            self.new(company_id=False)
        archived = self.new(active=False)
        with self.assertRefused("already"):
            archived.active = True

    def test_the_last_scheme_for_everybody_stays(self):
        manager = self.scheme.with_env(self.env_as("manager"))
        self.new()
        for go in (
            manager.action_archive,
            manager.unlink,
            lambda: manager.write({"company_id": self.company_a.id, "active": False}),
        ):
            with self.assertRaises(UserError) as caught:
                go()
            self.assertIn("only active scheme", str(caught.exception))
        other = manager.copy()
        other.unlink()

    def test_class_counts(self):
        for count in (0, 2, 10, 50):
            for axis in AXES:
                with self.assertRefused(axis.capitalize(), count, 3, 9):
                    self.new(**{f"{axis}_classes": count})
        for days in (-1, 36_501):
            with self.assertRefused("window", "36500"):
                self.new(window_days=days)
        self.new(window_days=36_500)

    def test_hand_set_cut_points(self):
        good = {
            "method": "manual",
            "recency_cuts": "365; 180; 90; 30",
            "frequency_cuts": "1; 3; 6; 12",
            "monetary_cuts": "0; 99.50; 1000; 20000",
        }
        scheme = self.new(**good)
        self.assertEqual(scheme._manual_cuts()["monetary"], [0, 99.5, 1000, 20000])
        faults = [
            ({"recency_cuts": "30; 90; 180; 365"}, "Recency", "90", "30"),
            ({"recency_cuts": "365; 180; 180; 30"}, "Recency", "180", "180"),
            ({"recency_cuts": "365; 180; 90"}, "Recency", "4 cut points, not 3"),
            ({"recency_cuts": "365; 180; 90; 30.5"}, "Recency", "whole"),
            ({"frequency_cuts": "1; 3; 3; 12"}, "Frequency", "3", "3"),
            ({"frequency_cuts": ""}, "Frequency", "not 0"),
            ({"frequency_cuts": "-1; 3; 6; 12"}, "Frequency", "-1 is not", "0 and"),
            ({"recency_cuts": "90; 30; 7; 0"}, "Recency", "0 is not", "1 and"),
            ({"recency_cuts": f"{2**31}; 3; 2; 1"}, "Recency", "2147483648 is not"),
            ({"frequency_cuts": f"1; 2; 3; {2**31}"}, "Frequency", "2147483648"),
            ({"monetary_cuts": "1; 2; 3; 10000000000000.01"}, "Monetary", "is not"),
            ({"monetary_cuts": "-10000000000001; 1; 2; 3"}, "Monetary", "is not"),
            ({"monetary_cuts": "1; 2; 2.004; 3"}, "Monetary", "2", "2"),
            ({"monetary_cuts": "1; 2; 3; many"}, "Monetary", "many"),
            ({"monetary_cuts": "1; 2; 3; inf"}, "Monetary", "inf"),
            ({"monetary_cuts": "1; 2; 3; nan"}, "Monetary", "nan"),
            ({"monetary_cuts": "1; 2; 3; 4; 5"}, "Monetary", "4 cut points, not 5"),
            ({"monetary_classes": 4}, "Monetary", "3 cut points, not 4"),
        ]
        for values, *words in faults:
            with self.subTest(values), self.assertRefused(*words):
                scheme.write(values)
        # Unused, they may be anything.
        self.new(
            company_id=self.company_b.id, method="quantile", recency_cuts="nonsense"
        )

    @mute_logger("odoo.models")
    def test_only_managers_decide(self):
        for role in ("seller", "seller_all", "analyst"):
            env = self.env_as(role)
            scheme = self.scheme.with_env(env)
            scheme.read(["name", "window_days"])
            with self.assertRaises(AccessError):
                scheme.window_days = 30
            with self.assertRaises(AccessError):
                scheme.write_grid(
                    [
                        {
                            "recency_class": 5,
                            "frequency_class": 5,
                            "monetary_class": 5,
                            "segment_id": self.segments["lost"].id,
                        }
                    ]
                )
            with self.assertRaises(AccessError):
                scheme.action_default_grid()
        manager = self.scheme.with_env(self.env_as("manager"))
        manager.window_days = 30
        manager.write_grid(
            [
                {
                    "recency_class": 5,
                    "frequency_class": 5,
                    "segment_id": self.segments["lost"].id,
                }
            ]
        )
