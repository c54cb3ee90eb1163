from odoo import fields, models


class DcrmPurchaseSource(models.Model):
    """How far one kind of document of one company has been read into the facts."""

    _name = "dcrm.purchase.source"
    _description = "Purchase Source"
    _order = "company_id, source"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    source = fields.Selection(
        [("sale", "Sales order"), ("invoice", "Invoice"), ("pos", "Point of sale")],
        required=True,
        readonly=True,
    )
    basis = fields.Char(
        readonly=True, help="The purchase basis and time zone the facts were built with"
    )
    built_up_to = fields.Integer(
        readonly=True, help="The first build has read the documents up to this id"
    )
    built = fields.Boolean(readonly=True, help="The first build is complete")
    mark = fields.Datetime(
        readonly=True,
        help="Every change committed by a transaction that began before this instant "
        "is in the facts",
    )
    next_mark = fields.Datetime(
        readonly=True,
        help="The mark that the next synchronisation may set: it was read before that "
        "synchronisation's snapshot, so nothing that commits late is passed over",
    )

    _unique_source = models.Constraint("UNIQUE (company_id, source)")
