from odoo import api, fields, models, tools

# What logs itself, and the field by which a company says so.
SOURCES = {
    "mail": "interaction_capture",
    "form": "interaction_capture_forms",
    "chat": "interaction_capture_chats",
    "rating": "interaction_capture_ratings",
    "activity": "interaction_activity_type_ids",
}
SETTINGS = set(SOURCES.values())


class ResCompany(models.Model):
    """Each company decides what logs itself."""

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
    interaction_capture_forms = fields.Boolean(
        "Log Web Forms",
        help="What customers send by forms of the web site becomes interactions.",
    )
    interaction_capture_chats = fields.Boolean(
        "Log Chats",
        help="Live chats of customers who are known become interactions, one a chat.",
    )
    interaction_capture_ratings = fields.Boolean(
        "Log Ratings", help="How customers say it was becomes interactions."
    )
    interaction_activity_type_ids = fields.Many2many(
        "mail.activity.type",
        "dcrm_interaction_activity_type_rel",
        string="Log Activities",
        domain=[("interaction_channel", "!=", False)],
        help="Activities of these types on a customer, or on a document of one, become "
        "interactions when they are done, on the channel that the type says.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies.filtered("interaction_capture")._begin_interaction_capture()
        if any(vals.keys() & SETTINGS for vals in vals_list):
            self.env.registry.clear_cache()
        return companies

    def write(self, vals):
        begin = self.browse()
        if vals.get("interaction_capture"):
            begin = self.filtered(lambda company: not company.interaction_capture)
        result = super().write(vals)
        if "interaction_capture" in vals:
            begin._begin_interaction_capture()
        if vals.keys() & SETTINGS:
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
    @tools.ormcache("source")
    def _interaction_capture(self, source="mail"):
        """Return ``{company id: since when}`` of the companies that capture a source.

        Asked at every message that is posted: where none captures it costs nothing.

        :param str source: a key of ``SOURCES``; ``mail`` are e-mails and meetings
        """
        companies = self.sudo().search([(SOURCES[source], "!=", False)])
        return {company.id: company.interaction_capture_since for company in companies}

    @api.model
    @tools.ormcache()
    def _interaction_activity_types(self):
        """Return ``{company id: ids of the types of activities that it logs}``."""
        companies = self.sudo().search([(SOURCES["activity"], "!=", False)])
        return {
            company.id: frozenset(company.interaction_activity_type_ids.ids)
            for company in companies
        }
