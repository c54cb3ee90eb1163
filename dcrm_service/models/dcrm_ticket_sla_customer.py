from odoo import api, fields, models
from odoo.tools import split_every

from ..queries import sla_customer as queries

BATCH = 500
# Which field of the score each field of the ticket follows.
FOLLOWED = {
    "value_class": "value_class",
    "customer_segment_id": "segment_id",
    "customer_danger_since": "danger_since",
}


class DcrmTicket(models.Model):
    """What the customer is worth to the company, as long as the ticket is open.

    A closed ticket keeps what it was: who became a better customer since was not served
    worse than promised.
    """

    _inherit = "dcrm.ticket"

    value_class = fields.Selection(
        [("a", "A"), ("b", "B"), ("c", "C")],
        compute="_compute_customer_worth",
        store=True,
        precompute=True,
        help="The customer's in the company; as it was then once closed",
    )
    customer_segment_id = fields.Many2one(
        "dcrm.segment",
        compute="_compute_customer_worth",
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="set null",
        help="The customer's in the company; as it was then once closed",
    )
    customer_danger_since = fields.Date(
        "In Danger Since",
        compute="_compute_customer_worth",
        store=True,
        precompute=True,
        help="Since when the customer is in danger of being lost; as it was then once "
        "closed",
    )

    @api.depends("commercial_partner_id", "company_id")
    def _compute_customer_worth(self):
        scores = self.env["dcrm.customer.score"].sudo()
        found = scores.search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "in", self.company_id.ids),
            ]
        )
        score_of = {(score.partner_id, score.company_id): score for score in found}
        for ticket in self:
            if ticket.closed_at and ticket._origin:
                score = None
            else:
                key = (ticket.commercial_partner_id, ticket.company_id)
                score = score_of.get(key, scores)
            for name, source in FOLLOWED.items():
                ticket[name] = ticket[name] if score is None else score[source]

    @api.model
    def _follow_customers(self, company, limit=BATCH):
        """Have open tickets follow what is known of their customers, up to a limit.

        :return: how many did; fewer than the limit: there are no more
        """
        self.env.flush_all()
        rows = self.env.execute_query(queries.tickets_behind(company.id, limit))
        tickets = self.sudo().browse(ticket_id for [ticket_id] in rows)
        tickets._follow_customer()
        return len(tickets)

    @api.model
    def _follow_all_customers(self, company):
        """As :meth:`_follow_customers`, without a limit; return how many did."""
        rows = self.env.execute_query(queries.tickets_behind(company.id, None))
        ids = [ticket_id for [ticket_id] in rows]
        for batch in split_every(BATCH, ids):
            self.sudo().browse(batch)._follow_customer()
        return len(ids)

    def _follow_customer(self):
        """Take what is known of the customer now, and set the clocks by it."""
        before = {ticket: [ticket[name] for name in FOLLOWED] for ticket in self}
        for name in FOLLOWED:
            self.env.add_to_compute(self._fields[name], self)
        reasons = {ticket: ticket._follows(before[ticket]) for ticket in self}
        for reason, tickets in self.grouped(reasons.get).items():
            tickets._set_clocks(reason)

    def _follows(self, before):
        """Return in words what of the customer has changed."""
        classes = dict(self._fields["value_class"]._description_selection(self.env))
        none = self.env._("none")
        words = {
            "value_class": self.env._(
                "Value class: %s", classes.get(self.value_class, none)
            ),
            "customer_segment_id": self.env._(
                "Segment: %s", self.customer_segment_id.name or none
            ),
            "customer_danger_since": (
                self.env._("Customer in danger")
                if self.customer_danger_since
                else self.env._("Customer not in danger any more")
            ),
        }
        return ", ".join(
            words[name]
            for name, was in zip(FOLLOWED, before, strict=True)
            if self[name] != was
        )
