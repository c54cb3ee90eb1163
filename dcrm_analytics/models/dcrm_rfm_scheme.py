from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ..compute import rfm, segments
from ..queries import scheme as queries

AXES = ("recency", "frequency", "monetary")
COUNTS = tuple(f"{axis}_classes" for axis in AXES)
CUTS = tuple(f"{axis}_cuts" for axis in AXES)
# What a cell to be written says at least.
PLACED = {"recency_class", "frequency_class", "segment_id"}

# In the context while a grid may have gaps; no caller from outside has this object.
OPEN = object()


class DcrmRfmScheme(models.Model):
    """How customers are classed: window, basis, classes, cut points, segment grid.

    The scheme of a customer is the first that exists of: its company's for its
    industry, the shared one for its industry, its company's, the shared one.
    """

    _name = "dcrm.rfm.scheme"
    _description = "RFM Scheme"
    _order = "company_id, industry_id, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", ondelete="cascade", help="Empty: shared by all companies"
    )
    industry_id = fields.Many2one(
        "res.partner.industry",
        ondelete="cascade",
        help="Only for customers of this industry; empty: for all others",
    )
    window_days = fields.Integer(
        "Window", help="Only purchases of this many days count; 0: of all time"
    )
    basis = fields.Selection(
        [("revenue", "Revenue"), ("margin", "Margin")],
        default="revenue",
        required=True,
        help="What monetary value adds up",
    )
    method = fields.Selection(
        [("quantile", "Quantiles"), ("manual", "Set by hand")],
        default="quantile",
        required=True,
    )
    recency_classes = fields.Integer(default=5, required=True)
    frequency_classes = fields.Integer(default=5, required=True)
    monetary_classes = fields.Integer(default=5, required=True)
    recency_cuts = fields.Char(
        help="Days since the last purchase, from the worst class to the best, such as "
        "365; 180; 90; 30: whoever bought less long ago than the first leaves class 1"
    )
    frequency_cuts = fields.Char(
        help="Numbers of purchases, ascending, such as 1; 3; 6; 12: whoever has more "
        "than the first leaves class 1"
    )
    monetary_cuts = fields.Char(
        help="Amounts in company currency, ascending: whoever is worth more than the "
        "first leaves class 1"
    )
    cell_ids = fields.One2many("dcrm.segment.cell", "scheme_id", "Segment Grid")
    cut_ids = fields.One2many(
        "dcrm.rfm.cut",
        "scheme_id",
        "Cut Points Used",
        groups="dcrm_analytics.group_dcrm_seller_all",
    )

    # Deferred, so that the check below speaks first; this one settles races.
    _unique_scope = models.Constraint(
        "EXCLUDE USING btree (COALESCE(company_id, 0) WITH =, "
        "COALESCE(industry_id, 0) WITH =) WHERE (active) "
        "DEFERRABLE INITIALLY DEFERRED",
        "There is a scheme for this company and industry already.",
    )

    # -- the grid ----------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        schemes = super(DcrmRfmScheme, self.with_context(dcrm_grid_open=OPEN)).create(
            vals_list
        )
        schemes = schemes.with_env(self.env)
        for scheme in schemes:
            if not scheme.cell_ids:
                scheme._set_grid(scheme._default_grid())
        schemes._check_grid()
        return schemes

    def write(self, vals):
        grids = {}
        if not vals.keys().isdisjoint(COUNTS) and "cell_ids" not in vals:
            grids = {scheme: (scheme._counts(), scheme._grid()) for scheme in self}
        super(DcrmRfmScheme, self.with_context(dcrm_grid_open=OPEN)).write(vals)
        for scheme, (before, grid) in grids.items():
            if scheme._counts() != before:
                scheme._set_grid(segments.rescale(grid, before, scheme._counts()))
        if not vals.keys().isdisjoint({"active", "company_id", "industry_id"}):
            self._end_cuts()
        if not vals.keys().isdisjoint({"cell_ids", "company_id", *COUNTS}):
            self._check_grid()
            self.cell_ids._check_segment_company()
        return True

    def unlink(self):
        self._end_cuts()
        return super().unlink()

    def _end_cuts(self):
        """Have the next refresh class everybody anew: customers change schemes."""
        cuts = self.env["dcrm.rfm.cut"].sudo()
        cuts.search([("current", "=", True)]).digest = False

    def copy_data(self, default=None):
        # There is room for one active scheme of a scope only.
        default = {"active": False, **(default or {})}
        vals_list = super().copy_data(default)
        for scheme, vals in zip(self, vals_list, strict=True):
            vals["cell_ids"] = [
                Command.create(
                    {**cell._coordinates(), "segment_id": cell.segment_id.id}
                )
                for cell in scheme.cell_ids
            ]
        return vals_list

    def write_grid(self, cells):
        """Give cells of the grid to other segments.

        :param cells: list of ``{'recency_class', 'frequency_class', 'monetary_class',
            'segment_id'}``; without ``monetary_class`` all cells of the other two
        :raises ValidationError: with the cells that are not in the cube, or none
        """
        self.ensure_one()
        self.check_access("write")
        self._check_cells(cells)
        wanted = {}
        for cell in cells:
            depth = cell.get("monetary_class")
            layers = [depth] if depth else range(1, self.monetary_classes + 1)
            for layer in layers:
                key = (cell["recency_class"], cell["frequency_class"], layer)
                wanted[key] = cell["segment_id"]
        present = dict(zip(self.cell_ids._cells(), self.cell_ids, strict=True))
        self._raise_faults({"outside": sorted(wanted.keys() - present.keys())})
        moved = {}
        for key, segment_id in wanted.items():
            if present[key].segment_id.id != segment_id:
                moved.setdefault(segment_id, self.env["dcrm.segment.cell"])
                moved[segment_id] |= present[key]
        for segment_id, moved_cells in moved.items():
            moved_cells.segment_id = segment_id
        return True

    def _check_cells(self, cells):
        """Raise ValidationError unless each of a list says its place and segment."""
        id_asked = self.env["dcrm.customer.score"]._id_asked
        for cell in cells if isinstance(cells, list | tuple) else [cells]:
            if not isinstance(cell, dict) or not PLACED <= cell.keys():
                raise ValidationError(
                    self.env._("Cells that are not in the scheme's classes: %s", cell)
                )
            for name in (*PLACED, "monetary_class"):
                id_asked(cell.get(name))

    def action_default_grid(self):
        """Give every cell back to the segment of the default map."""
        for scheme in self:
            scheme._set_grid(scheme._default_grid())
        return True

    def _counts(self):
        self.ensure_one()
        return tuple(self[name] for name in COUNTS)

    def _grid(self):
        """Return ``{cell: id of its segment}``."""
        cells = self.cell_ids
        return {
            key: cell.segment_id.id
            for key, cell in zip(cells._cells(), cells, strict=True)
        }

    def _default_grid(self):
        """Return the default map with the ids of the segments that have its codes."""
        self.ensure_one()
        found = self.env["dcrm.segment"].search(
            [
                ("code", "in", segments.CODES),
                ("company_id", "in", [False, self.company_id.id]),
            ],
            order="company_id desc",
        )
        # The company's own goes before the shared one of the same code.
        by_code = {segment.code: segment.id for segment in found}
        for segment in found.filtered("company_id"):
            by_code[segment.code] = segment.id
        if missing := [code for code in segments.CODES if code not in by_code]:
            raise ValidationError(
                self.env._(
                    "The default grid needs the segments of code %s; give the scheme "
                    "a grid of its own.",
                    ", ".join(missing),
                )
            )
        grid = segments.default_grid(self._counts())
        return {cell: by_code[code] for cell, code in grid.items()}

    def _set_grid(self, grid):
        self.ensure_one()
        scheme = self.with_context(dcrm_grid_open=OPEN)
        scheme.cell_ids = [Command.clear()] + [
            Command.create(
                {
                    "recency_class": recency,
                    "frequency_class": frequency,
                    "monetary_class": monetary,
                    "segment_id": segment_id,
                }
            )
            for (recency, frequency, monetary), segment_id in grid.items()
        ]

    def _check_grid(self):
        """Raise ValidationError unless the cells cover the cube exactly."""
        if self.env.context.get("dcrm_grid_open") is OPEN:
            return
        for scheme in self:
            scheme._raise_faults(
                segments.faults(scheme.cell_ids._cells(), scheme._counts())
            )

    def _raise_faults(self, faults):
        sentences = {
            "missing": self.env._("Cells that belong to no segment: %s"),
            "repeated": self.env._("Cells that belong to more than one segment: %s"),
            "outside": self.env._("Cells that are not in the scheme's classes: %s"),
        }
        if found := {kind: cells for kind, cells in faults.items() if cells}:
            raise ValidationError(
                "\n".join(
                    [self.env._("The segment grid of %s has faults.", self.name)]
                    + [
                        sentences[kind] % segments.describe(cells)
                        for kind, cells in found.items()
                    ]
                )
            )

    # -- what scoring asks -------------------------------------------------------------

    def _of_company(self, company):
        """Return ``{industry id or None: scheme}``, the scheme of each customer.

        :raises UserError: if there is none for customers of no particular industry
        """
        found = self.search([("company_id", "in", [False, company.id])])
        schemes = {}
        for scheme in found.sorted(lambda scheme: bool(scheme.company_id)):
            schemes[scheme.industry_id.id or None] = scheme
        if None not in schemes:
            raise UserError(
                self.env._(
                    "There is no active RFM scheme for all industries of %s.",
                    company.name,
                )
            )
        return schemes

    def _digests(self):
        """Return ``{scheme: text}`` that differs when a score could."""
        grids = dict(self.env.execute_query(queries.grid_digests(self.ids)))
        names = ("window_days", "basis", "method", *COUNTS, *CUTS)
        return {
            scheme: "|".join(
                [*(str(scheme[name] or "") for name in names), grids[scheme.id]]
            )
            for scheme in self
        }

    def _manual_cuts(self):
        """Return the hand-set cut points of each axis, None if quantiles make them."""
        self.ensure_one()
        if self.method != "manual":
            return None
        return {axis: rfm.parse_cuts(self[f"{axis}_cuts"]) for axis in AXES}
