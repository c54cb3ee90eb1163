from datetime import timedelta

from odoo import fields, models

from .dcrm_ticket_mail import SPOKEN

# What a ticket takes along from the one that it goes on from.
CONTINUED = (
    "partner_id",
    "email_from",
    "email_cc",
    "sender_doubt",
    "team_id",
    "company_id",
    "kind_id",
    "user_id",
    "product_id",
    "lot_id",
    "order_id",
    "invoice_id",
)


class DcrmTicket(models.Model):
    """What a customer writes to a ticket that was closed long ago is a new request."""

    _inherit = "dcrm.ticket"

    continued_in_id = fields.Many2one(
        "dcrm.ticket",
        "Goes On In",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="set null",
        help="The ticket that was opened when the customer wrote long after this one "
        "was closed",
    )
    continued_from_ids = fields.One2many(
        "dcrm.ticket",
        "continued_in_id",
        "Goes On From",
        readonly=True,
        context={"active_test": False},
    )

    def message_post(self, **kwargs):
        self.ensure_one()
        thread = self
        if self._is_said_by_customer(kwargs):
            self.check_access("read")
            channel = "email" if kwargs["message_type"] == "email" else "portal"
            thread = self._living()._answerable(channel)
        return super(DcrmTicket, thread).message_post(**kwargs)

    def _is_said_by_customer(self, values):
        """Return whether a message to be posted is one of the customer to us."""
        if values.get("message_type") not in SPOKEN:
            return False
        comment = self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment")
        spoken = values.get("subtype_xmlid") == "mail.mt_comment"
        if not spoken and values.get("subtype_id") != comment:
            return False
        author = self.env["res.partner"].sudo().browse(values.get("author_id"))
        if not author and not values.get("email_from"):
            author = self.env.user.partner_id
        return not self.sudo()._speaks_for_us(author)

    def _answerable(self, channel):
        """Return the ticket that an answer of the customer to this one belongs to.

        It is this one, unless it was closed longer ago than its team opens tickets
        again: then the one that goes on for it, which is made where there is none.
        Two answers at once make one, since both would write to this one.
        """
        ticket, seen = self.sudo(), self.browse()
        while ticket._is_closed_for_good():
            seen |= ticket
            following = ticket.continued_in_id._living()
            if not following or following in seen:
                following = ticket._continue(channel)
            ticket = following
        return ticket.with_env(self.env)

    def _is_closed_for_good(self):
        days = self.team_id.reopen_within_days
        return bool(
            days
            and self.closed_at
            and self.closed_at < fields.Datetime.now() - timedelta(days=days)
        )

    def _continue(self, channel):
        """Open a ticket that goes on for this one, and return it; as sudo."""
        taken = set(CONTINUED) - set(self._of_others())
        values = self._convert_to_write({name: self[name] for name in taken})
        following = self.create({**values, "name": self.name, "channel": channel})
        following.message_subscribe(self.message_partner_ids.ids)
        self.continued_in_id = following
        following._message_log(
            body=self.env._("Goes on from %s.", self._get_html_link())
        )
        self._message_log(
            body=self.env._("The customer wrote again: %s.", following._get_html_link())
        )
        return following
