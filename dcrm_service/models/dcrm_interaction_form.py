from odoo import api, fields, models
from odoo.http import request

# Where the host's forms on the web site are sent to; the name of the model follows.
FORM_PATH = "/website/form/"


class DcrmInteraction(models.Model):
    """Interactions of forms on the web that customers filled in.

    Whoever sends a form says who they are: it opens nothing to them, and makes no
    contact of who is not known.
    """

    _inherit = "dcrm.interaction"

    @api.model
    def _is_form(self, model):
        """Return whether a form on the web makes a record of this model just now."""
        return bool(request) and request.httprequest.path == f"{FORM_PATH}{model}"

    @api.model
    def _capture_forms(self, documents):
        """Make the interactions of documents that were made by forms on the web."""
        if self.env["res.company"]._interaction_capture("form"):
            self._capture(
                [
                    values
                    for document in documents.sudo()
                    if (values := self._form_values(document))
                ],
                "form",
            )

    @api.model
    def _form_values(self, document):
        """Return the values of the interaction, of a customer who is known."""
        people = self._people_of(document) or self._sender_of(document)
        # Of a ticket it may be doubtful whose word it is.
        if not people or ("sender_doubt" in document and document.sender_doubt):
            return None
        user = self._responsible(document)
        values = self._capture_values(
            people,
            user,
            (
                self._company_of_document(document),
                people[0].company_id,
                user.company_id,
                self.env.company,
            ),
            subject=document.display_name,
            date=fields.Datetime.now(),
            channel="web",
            direction="in",
            origin_key=f"{document._name},{document.id}",
            res_model=document._name,
            res_id=document.id,
        )
        return {**values, **self._link_values(document, values["company_id"])}

    @api.model
    def _sender_of(self, document):
        """Return the customer of the e-mail address that a form names, if known."""
        address = document._mail_get_primary_email()[document.id]
        if not address:
            return self.env["res.partner"]
        sender = document._partner_find_from_emails_single([address], no_create=True)
        return sender[:1]._filter_customers()
