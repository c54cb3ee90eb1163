from odoo import api, fields, models
from odoo.fields import Domain

from ..queries import spell
from .dcrm_customer_score_worth import LIFECYCLE


class DcrmCustomerLifecycle(models.Model):
    """A customer's stay in a state of its lifecycle: since when, until when.

    Written by SQL only, from the purchases: what changes there corrects stays, too.
    """

    _name = "dcrm.customer.lifecycle"
    _inherit = ["dcrm.customer.mixin"]
    _description = "Stay in a State of the Lifecycle"
    _order = "entered_on desc, id desc"

    state = fields.Selection(LIFECYCLE, required=True, readonly=True)
    from_state = fields.Selection(
        LIFECYCLE, "Came From", readonly=True, help="Empty: a new customer"
    )
    entered_on = fields.Date("Since", required=True, readonly=True)
    left_on = fields.Date(
        "Until", readonly=True, help="Empty: the customer is there still"
    )

    # A constraint, not an index: the host's partner merge looks at constraints only.
    _unique_stay = models.Constraint("UNIQUE (partner_id, company_id, entered_on)")
    _company_entered_idx = models.Index("(company_id, entered_on)")

    def init(self):
        self.env.cr.execute(spell.leave_room(spell.STATES))

    def action_open_partner(self):
        """Return the action that opens the customer."""
        self.ensure_one()
        return self.partner_id.get_formview_action()

    @api.model
    def _renew(self, company, stale=None):
        """Make stays equal to those that the present refresh has found.

        :param SQL stale: a select of the ids of the customers looked at; default: all
        :return: how many stays were written
        """
        self.env.cr.execute(spell.prune(spell.STATES, company.id, stale))
        self.env.cr.execute(spell.write(spell.STATES, company.id, stale))
        count = self.env.cr.rowcount
        self.invalidate_model()
        return count

    @api.model
    @api.readonly
    def flows(self, filters=None):
        """Return how customers moved between the states in a period.

        :param filters: dict of ``company_id``, ``date_from``, ``date_to`` (either may
            be None), ``user_id`` (the customer's salesperson) and ``industry_id``
        :return: list of dicts ``from`` (None: they were no customers), ``to``,
            ``customers``, ``moves`` (a customer may move the same way twice) and the
            ``domain`` of the stays that these moves began
        :raises AccessError: for who may not read stays, or not of that company
        """
        self.browse().check_access("read")
        filters = self.env["dcrm.customer.score"]._checked_filters(filters)
        domain = self._domain_of(filters)
        groups = self._read_group(
            domain, ["from_state", "state"], ["partner_id:count_distinct", "__count"]
        )
        order = [False, *(state for state, _name in LIFECYCLE)]
        return [
            {
                "from": before or None,
                "to": state,
                "customers": customers,
                "moves": moves,
                "domain": list(
                    domain
                    & Domain("from_state", "=", before)
                    & Domain("state", "=", state)
                ),
            }
            for before, state, customers, moves in sorted(
                groups, key=lambda group: (order.index(group[0]), order.index(group[1]))
            )
        ]

    @api.model
    def _domain_of(self, filters):
        """Return the domain of the stays that began in the period of the filters."""
        scores = self.env["dcrm.customer.score"]
        company = scores._company_of_grid(filters.get("company_id"))
        domain = Domain("company_id", "=", company.id)
        if filters.get("date_from"):
            domain &= Domain("entered_on", ">=", filters["date_from"])
        if filters.get("date_to"):
            domain &= Domain("entered_on", "<=", filters["date_to"])
        for name in ("user_id", "industry_id"):
            if filters.get(name):
                domain &= Domain(name, "=", filters[name])
        return domain
