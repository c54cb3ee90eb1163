from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from .dcrm_batch_mixin import BATCH


class DcrmTicket(models.Model):
    """A ticket that was merged into another stays as its alias.

    Whatever comes to its number, its e-mails or its page goes to the one that lives.
    """

    _inherit = "dcrm.ticket"
    _rec_names_search = ["number", "name", "merged_ids.number"]

    merged_into_id = fields.Many2one(
        "dcrm.ticket",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The ticket that goes on for this one",
    )
    merged_at = fields.Datetime("Merged", readonly=True, copy=False)
    merged_ids = fields.One2many(
        "dcrm.ticket",
        "merged_into_id",
        "Merged Tickets",
        readonly=True,
        context={"active_test": False},
        help="What was merged into this ticket",
    )

    @api.constrains("merged_into_id")
    def _check_merged_into(self):
        if self._has_cycle("merged_into_id"):
            raise ValidationError(
                self.env._("A ticket can't be merged into itself, by whatever way.")
            )

    def _living(self):
        """Return the tickets that stand for these: themselves where they live.

        Their order is not kept: ask for one at a time to know which stands for which.
        """
        living = self.sudo()
        while merged := living.filtered("merged_into_id"):
            living = living - merged | merged.merged_into_id
        return living.with_env(self.env)

    def _action_open(self):
        """Return the action that shows this ticket."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def action_open_living(self):
        """Return the action that shows the ticket that stands for this one."""
        self.check_access("read")
        return self._living()._action_open()

    # -- what is merged stays as it is -----------------------------------------------

    def write(self, vals):
        self._refuse_merged()
        return super().write(vals)

    def unlink(self):
        """Delete tickets with all that were merged into them: they are one."""
        merged = self.sudo()
        while merged := merged.merged_ids - merged:
            self |= merged.with_env(self.env)
        return super().unlink()

    def _refuse_merged(self):
        """Raise UserError where somebody would change a ticket that was merged."""
        if self.env.su:
            return
        for ticket in self.sudo().filtered("merged_into_id"):
            raise UserError(
                self.env._(
                    "Ticket %(merged)s was merged: change %(living)s instead.",
                    merged=ticket.number,
                    living=ticket._living().number,
                )
            )

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Let the fields of a merged ticket be read only, whoever added them."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form":
            for node in arch.xpath("//field[not(ancestor::field)]"):
                field = self._fields.get(node.get("name"))
                readonly = node.get("readonly")
                if readonly in ("1", "True") or (not readonly and field.readonly):
                    continue
                own = f"({readonly}) or " if readonly else ""
                node.set("readonly", f"{own}merged_into_id")
        return arch, view

    # -- what comes to it goes to the one that lives ---------------------------------

    def message_post(self, **kwargs):
        return super(DcrmTicket, self._living()).message_post(**kwargs)

    def message_update(self, msg_dict, update_vals=None):
        return super(DcrmTicket, self._living()).message_update(msg_dict, update_vals)

    def _ask_rating(self):
        return super(
            DcrmTicket, self.filtered(lambda ticket: not ticket.sudo().merged_into_id)
        )._ask_rating()

    @api.model
    def _bring_strays(self):
        """Hand on what was written to a ticket while it was being merged. The cron.

        Who wrote saw it as it was before, and did not wait for the end of the merge.
        """
        since = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        merged = Domain("merged_into_id", "!=", False) & Domain(
            "merged_at", ">=", since
        )
        tickets = self.with_context(active_test=False)

        def take(last):
            later = Domain("id", ">", last)
            return tickets.search(merged & later, order="id", limit=BATCH)

        def bring(found):
            found._bring_on()

        self._work_off(take, bring, tickets.search_count(merged))

    def _bring_on(self):
        """Hand on what was written to these merged tickets."""
        for ticket in self:
            living = ticket._living()
            for message in ticket._move_messages(living).sorted("id"):
                if living._is_spoken(message):
                    living._heard(message)
