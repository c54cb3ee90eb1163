from odoo import api, models

from ..queries import ticket_presence as queries

PRESENCE = "dcrm.ticket/presence"
ANSWERED = "dcrm.ticket/answered"


class DcrmTicket(models.Model):
    """Two who have one ticket on the screen see each other before they answer twice."""

    _inherit = "dcrm.ticket"

    def note_presence(self, is_writing=False):
        """Note that the user has the ticket on the screen, and tell the others there.

        :param bool is_writing: whether the user is writing an answer
        :return: who else is there: list of dicts ``id``, ``name``, ``is_writing``
        :raises AccessError: where the user may not read the ticket, or is from outside
        """
        self._check_present()
        mine = self._presences(self.env.user)
        was = mine.is_writing if mine else None
        self.env.cr.execute(queries.note(self.id, self.env.uid, bool(is_writing)))
        mine.invalidate_recordset()
        if was is not bool(is_writing):
            self._tell_presence()
        return self._others_there(self.env.user)

    def note_absence(self):
        """Note that the user has left the ticket, and tell the others there."""
        self._check_present()
        if mine := self._presences(self.env.user):
            mine.unlink()
            self._tell_presence()

    def answered_since(self, message_id):
        """Return the answers that others of us gave after a message, the latest last.

        :param int message_id: the last message that the user has seen, 0: none
        :return: list of dicts ``id``, ``author``, ``text`` (its beginning)
        :raises AccessError: where the user may not read the ticket, or is from outside
        """
        self._check_present()
        messages = self.env["mail.message"].search(
            [
                ("model", "=", self._name),
                ("res_id", "=", self.id),
                ("id", ">", int(message_id)),
                ("author_id", "!=", self.env.user.partner_id.id),
            ],
            order="id",
        )
        return [
            {
                "id": message.id,
                "author": message.author_id.name,
                "text": (message.preview or "")[:200],
            }
            for message in messages
            if self._is_spoken(message) and self._is_by_us(message)
        ]

    def _check_present(self):
        """Raise AccessError unless the user is of ours and reads the ticket."""
        self.ensure_one()
        if not self.env.user._is_internal():
            self.check_access("write")
        self.check_access("read")

    def _presences(self, users=None):
        """Return who is there now, as superuser."""
        presences = self.env["dcrm.ticket.presence"].sudo()
        domain = [("ticket_id", "=", self.id), *presences._domain_there()]
        if users:
            domain.append(("user_id", "in", users.ids))
        return presences.search(domain, order="id")

    def _others_there(self, user):
        return [
            {
                "id": each.user_id.id,
                "name": each.user_id.name,
                "is_writing": each.is_writing,
            }
            for each in self._presences()
            if each.user_id != user
        ]

    def _tell_presence(self):
        """Tell each who is there who else is."""
        for user in self._presences().user_id - self.env.user:
            people = self._others_there(user)
            user._bus_send(PRESENCE, {"ticket_id": self.id, "people": people})

    @api.model
    def _is_by_us(self, message):
        author = message.sudo().author_id
        return bool(author) and not author.partner_share

    def _message_post_after_hook(self, message, msg_values):
        outcome = super()._message_post_after_hook(message, msg_values)
        if self._is_spoken(message):
            self._tell_answered(message)
        return outcome

    def _tell_answered(self, message):
        """Tell who has the ticket on the screen that somebody wrote."""
        author = message.sudo().author_id
        for ticket in self:
            for user in ticket._presences().user_id:
                if user.partner_id != author:
                    user._bus_send(
                        ANSWERED,
                        {
                            "ticket_id": ticket.id,
                            "name": author.name or message.sudo().email_from,
                            "is_ours": self._is_by_us(message),
                        },
                    )
