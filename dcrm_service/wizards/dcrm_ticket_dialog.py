from odoo import api, models


class DcrmTicketDialog(models.AbstractModel):
    """A dialog on tickets: they are those that the user may read.

    The host shows the name of what a record links to, whoever looks at it.
    """

    _name = "dcrm.ticket.dialog"
    _description = "Dialog on Tickets"

    @api.model_create_multi
    def create(self, vals_list):
        dialogs = super().create(vals_list)
        dialogs._check_tickets_seen()
        return dialogs

    def write(self, vals):
        outcome = super().write(vals)
        self._check_tickets_seen()
        return outcome

    def _check_tickets_seen(self):
        """Raise AccessError where a dialog is on tickets that the user may not read."""
        for field in self._fields.values():
            if field.comodel_name == "dcrm.ticket" and field.store:
                self[field.name].check_access("read")
