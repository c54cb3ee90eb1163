from odoo import fields, models


class ResPartner(models.Model):
    """Somebody at the top of the company stands for a big customer."""

    _inherit = "res.partner"

    executive_sponsor_id = fields.Many2one(
        "res.users",
        company_dependent=True,
        domain=[("share", "=", False)],
        groups="base.group_user",
        help="Whom service turns to when nobody else has taken over",
    )
