from odoo import api, fields, models

from ..queries import worth_change

LIFECYCLE = [
    ("acquired", "Acquired"),
    ("retained", "Retained"),
    ("extended", "Extended"),
    ("lost", "Lost"),
    ("won_back", "Won Back"),
]


class DcrmCustomerScore(models.Model):
    """What the rhythm of a customer's purchases says: danger, lifecycle, loyalty.

    Worked out by a phase of its own, after the scores: for the customers that the
    scores hand on, and for those whom the new day alone puts in another state.
    """

    _inherit = "dcrm.customer.score"

    purchase_gap = fields.Float(
        "Usual Gap",
        readonly=True,
        aggregator="avg",
        help="Days between two purchases: the median of the customer's own gaps. Empty "
        "until it has bought on enough days",
    )
    purchase_due_date = fields.Date(
        "Next Purchase Due",
        readonly=True,
        help="The day by which the customer's usual gap since the last purchase has "
        "passed",
    )
    danger_since = fields.Date(
        "In Danger Since",
        readonly=True,
        help="Since when the customer is silent for too many of its usual gaps. Empty: "
        "it is not in danger",
    )
    lifecycle = fields.Selection(LIFECYCLE, readonly=True)
    lifecycle_since = fields.Date(readonly=True, help="Since when it is in this state")
    relation = fields.Selection(
        [
            ("friend", "True Friend"),
            ("butterfly", "Butterfly"),
            ("barnacle", "Barnacle"),
            ("stranger", "Stranger"),
        ],
        "Loyal × Profitable",
        readonly=True,
        help="True friends are loyal and profitable, butterflies profitable and not "
        "(yet) loyal, barnacles loyal and not profitable, strangers neither "
        "(Reinartz and Kumar, 2002)",
    )

    def init(self):
        self.env.cr.execute(worth_change.install())
        return super().init()

    @api.model
    def _work_out_worth(self, company, full=False):
        """Bring the figures of worth of a company's customers up to date.

        :param full: of all of them, not just of those who changed or came due
        :return: dict of counts
        """
        if not company.sudo().customer_worth:
            return {}
        return {"profit_changed": self._write_profit(company)}
