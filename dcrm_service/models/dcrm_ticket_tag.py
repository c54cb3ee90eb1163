from random import randint

from odoo import fields, models


class DcrmTicketTag(models.Model):
    """A word that tickets are found by, beside their kind; shared by all companies."""

    _name = "dcrm.ticket.tag"
    _inherit = ["dcrm.export.mixin"]
    _description = "Ticket Tag"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    color = fields.Integer(default=lambda self: randint(1, 11))

    _unique_name = models.Constraint("UNIQUE(name)", "There is such a tag already.")
