from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

# Of so many moves each is a line; of more the earlier ones are a line together.
PRINTED = 500
MONTHS = 12


class ReportPointsStatement(models.AbstractModel):
    """The statement of points of a card, on paper: the last twelve months."""

    _name = "report.dcrm_loyalty.report_points_statement"
    _description = "Statement of Points, Printed"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the statements of the cards whose points a ledger keeps.

        :param dict data: ``date_from`` and ``date_to`` (texts), where it is not the
            last twelve months
        :raises AccessError: the host's, for who may not read a card or its account
        """
        cards = self.env["loyalty.card"].browse(docids or [])
        cards.check_access("read")
        accounts = cards.sudo().points_account_ids.with_env(self.env)
        accounts.check_access("read")
        return {
            "doc_ids": cards.ids,
            "doc_model": "loyalty.card",
            "docs": cards,
            "statements": [self._printed(account, data or {}) for account in accounts],
        }

    def _printed(self, account, data):
        """Return a dict: ``account`` in its customer's language, what it has, moves."""
        lang = account.partner_id.lang or self.env.lang
        account = account.with_context(lang=lang)
        last = fields.Date.to_date(data.get("date_to"))
        last = last or account.company_id._customer_today()
        first = fields.Date.to_date(data.get("date_from"))
        first = first or last - relativedelta(months=MONTHS, days=-1)
        return {
            "account": account,
            "lang": lang,
            "statement": account._statement(),
            "period": account._period(first, last, PRINTED),
        }
