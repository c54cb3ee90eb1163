from odoo import api, models
from odoo.exceptions import AccessError

ANALYST = "dcrm_analytics.group_dcrm_analyst"
HISTORY_SHOWN = 8
HISTORY_FIELDS = [
    "date",
    "segment_id",
    "segment_color",
    "rfm_score",
    "frequency",
    "monetary",
]
STAY_FIELDS = ["segment_id", "segment_color", "entered_on", "left_on"]
MANAGER = "dcrm_analytics.group_dcrm_manager"


class DcrmCustomerScore(models.Model):
    """Where the screens of a score lead to, and what they may start."""

    _inherit = "dcrm.customer.score"

    def action_open_partner(self):
        """Return the action that opens the customer itself."""
        self.ensure_one()
        return self.partner_id.get_formview_action()

    def action_open_explanation(self):
        """Return the action that opens the page that explains this score."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def customer_value(self):
        """Return what the tab and the page of a customer's value show.

        :return: dict ``score`` (see :meth:`explain`), ``stays`` (from the first to the
            present), ``history`` (the latest recorded scores, newest first) and
            ``history_count``
        :raises AccessError: for who may not read the score
        """
        self.ensure_one()
        score = self.explain()
        own = [
            ("partner_id", "=", self.partner_id.id),
            ("company_id", "=", self.company_id.id),
        ]
        history = self.env["dcrm.customer.score.history"]
        stays = self.env["dcrm.segment.stay"].search(own, order="entered_on, id")
        return {
            "score": score,
            "stays": stays.read(STAY_FIELDS),
            "history": history.search(own, limit=HISTORY_SHOWN).read(HISTORY_FIELDS),
            "history_count": history.search_count(own),
        }

    @api.model
    def action_refresh_now(self):
        """Start a refresh of the current company and return the action that shows it.

        :raises AccessError: for who is no analyst
        """
        return {
            "type": "ir.actions.act_window",
            "res_model": "dcrm.run",
            "res_id": self.start_refresh(),
            "views": [(False, "form")],
        }

    @api.model
    def start_refresh(self, company_id=None):
        """Start a refresh of a company, or join the one under way.

        :param company_id: default: the current company
        :return: the id of its ``dcrm.run``
        :raises AccessError: for who is no analyst, or not working in that company
        """
        if not (self.env.su or self.env.user.has_group(ANALYST)):
            raise AccessError(self.env._("Only analysts refresh scores."))
        company = self._company_of_grid(company_id)
        return self.env["dcrm.run"].sudo()._start("refresh", company).id

    @api.model
    def start_scoring(self, company_id=None):
        """Switch the daily scoring of a company on and score it at once.

        :param company_id: default: the current company
        :return: the id of the ``dcrm.run`` that does it
        :raises AccessError: for who is no manager, or not working in that company
        """
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(self.env._("Only managers switch scoring on."))
        self._company_of_grid(company_id).sudo().customer_scoring = True
        return self.start_refresh(company_id)
