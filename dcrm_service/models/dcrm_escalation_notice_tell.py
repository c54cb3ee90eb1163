from markupsafe import Markup

from odoo import fields, models

from ..compute import escalation
from ..compute.escalation import ACCEPTED, OPEN, SKIPPED
from ..compute.sla_clock import FOREVER, in_minutes

NOTE = "mail.mt_note"
TODO = "mail.mail_activity_data_todo"


class DcrmEscalationNotice(models.Model):
    """Telling people: a note in the ticket that notifies them, and a to-do.

    E-mails wait in the host's queue: they leave when the notice is in the database, and
    if it never comes there, they don't.
    """

    _inherit = "dcrm.escalation.notice"

    def _until(self, work, pauses):
        """Return until when a notice keeps it from climbing, ``FOREVER`` for no end.

        Time that the ticket is closed or waits for the customer comes on top.
        """
        if self.state == OPEN and not self.is_end:
            since, hours = self.told_at, self.timer_minutes / 60
        elif self.state == ACCEPTED and self.policy_id.hold_hours:
            since, hours = self.answered_at, self.policy_id.hold_hours
        else:
            return FOREVER
        return escalation.instant(in_minutes(hours), since, since, work, pauses)

    def _tell(self):
        """Tell whom these notices ask, and say who was passed over."""
        quiet = self.with_context(mail_notify_force_send=False)
        asked = quiet.filtered(lambda notice: notice.state == OPEN)
        asked._give_todos()
        for notices in quiet.grouped("clock_id").values():
            notices._post(notices & asked)
        if self:
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _give_todos(self):
        """Give those who are asked a to-do each, at once; the note notifies them."""
        notices = self.filtered("user_id")
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        model_id = self.env["ir.model"]._get_id("dcrm.ticket")
        todo = self.env.ref(TODO, raise_if_not_found=False) or activities.browse()
        made = activities.create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": notice.ticket_id.id,
                    "activity_type_id": todo.id,
                    "automated": True,
                    **notice._todo_values(),
                }
                for notice in notices
            ]
        )
        for notice, activity in zip(notices, made, strict=True):
            notice.activity_id = activity

    def _todo_values(self):
        """Return what and when a to-do is, as its person has it."""
        person = self.user_id
        local = self.with_context(lang=person.lang, tz=person.tz)
        return {
            "user_id": person.id,
            "summary": local._summary(),
            "date_deadline": fields.Date.context_today(local),
        }

    def _summary(self):
        if self.is_end:
            return self.env._("Nobody has taken over")
        return self.env._("Accept it, or hand it on")

    def _post(self, asked):
        """Post a note that notifies who is asked.

        :param asked: the one of these notices that is open, or none
        """
        person = asked.user_id
        notices = self.with_context(lang=person.lang or self.env.lang)
        people = person.partner_id
        if asked.is_end:
            people |= self.ticket_id._people_to_fall_back_on()
        clock = notices.clock_id
        lines = [clock._due_in_words(), *(notice._in_words() for notice in notices)]
        notices.ticket_id.message_post(
            body=Markup("<br/>").join(lines),
            partner_ids=people.ids,
            subtype_xmlid=NOTE,
            message_type="notification",
        )

    def _in_words(self):
        """Return what a notice says, as a sentence."""
        roles = dict(self._fields["role"]._description_selection(self.env))
        words = {"who": self.user_id.name, "role": roles.get(self.role)}
        if self.is_end:
            return self.env._(
                "Nobody on the ladder has taken over: it ends here. Whoever works on "
                "the ticket may accept it."
            )
        if self.state != SKIPPED:
            return self.env._(
                "%(who)s (%(role)s), please accept it or hand it on until %(until)s.",
                until=self.clock_id._instant_of_team(self.expires_at),
                **words,
            )
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        if self.reason == "nobody":
            return self.env._(
                "Passed over: %(role)s, %(reason)s.",
                reason=reasons[self.reason],
                **words,
            )
        return self.env._(
            "Passed over: %(who)s (%(role)s) %(reason)s.",
            reason=reasons[self.reason],
            **words,
        )

    def _log_answer(self):
        """Say in the tickets who has taken over, and who handed it on."""
        for notice in self:
            who = self.env.user.name
            notice.ticket_id._message_log(
                body=self.env._("%s has taken over.", who)
                if notice.state == ACCEPTED
                else self.env._("%s hands it on.", who)
            )
