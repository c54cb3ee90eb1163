from odoo import fields, models


class DcrmTicketAgent(models.Model):
    """What a member of a team is given: by skill, up to how much, and whose turn it is.

    Members without such a row are given everything, without limit.
    """

    _name = "dcrm.ticket.agent"
    _inherit = ["dcrm.export.mixin"]
    _description = "Agent of a Ticket Team"
    _order = "team_id, id"
    _rec_name = "user_id"
    _check_company_auto = True

    team_id = fields.Many2one(
        "dcrm.ticket.team", required=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(
        related="team_id.company_id", store=True, precompute=True, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Agent",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        domain=[("share", "=", False)],
    )
    kind_ids = fields.Many2many(
        "dcrm.ticket.kind", string="Kinds", help="Empty: tickets of every kind"
    )
    category_ids = fields.Many2many(
        "product.category",
        string="Products",
        help="Categories of products, with those below them. Empty: every product",
    )
    lang_ids = fields.Many2many(
        "res.lang",
        string="Languages",
        help="Of customers. Empty: every language",
    )
    most_open = fields.Integer(
        "At Most", help="How many open tickets they are given. 0: any number"
    )
    turn = fields.Integer(
        readonly=True,
        copy=False,
        help="Who was given a ticket of the team longest ago has the smallest",
    )

    _unique_agent = models.Constraint(
        "UNIQUE(team_id, user_id)", "An agent has one row in a team."
    )
    _most_open_positive = models.Constraint(
        "CHECK(most_open >= 0)", "Nobody has less than no tickets."
    )

    def _skills(self):
        """Return the ids of what the agent is skilled in, by kind of skill."""
        self.ensure_one()
        return {
            "kind": frozenset(self.kind_ids.ids),
            "category": frozenset(self.category_ids.ids),
            "lang": frozenset(self.lang_ids.mapped("code")),
        }
