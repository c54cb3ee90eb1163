from odoo import api, fields, models

from ..compute import segments

# The parts of an axis, from its lowest classes to its highest.
PARTS = [("1", "Low"), ("2", "Middle"), ("3", "High")]


class DcrmMatrixCell(models.Model):
    """A named cell of a matrix of customers: who they are, and what to do with them.

    Each axis has three parts, whatever the number of its classes.
    """

    _name = "dcrm.matrix.cell"
    _description = "Matrix Cell"
    _order = "matrix, row desc, column"

    name = fields.Char(required=True, translate=True)
    matrix = fields.Selection(
        [("lost", "Being lost"), ("invest", "Invest")], required=True, readonly=True
    )
    row = fields.Selection(
        PARTS, "Frequency", required=True, readonly=True, help="How often they buy"
    )
    column = fields.Selection(
        PARTS,
        "Recency or Value",
        required=True,
        readonly=True,
        help="Being lost: how lately they bought. Invest: for how much",
    )
    color = fields.Integer(aggregator=None)
    meaning = fields.Text(translate=True, help="Who is in this cell")
    treatment = fields.Text(translate=True, help="What is recommended to do")

    _unique_cell = models.Constraint(
        'UNIQUE (matrix, "row", "column")', "A cell of a matrix has one name."
    )

    @api.model
    def _of_classes(self, matrix, row_classes, column_classes):
        """Return ``{(row class, column class): named cell}`` of a whole matrix."""
        named = {
            (int(cell.row), int(cell.column)): cell
            for cell in self.search([("matrix", "=", matrix)])
        }
        return {
            (row, column): named.get(
                (
                    segments.scale_class(row, row_classes, len(PARTS)),
                    segments.scale_class(column, column_classes, len(PARTS)),
                ),
                self.browse(),
            )
            for row in range(1, row_classes + 1)
            for column in range(1, column_classes + 1)
        }
