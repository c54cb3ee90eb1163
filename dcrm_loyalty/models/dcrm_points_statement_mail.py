from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

MONTHLY = "dcrm_loyalty.mail_template_points_monthly"
# So many statements are queued in a transaction.
BATCH = 100


class DcrmPointsAccount(models.Model):
    """Statements by mail: by a button, or of each month where the club says so."""

    _inherit = "dcrm.points.account"

    statement_sent_on = fields.Date(
        readonly=True, copy=False, help="The day of the last monthly statement"
    )

    def action_send_statement(self):
        """Return the dialog that mails the statement of this account, as a PDF.

        :raises AccessError: the host's, for who may not read the card
        """
        self.ensure_one()
        self.check_access("read")
        self.card_id.check_access("read")
        return self.card_id.action_coupon_send()

    def action_print_statement(self):
        """Return the action that prints the statements of these accounts."""
        self.check_access("read")
        report = self.env.ref("dcrm_loyalty.action_report_points_statement")
        return report.report_action(self.card_id)

    @api.model
    def _send_statements(self):
        """Mail the statement of last month to whose points moved in it, once.

        Each batch is a transaction, in which the mails are queued and the accounts
        noted: a run that is stopped goes on where it was.
        """
        clubs = (
            self.env["dcrm.club"]
            .search([("mails_statement", "=", True)])
            .filtered("keeps_points")
        )
        for club in clubs:
            if not self._in_batches(self._send_batch, club.id):
                return

    def _send_batch(self, club_id, after=0):
        """Queue some statements of a club.

        :param after: the id of the account after which to go on
        :return: ``(last account id, how many accounts)``
        """
        club = self.env["dcrm.club"].browse(club_id)
        today = club.company_id._customer_today()
        month = fields.Date.start_of(today, "month")
        moved = [("day", ">=", month - relativedelta(months=1)), ("day", "<", month)]
        accounts = self.search(
            [
                ("club_id", "=", club.id),
                ("id", ">", after),
                ("partner_id", "!=", False),
                "|",
                ("statement_sent_on", "=", False),
                ("statement_sent_on", "<", month),
                ("move_ids", "any", moved),
            ],
            order="id",
            limit=BATCH,
        )
        accounts.statement_sent_on = today
        template = self.env.ref(MONTHLY)
        reached = accounts.filtered(lambda each: each.card_id._points_recipients())
        template.send_mail_batch(
            reached.ids, email_layout_xmlid="mail.mail_notification_light"
        )
        return max(accounts.ids, default=after), len(accounts)
