from odoo import fields, models

from ..models.dcrm_sla_clock import STATES, TARGETS
from ..models.dcrm_ticket import PRIORITIES
from ..queries import sla_report

SELLER = "dcrm_analytics.group_dcrm_seller"


class DcrmSlaReport(models.Model):
    """How promises were kept, by period, team, kind, customer's worth and policy.

    A row a deadline. It counts for the period in which it was due, by what was reached
    first: opening a ticket again takes no promise back that was kept, and none that was
    broken.
    """

    _name = "dcrm.sla.report"
    _inherit = ["dcrm.export.mixin"]
    _description = "Promises Kept"
    _auto = False
    _order = "due_at desc, id desc"
    _rec_name = "ticket_id"
    _depends = {
        "dcrm.sla.clock": [
            "ticket_id",
            "company_id",
            "target",
            "policy_id",
            "promised_hours",
            "started_at",
            "deadline",
            "at_risk_at",
            "reached_at",
            "missed",
            "reopened",
            "first_deadline",
            "first_reached_at",
            "first_missed",
        ],
        "dcrm.ticket": [
            "team_id",
            "kind_id",
            "priority",
            "user_id",
            "commercial_partner_id",
            "service_level_id",
            "value_class",
            "customer_segment_id",
            "customer_danger_since",
        ],
    }

    ticket_id = fields.Many2one("dcrm.ticket", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    target = fields.Selection(TARGETS, readonly=True)
    policy_id = fields.Many2one("dcrm.sla.policy", readonly=True)
    team_id = fields.Many2one("dcrm.ticket.team", readonly=True)
    kind_id = fields.Many2one("dcrm.ticket.kind", readonly=True)
    priority = fields.Selection(PRIORITIES, readonly=True)
    user_id = fields.Many2one("res.users", "Assigned To", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    service_level_id = fields.Many2one("dcrm.service.level", readonly=True)
    value_class = fields.Selection([("a", "A"), ("b", "B"), ("c", "C")], readonly=True)
    customer_segment_id = fields.Many2one("dcrm.segment", readonly=True, groups=SELLER)
    in_danger = fields.Boolean("Customer in Danger", readonly=True)
    promised_hours = fields.Float("Promised", readonly=True, aggregator="avg")
    started_at = fields.Datetime("Begun", readonly=True)
    due_at = fields.Datetime(
        "Due", readonly=True, help="When it was to be reached first"
    )
    reached_at = fields.Datetime("First Reached", readonly=True)
    last_reached_at = fields.Datetime("Last Reached", readonly=True)
    reopened = fields.Integer("Opened Again", readonly=True)
    state = fields.Selection(STATES, readonly=True)
    is_decided = fields.Boolean(
        "Due or Reached",
        readonly=True,
        help="It was reached, or its deadline has passed: kept or not, it is known",
    )
    kept = fields.Float(
        "Share Kept",
        readonly=True,
        aggregator="avg",
        help="Of what was due or reached: how much was reached first in time",
    )
    kept_last = fields.Float(
        "Share Kept at Last",
        readonly=True,
        aggregator="avg",
        help="As the share kept, by when tickets opened again were closed last",
    )

    @property
    def _table_query(self):
        return sla_report.table(fields.Datetime.now())
