from functools import partial

from odoo import api, fields, models

from odoo.addons.dcrm_analytics.queries import profit_change
from odoo.addons.dcrm_analytics.queries.profit import ProfitSource

from ..queries import profit_service

SOURCE = "service"
COLUMN = "service_cost"


class DcrmCustomerProfit(models.Model):
    """What it costs to serve a customer: the time that is spent on its tickets."""

    _inherit = "dcrm.customer.profit"

    source = fields.Selection(
        selection_add=[(SOURCE, "Time on tickets")],
        ondelete={SOURCE: "cascade"},
    )
    service_time_id = fields.Many2one(
        "dcrm.ticket.time",
        "Time Spent",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    service_cost = fields.Monetary(
        "Cost to Serve",
        readonly=True,
        help="Time spent on the customer's tickets, at what an hour cost; negative",
    )

    @api.model
    def _profit_columns(self):
        return (*super()._profit_columns(), COLUMN)

    @api.model
    def _profit_documents(self):
        return (*super()._profit_documents(), "service_time_id")

    @api.model
    def _profit_sources(self, company):
        partners = profit_change.partners(company.id)
        service = ProfitSource(
            source=SOURCE,
            table="dcrm_ticket_time",
            key="service_time_id",
            columns=(COLUMN,),
            rows=partial(profit_service.rows, company.id),
            changed=lambda since: profit_service.changed(company.id, since, partners),
        )
        return {**super()._profit_sources(company), service.source: service}

    def action_open_document(self):
        if self.service_time_id:
            self.ensure_one()
            self.service_time_id.check_access("read")
            return self.service_time_id.get_formview_action()
        return super().action_open_document()
