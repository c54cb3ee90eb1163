from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..queries import last_contact

INTERNAL = "base.group_user"
CONTACT_FIELDS = {"last_contact_date", "silent_days"}


class ResPartner(models.Model):
    """Partners show when the customer was last in contact, and what is open.

    A contact of a company shows its company's. All is read with the rights of the
    reader, over the companies that the reader works in.
    """

    _inherit = "res.partner"

    interaction_count = fields.Integer(
        "Interactions",
        compute="_compute_interactions",
        compute_sudo=False,
        groups=INTERNAL,
    )
    last_contact_date = fields.Datetime(
        "Last Contact",
        compute="_compute_interactions",
        search="_search_last_contact_date",
        compute_sudo=False,
        groups=INTERNAL,
    )
    silent_days = fields.Integer(
        compute="_compute_interactions",
        search="_search_silent_days",
        compute_sudo=False,
        groups=INTERNAL,
        aggregator="avg",
        help="Days since the last contact, either way and on whatever channel",
    )
    open_ticket_count = fields.Integer(
        "Open Tickets",
        compute="_compute_open_ticket_count",
        compute_sudo=False,
        groups=INTERNAL,
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("allowed_company_ids", "company", "uid")
    def _compute_interactions(self):
        zone, today = self._contact_calendar()
        groups = self.env["dcrm.interaction"]._read_group(
            [("commercial_partner_id", "in", self.commercial_partner_id.ids)],
            ["commercial_partner_id"],
            ["__count", "date:max"],
        )
        of = {customer.id: (count, last) for customer, count, last in groups}
        for partner in self:
            count, last = of.get(partner.commercial_partner_id.id, (0, False))
            partner.interaction_count = count
            partner.last_contact_date = last
            day = pytz.utc.localize(last).astimezone(zone).date() if last else today
            partner.silent_days = max(0, (today - day).days)

    @api.depends("commercial_partner_id")
    @api.depends_context("allowed_company_ids", "uid")
    def _compute_open_ticket_count(self):
        tickets = self.env["dcrm.ticket"]
        counts = {}
        if tickets.has_access("read"):
            counts = dict(
                tickets._read_group(
                    self._domain_open_tickets(), ["commercial_partner_id"], ["__count"]
                )
            )
        for partner in self:
            partner.open_ticket_count = counts.get(partner.commercial_partner_id, 0)

    def _domain_open_tickets(self):
        return [
            ("commercial_partner_id", "in", self.commercial_partner_id.ids),
            ("stage_id.is_closed", "=", False),
        ]

    # -- search and order ------------------------------------------------------------

    def _contact_calendar(self):
        """Return the current company's time zone, and the day that it is there."""
        company = self.env.company
        return company._customer_zone(), company._customer_today()

    def _interactions_in_view(self):
        return self.env["dcrm.interaction"]._search([])

    def _domain_in_contact(self, *conditions):
        customers = last_contact.customers(self._interactions_in_view(), conditions)
        return Domain("commercial_partner_id", "in", customers)

    def _search_last_contact_date(self, operator, value):
        if operator in last_contact.OPERATORS:
            return self._domain_in_contact((operator, value))
        if operator != "in":
            return NotImplemented
        return Domain.OR(
            self._domain_in_contact((">=", moment), ("<=", moment))
            if moment
            else ~self._domain_in_contact()
            for moment in value
        )

    def _search_silent_days(self, operator, value):
        """Search by days; who never was in contact is neither silent nor not."""
        if operator == "in":
            return Domain.OR(
                self._domain_in_contact(
                    (">=", self._begin_of_silence(days)),
                    ("<", self._begin_of_silence(days - 1)),
                )
                if days
                else self._domain_in_contact((">=", self._begin_of_silence(0)))
                for days in value
            )
        if operator not in last_contact.OPERATORS:
            return NotImplemented
        # Silent for longer: in contact earlier. A day ends where the next begins.
        earlier = {">": "<", ">=": "<", "<": ">=", "<=": ">="}[operator]
        days = value - 1 if operator in (">=", "<") else value
        return self._domain_in_contact((earlier, self._begin_of_silence(days)))

    def _begin_of_silence(self, days):
        """Return the naive UTC instant at which the day so many days ago began."""
        zone, today = self._contact_calendar()
        begin = zone.localize(datetime.combine(today - timedelta(days), time.min))
        return begin.astimezone(pytz.utc).replace(tzinfo=None)

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr not in CONTACT_FIELDS or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        # The superuser sees more than the user: never share a join between the two.
        viewer = "all" if self.env.su else "own"
        contact = query.make_alias(alias, f"contact_{viewer}")
        last_contact.join(
            query,
            contact,
            self._interactions_in_view(),
            self._field_to_sql(alias, "commercial_partner_id", query),
        )
        last = SQL.identifier(contact, "last_contact")
        if field_expr == "last_contact_date":
            return last
        zone, today = self._contact_calendar()
        return last_contact.silent_days(last, today, zone.zone)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name in CONTACT_FIELDS and not nulls.code:
            # Customers never in contact come last, whichever way the list is sorted.
            nulls = SQL("NULLS LAST")
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    # -- whose they are --------------------------------------------------------------

    def _filter_customers(self):
        """Return those of these partners who are customers' people, not ours.

        Ours are the people of our companies, and whoever is or was a user of ours; the
        visitor of the web site is nobody's.
        """
        partners = self.sudo().with_context(active_test=False)
        companies = self.env["res.company"].sudo()
        ours = companies.search(
            [("partner_id", "in", partners.commercial_partner_id.ids)]
        ).partner_id
        return self.browse(
            partner.id
            for partner in partners
            if partner.partner_share
            and partner.commercial_partner_id not in ours
            and all(user._is_portal() for user in partner.user_ids)
        )

    def write(self, vals):
        customers = self.browse()
        if vals.keys() & {"parent_id", "is_company"}:
            customers = self.filtered(
                lambda partner: partner.commercial_partner_id == partner
            )
        result = super().write(vals)
        for partner in customers:
            # A customer who is somebody's contact now takes its history along.
            if partner.commercial_partner_id != partner:
                self.env["dcrm.interaction"]._pass_on(
                    partner, partner.commercial_partner_id
                )
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_keep_interactions(self):
        """What was said with a person of a customer stays, without the person."""
        interactions = self.env["dcrm.interaction"].sudo()
        for interaction in interactions.with_context(active_test=False).search(
            [
                ("partner_id", "in", self.ids),
                ("commercial_partner_id", "not in", self.ids),
            ]
        ):
            interaction.partner_id = interaction.commercial_partner_id

    # -- what the buttons do ---------------------------------------------------------

    def action_log_interaction(self):
        """Return the action that opens the dialog to log an interaction."""
        self.ensure_one()
        self.env["dcrm.interaction"].check_access("create")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dcrm_service.dcrm_interaction_log_action"
        )
        return {**action, "context": {"default_partner_id": self.id}}

    def action_open_interactions(self):
        """Return the action that opens the timeline of these customers."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dcrm_service.dcrm_interaction_timeline_action"
        )
        return {
            **action,
            "domain": [("commercial_partner_id", "in", self.commercial_partner_id.ids)],
            "context": {"default_partner_id": self[:1].id},
        }

    def action_open_tickets(self):
        """Return the action that lists the customers' tickets, the open ones first."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dcrm_service.dcrm_ticket_action"
        )
        return {
            **action,
            "domain": [("commercial_partner_id", "in", self.commercial_partner_id.ids)],
            "context": {"default_partner_id": self[:1].id, "search_default_open": 1},
        }
