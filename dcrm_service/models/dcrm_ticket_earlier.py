from odoo import api, fields, models
from odoo.fields import Domain

# How many earlier tickets are shown with one.
SHOWN = 6


class DcrmTicket(models.Model):
    """What the customer came with before: in view as soon as the customer is known."""

    _inherit = "dcrm.ticket"

    earlier_ids = fields.Many2many(
        "dcrm.ticket",
        string="Earlier Tickets",
        compute="_compute_earlier_ids",
        help="Of the same customer: about the same piece or product first, then of the "
        "same kind; the open ones first, then the latest",
    )
    earlier_count = fields.Integer("Others", compute="_compute_earlier_count")

    @api.depends(
        "commercial_partner_id", "company_id", "product_id", "lot_id", "kind_id"
    )
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_earlier_ids(self):
        for ticket in self:
            ticket.earlier_ids = ticket._earlier()

    @api.depends("commercial_partner_id", "company_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_earlier_count(self):
        counts = dict(
            self._read_group(
                Domain("commercial_partner_id", "in", self.commercial_partner_id.ids),
                ["commercial_partner_id"],
                ["__count"],
            )
        )
        for ticket in self:
            count = counts.get(ticket.commercial_partner_id, 0)
            ticket.earlier_count = max(count - bool(ticket._origin), 0)

    def _domain_earlier(self):
        """Return whose tickets the others are; of nobody there are none."""
        customer = self.commercial_partner_id
        if not customer:
            return Domain.FALSE
        return Domain("commercial_partner_id", "in", customer.ids) & Domain(
            "id", "not in", self._origin.ids
        )

    def _earlier(self):
        """Return the few others of the customer that tell most about this one.

        As many as are shown, found by as many queries as there are likenesses.
        """
        self.ensure_one()
        found, others = self.browse(), self._domain_earlier()
        for alike in self._likenesses():
            if len(found) >= SHOWN:
                break
            # Open ones have no closing, and so come first.
            found += self.search(
                others & alike & Domain("id", "not in", found.ids),
                order="closed_at desc, id desc",
                limit=SHOWN - len(found),
            )
        return found

    def _likenesses(self):
        """Return the domains of what is alike, the most alike first, all last."""
        alike = [
            Domain(name, "=", value)
            for name, value in (
                ("lot_id", self.lot_id),
                ("product_id", self.product_id._origin.id),
                ("kind_id", self.kind_id._origin.id),
            )
            if value
        ]
        return [*alike, Domain.TRUE]

    def action_open_earlier(self):
        """Return the action that lists the customer's other tickets."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dcrm_service.dcrm_ticket_action"
        )
        return {
            **action,
            "display_name": self.commercial_partner_id.display_name,
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": list(self._domain_earlier()),
            "context": {"default_partner_id": self.partner_id.id},
        }
