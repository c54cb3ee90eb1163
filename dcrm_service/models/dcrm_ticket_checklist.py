from odoo import fields, models


class DcrmTicketChecklist(models.Model):
    """What is to be done in tickets of some kind or team, step by step."""

    _name = "dcrm.ticket.checklist"
    _inherit = ["dcrm.export.mixin"]
    _description = "Ticket Checklist"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)
    is_automatic = fields.Boolean(
        "Added by Itself",
        help="New tickets that it is for have it from the beginning; others when they "
        "come to be of such a kind or team. Otherwise a macro adds it.",
    )
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        help="Empty: tickets of all companies",
    )
    team_ids = fields.Many2many(
        "dcrm.ticket.team",
        # Were it emptied by a deletion, the list would be for all teams.
        ondelete="restrict",
        string="Teams",
        check_company=True,
        help="Empty: all teams",
    )
    kind_ids = fields.Many2many(
        "dcrm.ticket.kind", ondelete="restrict", string="Kinds", help="Empty: all kinds"
    )
    item_ids = fields.One2many(
        "dcrm.ticket.checklist.item", "checklist_id", "Items", copy=True
    )

    def _of_ticket(self, ticket):
        """Return those of these lists that are for a ticket."""
        return self.filtered(
            lambda each: (
                each.company_id in (each.company_id.browse(), ticket.company_id)
                and (not each.team_ids or ticket.team_id in each.team_ids)
                and (not each.kind_ids or ticket.kind_id in each.kind_ids)
            )
        )
