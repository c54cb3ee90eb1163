from odoo import api, fields, models, tools


class ResCompany(models.Model):
    """Each company decides whether e-mails and meetings log themselves."""

    _inherit = "res.company"

    interaction_capture = fields.Boolean(
        "Log E-mails and Meetings",
        help="E-mails with customers, in and out, and meetings held with them become "
        "interactions from now on. Internal notes, private meetings, mailings and "
        "automatic messages do not.",
    )
    interaction_capture_since = fields.Datetime(
        readonly=True, copy=False, help="Meetings that ended earlier are left alone"
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies.filtered("interaction_capture")._begin_interaction_capture()
        return companies

    def write(self, vals):
        begin = self.browse()
        if vals.get("interaction_capture"):
            begin = self.filtered(lambda company: not company.interaction_capture)
        result = super().write(vals)
        if "interaction_capture" in vals:
            begin._begin_interaction_capture()
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _begin_interaction_capture(self):
        if self:
            self.interaction_capture_since = fields.Datetime.now()
            self.env.registry.clear_cache()

    @api.model
    @tools.ormcache()
    def _interaction_capture(self):
        """Return ``{company id: since when}`` of the companies that capture.

        Asked at every message that is posted: where none captures it costs nothing.
        """
        companies = self.sudo().search([("interaction_capture", "=", True)])
        return {company.id: company.interaction_capture_since for company in companies}
