from psycopg2.errors import UniqueViolation

from odoo import SUPERUSER_ID, api, models
from odoo.tools import html2plaintext, mute_logger
from odoo.tools.misc import clean_context


class DcrmInteraction(models.Model):
    """Interactions that come about by themselves: each origin makes one, once.

    An origin is an e-mail, known by its Message-Id, a meeting, an activity that was
    done, a chat, a form on the web or a rating. It makes one interaction for each
    customer that it concerns.
    """

    _inherit = "dcrm.interaction"

    @api.model
    def _capture(self, values_list, source="mail"):
        """Create the interactions of origins that have none yet.

        Where two do this at the same moment, one of them does it.

        :param list values_list: values of interactions, with ``origin_key``,
            ``partner_id`` and ``company_id``; those of companies that do not capture
            this source are passed over
        :param str source: see ``res.company._interaction_capture``
        :return: the interactions that were created
        """
        companies = self.env["res.company"]._interaction_capture(source)
        wanted = {
            self._capture_key(values): values
            for values in values_list
            if values["company_id"] in companies
        }
        if not wanted:
            return self.browse()
        interactions = self._for_capture()
        known = {
            (known.origin_key, known.commercial_partner_id.id, known.company_id.id)
            for known in interactions.search(
                [("origin_key", "in", [key[0] for key in wanted])]
            )
        }
        missing = [values for key, values in wanted.items() if key not in known]
        return interactions._create_once(missing) if missing else interactions

    @api.model
    def _for_capture(self):
        """Return the model as the system itself sees it: nobody's in particular."""
        context = clean_context(self.env.context)
        return self.with_user(SUPERUSER_ID).with_context(
            **{**context, "active_test": False}
        )

    @api.model
    def _capture_key(self, values):
        partner = self.env["res.partner"].sudo().browse(values["partner_id"])
        customer = partner.commercial_partner_id
        return values["origin_key"], customer.id, values["company_id"]

    @api.model
    def _of_origins(self, model, ids):
        """Return the interactions that records of a model made, archived ones too."""
        return self._for_capture().search(
            [("res_model", "=", model), ("res_id", "in", ids)]
        )

    def _forget(self, captured=None):
        """Delete interactions that nobody added anything to: nothing took place.

        :param dict captured: ``{id of the origin: values}`` that it wrote by itself
        """
        captured = captured or {}
        self.filtered(
            lambda known: known._is_as_captured(captured.get(known.res_id, {}))
        ).unlink()

    def _is_as_captured(self, captured):
        """Return whether the interaction says no more than its origin wrote."""
        self.ensure_one()
        return (
            not (self.learned or self.next_step or self.promise_ids)
            and self._says(captured.get("said"))
            and self.mood in (False, captured.get("mood"))
            and self.ticket_id.id in (False, captured.get("ticket_id"))
        )

    def _says(self, html):
        """Return whether what was said is exactly this, as text."""
        self.ensure_one()
        return html2plaintext(self.said or "") == html2plaintext(html or "")

    def _create_once(self, values_list):
        """Create interactions, but those that another transaction created meanwhile."""
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                return self.create(values_list)
        except UniqueViolation:
            if len(values_list) == 1:
                return self.browse()
        return self.browse().union(
            *(self._create_once([values]) for values in values_list)
        )

    # -- who, and in which company ---------------------------------------------------

    @api.model
    def _capture_values(self, people, users, companies, **values):
        """Return the values of an interaction.

        :param people: partners of one customer, the most important first
        :param users: our users, the most important first
        :param companies: where it may belong, the likeliest first; empty ones are
            passed over. A customer of one company alone decides it.
        """
        company = next(company for company in companies if company)
        partner = people[0]
        if not partner.filtered_domain(partner._check_company_domain(company)):
            company = partner.company_id
        people = people.filtered_domain(people._check_company_domain(company))
        users = users.filtered(lambda user: company in user.company_ids)
        return {
            "company_id": company.id,
            "partner_id": partner.id,
            "contact_ids": (people - partner).ids,
            "user_id": users[:1].id,
            "user_ids": users[1:].ids,
            **values,
        }
