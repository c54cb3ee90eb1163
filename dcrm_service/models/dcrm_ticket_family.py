from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .inside import INSIDE


class DcrmTicket(models.Model):
    """A problem, and the tickets of all who have it.

    Nobody who works on it closes the problem while those are open, unless they say that
    they mean it; the customer may, whose word it is.
    """

    _inherit = "dcrm.ticket"

    parent_id = fields.Many2one(
        "dcrm.ticket",
        "Part Of",
        copy=False,
        check_company=True,
        tracking=True,
        index="btree_not_null",
        ondelete="set null",
        domain="[('id', '!=', id), ('company_id', '=', company_id),"
        " ('closed_at', '=', False)]",
        help="The ticket that this one is solved with",
    )
    child_ids = fields.One2many("dcrm.ticket", "parent_id", "Its Parts", readonly=True)
    child_count = fields.Integer("Parts", compute="_compute_child_counts")
    open_child_count = fields.Integer("Open Parts", compute="_compute_child_counts")

    @api.depends("child_ids.closed_at", "child_ids.active")
    def _compute_child_counts(self):
        groups = self._read_group(
            [("parent_id", "in", self.ids)],
            ["parent_id"],
            ["__count", "closed_at:count"],
        )
        counts = {parent: (count, closed) for parent, count, closed in groups}
        for ticket in self:
            count, closed = counts.get(ticket._origin, (0, 0))
            ticket.child_count = count
            ticket.open_child_count = count - closed

    @api.constrains("parent_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A ticket can't be a part of itself."))
        if self.parent_id.filtered("merged_into_id"):
            raise ValidationError(
                self.env._("That ticket was merged: choose the one that goes on.")
            )

    def write(self, vals):
        open_ = self.filtered(lambda ticket: not ticket.closed_at)
        outcome = super().write(vals)
        if "stage_id" in vals or "team_id" in vals:
            open_.filtered("closed_at")._refuse_closing()
        return outcome

    def _refuse_closing(self):
        """Raise UserError where tickets must not be closed yet: a hook for more.

        What the system does is not refused: there the customer or a rule has decided.
        """
        before_parts = self.env.context.get("dcrm_close_before_parts") is INSIDE
        if self.env.su or before_parts:
            return
        # Whatever is closed in the same moment is closed.
        waiting = self.sudo().child_ids.filtered(
            lambda child: child.active and not child.closed_at
        )
        for parent in waiting.parent_id[:1]:
            raise UserError(
                self.env._(
                    "Parts of %(ticket)s are open still: %(parts)s. Close them first, "
                    "or all together by Close with Parts.",
                    ticket=parent.number,
                    parts=", ".join(
                        child.number for child in waiting if child.parent_id == parent
                    ),
                )
            )

    def action_open_parts(self):
        """Return the action that shows what is part of this ticket."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dcrm_service.dcrm_ticket_action"
        )
        return {
            **action,
            "display_name": self.env._("Parts of %s", self.number),
            "view_mode": "list,kanban,form",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [("parent_id", "=", self.id)],
            "context": {"default_parent_id": self.id},
        }

    def _answer_customer(self, body):
        """Send the customer an answer, as somebody who works here writes it.

        :param Markup body: what is said
        """
        self.ensure_one()
        return self.message_post(
            body=body,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.partner_id.ids,
            outgoing_email_to=not self.partner_id and self.email_from or False,
        )
