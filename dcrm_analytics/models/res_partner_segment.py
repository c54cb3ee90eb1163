from odoo import fields, models
from odoo.fields import Domain

SELLER = "dcrm_analytics.group_dcrm_seller"


def search_what_may_be_read(name):
    """Return the search method of a one2many that finds by what the user may read.

    Asked for ids, or whether there is any, the host looks at all records, whatever
    their rules say; asked for a domain, at those that the user may read.
    """

    def search(records, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        if operator != "in":
            return Domain(name, operator, value, internal=True)
        wanted = [record_id for record_id in value if record_id]
        found = Domain(name, "any", Domain("id", "in", wanted))
        if not all(value):
            found |= ~Domain(name, "any", Domain.TRUE)
        return found

    return search


class ResPartner(models.Model):
    """Where a customer was and is, for conditions on it."""

    _inherit = "res.partner"

    segment_stay_ids = fields.One2many(
        "dcrm.segment.stay",
        "partner_id",
        "Stays in Segments",
        readonly=True,
        search=search_what_may_be_read("segment_stay_ids"),
        groups=SELLER,
    )
    customer_grid_segment_id = fields.Many2one(
        related="customer_score_id.grid_segment_id",
        related_sudo=False,
        string="Segment by the Grid",
        groups=SELLER,
        help="The segment of the customer's cell in the grid, whatever rules say",
    )
