from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.dcrm_analytics.models.dcrm_customer_page_next import LATE

# How many interactions and tickets are shown, and how many open ones looked at.
SHOWN = 5
MOST = 40
ICONS = {
    "visit": "fa-car",
    "sales_centre": "fa-building-o",
    "phone": "fa-phone",
    "call_centre": "fa-headphones",
    "email": "fa-envelope-o",
    "web": "fa-globe",
    "chat": "fa-commenting-o",
    "symposium": "fa-users",
    "exhibition": "fa-flag-o",
    "letter": "fa-envelope",
    "portal": "fa-user-circle-o",
}


class DcrmCustomerPage(models.Model):
    """What passed between us on every channel, and what the customer waits for."""

    _inherit = "dcrm.customer.page"

    def _page_facts(self):
        return {
            **super()._page_facts(),
            "interactions": self._interactions(),
            "tickets": self._open_tickets(),
        }

    def _interactions(self):
        return self.env["dcrm.interaction"].search_fetch(
            [
                ("commercial_partner_id", "=", self.id),
                ("company_id", "=", self.env.company.id),
            ],
            ["subject", "date", "channel", "direction", "res_model", "res_id"],
            limit=SHOWN,
        )

    def _domain_open_tickets(self):
        return Domain(
            [
                ("commercial_partner_id", "=", self.id),
                ("company_id", "=", self.env.company.id),
                ("closed_at", "=", False),
            ]
        )

    def _open_tickets(self):
        """Return the open tickets, what is due first coming first."""
        return self.env["dcrm.ticket"].search_fetch(
            self._domain_open_tickets(),
            ["name", "number", "next_deadline", "priority"],
            order="next_deadline, priority desc, id",
            limit=MOST,
        )

    # -- last contacts ---------------------------------------------------------------

    def _page_contacts(self, facts):
        """Tell interactions instead of the messages and meetings that made them."""
        interactions = facts["interactions"]
        known = {(each.res_model, each.res_id) for each in interactions}
        others = super()._page_contacts(facts)
        return [
            *(entry for entry in others if entry["origin"] not in known),
            *(
                self._entry(
                    (each._name, each.id),
                    each.date,
                    each.subject,
                    ICONS[each.channel],
                    detail=self._channel_in_words(each),
                    action=self._open(each),
                )
                for each in interactions
            ),
        ]

    def _section_contacts(self, facts):
        """Lead from the last contacts to all of them: the customer's timeline."""
        section = super()._section_contacts(facts)
        for block in filter(None, section["blocks"] if section else ()):
            if facts["interactions"]:
                block["more"] = self._timeline()
        return section

    def _timeline(self):
        """Return the action that opens the customer's timeline."""
        id_of = self.env["ir.model.data"]._xmlid_to_res_id
        view = "dcrm_service.dcrm_interaction_view_%s_timeline"
        action = self._list(
            self.env._("Timeline"),
            "dcrm.interaction",
            [
                ("commercial_partner_id", "=", self.id),
                ("company_id", "=", self.env.company.id),
            ],
            {"default_partner_id": self.id, "create": True},
        )
        return {
            **action,
            "views": [(id_of(view % "kanban"), "kanban"), *action["views"]],
            "search_view_id": [id_of(view % "search")],
        }

    def _channel_in_words(self, interaction):
        return self.env._(
            "%(channel)s, %(direction)s",
            channel=self._name_of(interaction, "channel"),
            direction=self._name_of(interaction, "direction").lower(),
        )

    # -- tickets ---------------------------------------------------------------------

    def _page_sections(self, facts):
        sections = super()._page_sections(facts)
        return self._insert_after(sections, "business", self._section_tickets(facts))

    def _section_tickets(self, facts):
        tickets, now = facts["tickets"], fields.Datetime.now()
        if not tickets:
            return None
        lines = [
            self._line(
                ticket.name,
                icon="fa-life-ring",
                detail=self._ticket_in_words(ticket, facts["today"]),
                tone="danger" if self._is_late(ticket, now) else None,
                action=self._open(ticket),
            )
            for ticket in tickets[:SHOWN]
        ]
        action = self._list(
            self.env._("Open Tickets"), tickets._name, self._domain_open_tickets()
        )
        late = any(self._is_late(ticket, now) for ticket in tickets)
        return self._section(
            "tickets",
            self.env._("Open tickets"),
            "fa-life-ring",
            [self._lines(lines, action if len(tickets) > SHOWN else None)],
            tone="danger" if late else None,
            note=self._number(len(tickets)) if len(tickets) < MOST else None,
        )

    def _is_late(self, ticket, now):
        return bool(ticket.next_deadline) and ticket.next_deadline < now

    def _ticket_in_words(self, ticket, today):
        words = {"number": ticket.number}
        if not ticket.next_deadline:
            return self.env._("%(number)s, no deadline", **words)
        words["when"] = self._when(ticket.next_deadline, today)
        if self._is_late(ticket, fields.Datetime.now()):
            return self.env._("%(number)s, was due %(when)s", **words)
        return self.env._("%(number)s, due %(when)s", **words)

    def _page_dates(self, facts):
        now = fields.Datetime.now()
        return super()._page_dates(facts) + [
            {
                **self._entry(
                    (ticket._name, ticket.id),
                    ticket.next_deadline,
                    self.env._("Ticket due: %s", ticket.name),
                    "fa-life-ring",
                    detail=ticket.number,
                    action=self._open(ticket),
                ),
                "tone": "danger" if self._is_late(ticket, now) else None,
            }
            for ticket in facts["tickets"]
            if ticket.next_deadline
        ]

    def _page_steps(self, facts):
        now = fields.Datetime.now()
        late = facts["tickets"].filtered(lambda ticket: self._is_late(ticket, now))
        return super()._page_steps(facts) + [
            self._step(
                f"ticket_{ticket.id}",
                LATE,
                self.env._("Know how ticket %s stands before you call", ticket.number),
                self.env._(
                    "%(name)s, was due %(when)s",
                    name=ticket.name,
                    when=self._when(ticket.next_deadline, facts["today"]),
                ),
                icon="fa-life-ring",
                tone="danger",
                schedule=False,
                action=self._open(ticket),
            )
            for ticket in late[:1]
        ]
