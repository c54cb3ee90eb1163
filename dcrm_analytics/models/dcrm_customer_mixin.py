from odoo import fields, models


class DcrmCustomerMixin(models.AbstractModel):
    """What one company knows of one customer: whose it is."""

    _name = "dcrm.customer.mixin"
    _description = "Known of a Customer"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    # Whoever may read it may group by these: the host joins sudo fields only.
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    industry_id = fields.Many2one(related="partner_id.industry_id", string="Industry")
    country_id = fields.Many2one(related="partner_id.country_id", string="Country")
