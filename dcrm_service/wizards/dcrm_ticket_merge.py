from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class DcrmTicketMerge(models.TransientModel):
    """Which tickets become one, and which of them goes on."""

    _name = "dcrm.ticket.merge"
    _inherit = ["dcrm.ticket.dialog"]
    _description = "Merge Tickets"

    ticket_ids = fields.Many2many(
        "dcrm.ticket",
        string="Tickets",
        required=True,
        domain="[('company_id', '=', company_id), ('merged_into_id', '=', False)]",
    )
    into_id = fields.Many2one(
        "dcrm.ticket",
        "Goes On",
        compute="_compute_into_id",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('id', 'in', ticket_ids)]",
        help="The ticket that lives on, with all that was said in the others. Answers "
        "to these come to it.",
    )
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    same_customer_ids = fields.Many2many(
        "dcrm.ticket",
        compute="_compute_same_customer_ids",
        help="Other open tickets of the same customer",
    )
    several_customers = fields.Boolean(compute="_compute_several_customers")
    across_customers = fields.Boolean(
        "Merge Them All the Same",
        help="All of their people will read what each of them wrote.",
    )

    @api.model
    def default_get(self, names):
        values = super().default_get(names)
        context = self.env.context
        if "ticket_ids" in names and context.get("active_model") == "dcrm.ticket":
            values["ticket_ids"] = [Command.set(context.get("active_ids", []))]
        return values

    @api.depends("ticket_ids")
    def _compute_into_id(self):
        for wizard in self:
            if wizard.into_id not in wizard.ticket_ids:
                # What is open comes before what is not, then what has waited longest.
                wizard.into_id = wizard.ticket_ids.sorted(
                    lambda ticket: (bool(ticket.closed_at), ticket.opened_at)
                )[:1]._origin

    @api.depends("ticket_ids")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard.ticket_ids[:1].company_id

    @api.depends("ticket_ids")
    def _compute_same_customer_ids(self):
        for wizard in self:
            tickets = wizard.ticket_ids._origin
            customers = tickets.commercial_partner_id
            wizard.same_customer_ids = self.env["dcrm.ticket"].search(
                [
                    ("commercial_partner_id", "in", customers.ids),
                    ("company_id", "in", tickets.company_id.ids),
                    ("closed_at", "=", False),
                    ("id", "not in", tickets.ids),
                ],
                limit=20,
            )

    @api.depends("ticket_ids")
    def _compute_several_customers(self):
        for wizard in self:
            wizard.several_customers = wizard.ticket_ids._are_of_several_customers()

    def action_add_same_customer(self):
        """Merge the customer's other open tickets as well."""
        self.ensure_one()
        self.ticket_ids |= self.same_customer_ids
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dcrm_service.dcrm_ticket_merge_action"
        )
        return {**action, "res_id": self.id}

    def action_merge(self):
        """Merge the tickets, and return the action that shows the one that goes on.

        :raises UserError: where they can't become one
        """
        self.ensure_one()
        if self.into_id not in self.ticket_ids:
            raise UserError(self.env._("Choose which of the tickets goes on."))
        (self.ticket_ids - self.into_id)._merge_into(
            self.into_id, across_customers=self.across_customers
        )
        return self.into_id._action_open()
