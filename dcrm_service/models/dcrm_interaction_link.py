from odoo import api, fields, models
from odoo.exceptions import ValidationError

LEAD = "crm.lead"
# The method of the host's leads by which one takes over what belongs to others.
MERGES = "_merge_dependences"
MARK = "takes_interactions_along"
# What an interaction is linked to, where it is about such a document.
LINKS = {"dcrm.ticket": "ticket_id", "sale.order": "order_id", LEAD: "opportunity_id"}
SALESMAN = "sales_team.group_sale_salesman"


class DcrmInteraction(models.Model):
    """What an interaction was about: a ticket, an order, an opportunity.

    Opportunities are there where the host's CRM is installed; it need not be.
    """

    _inherit = "dcrm.interaction"

    order_id = fields.Many2one(
        "sale.order",
        check_company=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups=SALESMAN,
        domain="[('partner_id', 'child_of', commercial_partner_id)]",
    )
    opportunity_model = fields.Char(compute="_compute_opportunity_model")
    opportunity_id = fields.Many2oneReference(
        model_field="opportunity_model",
        copy=False,
        index="btree_not_null",
        groups=SALESMAN,
    )

    def _compute_opportunity_model(self):
        self.opportunity_model = LEAD if LEAD in self.env else False

    @api.model
    def _check_links_are_seen(self, vals_list):
        """Raise AccessError for a document that the user may not read: its name shows.

        :raises ValidationError: for an opportunity that is not there
        """
        for model, name in LINKS.items():
            default = self.env.context.get(f"default_{name}")
            ids = {vals.get(name, default) for vals in vals_list} - {None, False}
            if not ids:
                continue
            if model not in self.env:
                raise ValidationError(self.env._("No opportunities are kept here."))
            documents = self.env[model].browse(ids)
            if documents.exists() != documents:
                raise ValidationError(self.env._("This document is there no more."))
            documents.check_access("read")

    @api.constrains("opportunity_id", "company_id")
    def _check_opportunity_company(self):
        """Raise ValidationError where an opportunity is another company's."""
        if LEAD not in self.env:
            return
        for interaction in self.sudo().filtered("opportunity_id"):
            lead = self.env[LEAD].sudo().browse(interaction.opportunity_id).exists()
            if lead.company_id not in (
                interaction.company_id,
                lead.company_id.browse(),
            ):
                raise ValidationError(
                    self.env._(
                        "“%(subject)s” is of another company than its opportunity.",
                        subject=interaction.subject,
                    )
                )

    @api.model
    def _link_values(self, document, company_id):
        """Return the values that link an interaction to the document it is about."""
        name = LINKS.get(document._name)
        if not name or document.company_id.id not in (False, company_id):
            return {}
        return {name: document.id}

    # -- opportunities that become one -----------------------------------------------

    def _register_hook(self):
        """Stand before the method of leads: their model may not be installed."""
        super()._register_hook()
        leads = self.pool.get(LEAD)
        if hasattr(leads, MERGES) and not hasattr(getattr(leads, MERGES), MARK):
            setattr(leads, MERGES, taking_interactions_along(leads))

    @api.model
    def _merge_opportunities(self, gone, into):
        """Give the interactions about opportunities to the one they became."""
        found = self._for_capture().search([("opportunity_id", "in", gone.ids)])
        found.opportunity_id = into.id


def taking_interactions_along(leads):
    """Return the method of leads that does what it did, and takes interactions along.

    :param leads: the class of the model, which somebody else may stand before as well
    """
    before = vars(leads).get(MERGES)

    def merge_dependences(self, opportunities):
        self.env["dcrm.interaction"]._merge_opportunities(opportunities, self)
        if before:
            return before(self, opportunities)
        return getattr(super(leads, self), MERGES)(opportunities)

    setattr(merge_dependences, MARK, True)
    return merge_dependences
