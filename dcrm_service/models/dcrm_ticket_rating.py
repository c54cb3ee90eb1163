from odoo import models


class DcrmTicket(models.Model):
    """How it was, as the customer saw it."""

    _inherit = "dcrm.ticket"

    def write(self, vals):
        open_ = self.browse()
        if "stage_id" in vals or "team_id" in vals:
            open_ = self.filtered(lambda ticket: not ticket.closed_at)
        outcome = super().write(vals)
        open_.filtered("closed_at")._ask_rating()
        return outcome

    def _ask_rating(self):
        """Ask contacts how it was, where the team does, and nobody twice."""
        template = self.env.ref("dcrm_service.mail_template_ticket_rating")
        for ticket in self.sudo():
            contact = ticket.partner_id
            if ticket.team_id.asks_rating and contact.email and not ticket.rating_ids:
                ticket.rating_send_request(template, contact.lang, force_send=False)

    def _rating_get_parent_field_name(self):
        return "team_id"

    def _rating_apply_get_default_subtype_id(self):
        # A note: who says how it was asks nothing, so the ticket stays closed.
        return self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note")
