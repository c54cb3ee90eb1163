from odoo import models


class DcrmSegment(models.Model):
    """Where the screens of a segment lead to."""

    _inherit = "dcrm.segment"

    def action_open_customers(self):
        """Return the action that shows the customers of these segments."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dcrm_analytics.dcrm_customer_score_action"
        )
        return {
            **action,
            "name": ", ".join(self.mapped("name")),
            "domain": [
                ("segment_id", "in", self.ids),
                ("company_id", "=", self.env.company.id),
            ],
        }
