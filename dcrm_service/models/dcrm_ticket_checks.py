from odoo import api, fields, models
from odoo.exceptions import UserError


class DcrmTicket(models.Model):
    """What is to be done in a ticket, as checklists of its kind and team say."""

    _inherit = "dcrm.ticket"

    check_ids = fields.One2many("dcrm.ticket.check", "ticket_id", "Checklist")
    check_text = fields.Char("Done", compute="_compute_check_text")

    @api.depends("check_ids.is_done")
    def _compute_check_text(self):
        for ticket in self:
            checks = ticket.check_ids
            done = len(checks.filtered("is_done"))
            ticket.check_text = f"{done} / {len(checks)}" if checks else False

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        tickets._follow_checklists()
        return tickets

    def write(self, vals):
        outcome = super().write(vals)
        if vals.keys() & {"team_id", "kind_id"}:
            self.filtered(lambda ticket: not ticket.closed_at)._follow_checklists()
        return outcome

    def _follow_checklists(self):
        """Have the items of the lists that add themselves, and no others of such.

        What somebody has done already stays.
        """
        checklists = (
            self.env["dcrm.ticket.checklist"]
            .sudo()
            .search([("is_automatic", "=", True)])
        )
        if not checklists:
            return
        for ticket in self.sudo():
            wanted = checklists._of_ticket(ticket)
            ticket.check_ids.filtered(
                lambda check, wanted=wanted: (
                    not check.is_done
                    and check.item_id.checklist_id in checklists - wanted
                )
            ).unlink()
            ticket._add_checklists(wanted)

    def _add_checklists(self, checklists):
        """Add the items of checklists that these tickets do not have yet."""
        for ticket in self.sudo():
            missing = checklists.sudo().item_ids - ticket.check_ids.item_id
            lang = ticket.env.user.lang
            ticket.env["dcrm.ticket.check"].create(
                [
                    {
                        "ticket_id": ticket.id,
                        "item_id": item.id,
                        "name": item.with_context(lang=lang).name,
                        "is_required": item.is_required,
                        "sequence": item.sequence,
                    }
                    for item in missing
                ]
            )

    def _refuse_closing(self):
        outcome = super()._refuse_closing()
        left = self.env["dcrm.ticket.check"]
        if not self.env.su:
            left = self.sudo().check_ids.filtered(
                lambda check: check.is_required and not check.is_done
            )
        for ticket in left.ticket_id[:1]:
            raise UserError(
                self.env._(
                    "Before ticket %(ticket)s is closed, do this: %(items)s.",
                    ticket=ticket.number,
                    items=", ".join(
                        check.name for check in left if check.ticket_id == ticket
                    ),
                )
            )
        return outcome
