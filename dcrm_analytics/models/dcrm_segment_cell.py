from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..compute import segments

COORDINATES = ("recency_class", "frequency_class", "monetary_class")


class DcrmSegmentCell(models.Model):
    """One cell of a scheme's RFM cube and the segment it belongs to."""

    _name = "dcrm.segment.cell"
    _description = "Segment Cell"
    _order = "recency_class desc, frequency_class desc, monetary_class desc"

    scheme_id = fields.Many2one(
        "dcrm.rfm.scheme", required=True, index=True, ondelete="cascade"
    )
    recency_class = fields.Integer(required=True)
    frequency_class = fields.Integer(required=True)
    monetary_class = fields.Integer(required=True)
    segment_id = fields.Many2one(
        "dcrm.segment", required=True, index=True, ondelete="restrict"
    )

    _unique_cell = models.Constraint(
        "UNIQUE (scheme_id, recency_class, frequency_class, monetary_class)",
        "A cell of the RFM cube belongs to exactly one segment.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self._refuse_repeated(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        if not vals.keys().isdisjoint({"scheme_id", *COORDINATES}):
            self._refuse_repeated(
                [
                    {"scheme_id": cell.scheme_id.id, **cell._coordinates(), **vals}
                    for cell in self
                ]
            )
        return super().write(vals)

    def unlink(self):
        schemes = self.scheme_id
        result = super().unlink()
        schemes.exists()._check_grid()
        return result

    @api.constrains("scheme_id", *COORDINATES)
    def _check_grid(self):
        self.scheme_id._check_grid()

    @api.constrains("scheme_id", "segment_id")
    def _check_segment_company(self):
        for cell in self:
            if cell.segment_id.company_id - cell.scheme_id.company_id:
                raise ValidationError(
                    self.env._(
                        "Segment %(segment)s belongs to %(company)s alone; scheme "
                        "%(scheme)s is used by others too.",
                        segment=cell.segment_id.name,
                        company=cell.segment_id.company_id.name,
                        scheme=cell.scheme_id.name,
                    )
                )

    def _coordinates(self):
        self.ensure_one()
        return {name: self[name] for name in COORDINATES}

    def _cells(self):
        """Return ``(recency_class, frequency_class, monetary_class)`` of each."""
        return [tuple(cell._coordinates().values()) for cell in self]

    def _refuse_repeated(self, vals_list):
        """Raise ValidationError with the cells that would belong to two segments.

        The constraint of the table refuses them too, but cannot name them.
        """
        wanted = {}
        for vals in vals_list:
            cell = tuple(vals.get(name) for name in COORDINATES)
            wanted.setdefault(vals.get("scheme_id"), []).append(cell)
        for scheme_id, cells in wanted.items():
            present = self.search([("scheme_id", "=", scheme_id)]) - self
            repeated = [
                cell
                for cell in dict.fromkeys(cells)
                if cells.count(cell) > 1 or cell in set(present._cells())
            ]
            if repeated:
                raise ValidationError(
                    self.env._(
                        "Cells that would belong to more than one segment: %s",
                        segments.describe(repeated),
                    )
                )
