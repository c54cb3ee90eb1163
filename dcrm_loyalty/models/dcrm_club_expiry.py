from odoo import fields, models


class DcrmClub(models.Model):
    """Whether, when and by which mail members are warned that points expire."""

    _inherit = "dcrm.club"

    warning_days = fields.Integer(
        "Warn before Points Expire",
        tracking=True,
        help="So many days before their last day are customers told by mail that "
        "points expire, once of each. 0: never.",
    )
    warning_template_id = fields.Many2one(
        "mail.template",
        "Warning",
        domain="[('model', '=', 'dcrm.points.account')]",
        default=lambda self: self._default_warning_template(),
        ondelete="set null",
        help="Empty: as DCRM writes it",
    )

    _warning_days = models.Constraint(
        "CHECK (warning_days BETWEEN 0 AND 366)",
        "Customers are warned 0 to 366 days before points expire.",
    )

    def _default_warning_template(self):
        return self.env.ref("dcrm_loyalty.mail_template_points_expire", False)
