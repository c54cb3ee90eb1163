from odoo import api, fields, models

MANAGER = "dcrm_service.group_service_manager"
# What the agents may say of an item; of one that they added, its name as well.
SAID = {"is_done", "sequence"}


class DcrmTicketCheck(models.Model):
    """Something to be done in a ticket, and who has done it when."""

    _name = "dcrm.ticket.check"
    _inherit = ["dcrm.export.mixin", "dcrm.kept.mixin"]
    _description = "Checklist Item of a Ticket"
    _order = "ticket_id, sequence, id"

    ticket_id = fields.Many2one(
        "dcrm.ticket", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="ticket_id.company_id", store=True, precompute=True, index=True
    )
    item_id = fields.Many2one(
        "dcrm.ticket.checklist.item",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The item of a checklist. Empty: it was added by hand.",
    )
    sequence = fields.Integer(default=100)
    name = fields.Char("What Is to Be Done", required=True)
    is_required = fields.Boolean(
        "Required", help="Nobody closes the ticket before it is done."
    )
    is_done = fields.Boolean("Done")
    done_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    done_at = fields.Datetime(readonly=True, copy=False)

    _unique_item = models.Constraint(
        "UNIQUE(ticket_id, item_id)", "The ticket has this item already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_kept(vals.keys() - {"name", "ticket_id"})
            self._mark(vals)
        self = self._without_kept_defaults()
        checks = super().create(vals_list)
        if not self.env.su:
            checks.ticket_id.check_access("write")
        checks.ticket_id._refuse_merged()
        return checks

    def write(self, vals):
        added = not self.item_id
        self._refuse_kept(vals.keys() - ({"name"} if added else set()))
        self.ticket_id._refuse_merged()
        if "is_done" not in vals:
            return super().write(vals)
        # Who did it first did it.
        changed = self.filtered(lambda check: check.is_done != vals["is_done"])
        super(DcrmTicketCheck, self - changed).write(vals)
        return super(DcrmTicketCheck, changed).write(self._mark(dict(vals)))

    @api.model
    def _kept(self):
        """Return what a user does not say: what is asked for is a manager's to say."""
        if self.env.user.has_group(MANAGER):
            return {"done_by_id", "done_at"}
        return self._fields.keys() - SAID

    @api.model
    def _mark(self, vals):
        """Say who has done it and when, nobody else than who does."""
        if "is_done" in vals:
            done = vals["is_done"]
            vals["done_by_id"] = done and self.env.uid
            vals["done_at"] = done and fields.Datetime.now()
        else:
            vals.pop("done_by_id", None)
            vals.pop("done_at", None)
        return vals
