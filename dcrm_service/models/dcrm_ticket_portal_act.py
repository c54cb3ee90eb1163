from odoo import models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

# What a customer may say of how it was, as the host counts.
RATES = (1, 3, 5)
# How long what is said with it may be.
FEEDBACK_LENGTH = 2000


class DcrmTicket(models.Model):
    """What customers do with their tickets in the portal, besides writing.

    Each method is called as the customer's user, and does what it does once that user
    is known to read the ticket.
    """

    _inherit = "dcrm.ticket"

    def _reopen_in_portal(self, text):
        """Open the ticket again on the customer's word; return what goes on, as sudo.

        What was closed longer ago than its team opens tickets again goes on in another.

        :param str text: what is missing, as plain text
        :raises AccessError: where the user may not read the ticket
        """
        self.ensure_one()
        self.check_access("read")
        ticket = self.sudo()
        if not ticket.is_closed:
            return ticket
        message = ticket.message_post(
            body=plaintext2html(text or self.env._("This is not solved yet.")),
            author_id=self.env.user.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        return ticket.browse(message.res_id)

    def _follow_in_portal(self, follow):
        """Let the user in view get every answer by e-mail, or none any more.

        :param bool follow: whether they will
        :raises AccessError: where the user may not read the ticket
        """
        self.ensure_one()
        self.check_access("read")
        partners = self.env.user.partner_id.ids
        if follow:
            self.sudo().message_subscribe(partners)
        else:
            self.sudo().message_unsubscribe(partners)

    def _rate_in_portal(self, rate, feedback):
        """Keep what the user in view says of how it was; who says it again corrects it.

        :param int rate: one of ``RATES``
        :param str feedback: plain text
        :raises AccessError: where the user may not read the ticket
        :raises UserError: where the ticket is open, or there is no such rate
        """
        self.ensure_one()
        self.check_access("read")
        ticket = self.sudo()
        if not ticket.is_closed or rate not in RATES:
            raise UserError(self.env._("Only what is closed can be rated: 1, 3 or 5."))
        partner = self.env.user.partner_id
        rating = ticket._portal_rating(partner)
        if not rating:
            token = ticket._rating_get_access_token(partner)
            rating = rating.search([("access_token", "=", token)], limit=1)
        ticket.rating_apply(rate, rating=rating, feedback=feedback[:FEEDBACK_LENGTH])

    def _portal_rating(self, partner):
        """Return what a partner said of how it was, empty where nothing; as sudo."""
        return self.rating_ids.filtered(
            lambda rating: rating.partner_id == partner and rating.consumed
        )[:1]

    def _get_allowed_message_params(self):
        # Rates come by the form, which asks who gives them.
        return super()._get_allowed_message_params() - {"rating_value"}
