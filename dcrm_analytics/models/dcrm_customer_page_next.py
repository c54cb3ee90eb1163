from odoo import models

# How many steps are shown.
SHOWN = 5
# What is done first: the smaller, the sooner.
LATE, OWED, LOST, OFFERED, DUE, ADVISED = range(10, 70, 10)


class DcrmCustomerPage(models.Model):
    """What to do next, by what the page knows, each step a click from an activity."""

    _inherit = "dcrm.customer.page"

    def _page_steps(self, facts):
        """Return what could be done next, see :meth:`_step`, in whatever order."""
        return [
            *self._steps_late(facts),
            *self._steps_quotations(facts),
            *self._steps_to_invoice(facts),
            *self._steps_treatment(facts),
            *self._steps_seller(facts),
        ]

    def _step(self, key, rank, text, reason=None, **values):
        """Return a step.

        :param str key: names it, once a page
        :param int rank: the smaller, the sooner
        :param values: ``icon``, ``tone``, ``action`` (where it is done) and
            ``schedule``: whether an activity may be scheduled for it, with ``summary``
            and ``note``, by themselves the text and the reason
        """
        return {
            "key": key,
            "rank": rank,
            "text": text,
            "reason": reason,
            "icon": "fa-arrow-right",
            "tone": None,
            "action": None,
            "schedule": True,
            "summary": text,
            "note": reason,
            **values,
        }

    def _section_next(self, facts):
        steps = sorted(self._page_steps(facts), key=lambda step: step["rank"])[:SHOWN]
        may_schedule = facts["partner"].has_access("write")
        planned = {activity.text: activity.day for activity in reversed(facts["todo"])}
        for step in steps:
            day = step["schedule"] and planned.get(step["summary"])
            step["schedule"] = step["schedule"] and may_schedule and not day
            if day:
                when = self._when(day, facts["today"])
                step["planned"] = self.env._("Planned: %s", when)
        return self._section(
            "next",
            self.env._("What to do next"),
            "fa-bolt",
            [{"type": "steps", "items": steps} if steps else None],
            empty=None if steps else self.env._("Nothing presses. A good day to call."),
        )

    # -- what there is to do ---------------------------------------------------------

    def _steps_late(self, facts):
        late = [each for each in facts["todo"] if each.day < facts["today"]]
        return [
            self._step(
                f"activity_{activity.id}",
                LATE,
                activity.text,
                self.env._(
                    "%(name)s, due %(day)s",
                    name=activity.name,
                    day=self._when(activity.day, facts["today"]),
                ),
                icon="fa-clock-o",
                tone="danger",
                schedule=False,
                action=self._open(facts["partner"]),
            )
            for activity in late[:2]
        ]

    def _steps_quotations(self, facts):
        quotations = facts["quotations"] or []
        sent = [
            each
            for each in quotations
            if each.state == "sent" or self._is_expiring(each, facts["today"])
        ]
        return [
            self._step(
                f"quotation_{quotation.id}",
                OFFERED,
                self.env._("Follow up quotation %s", quotation.name),
                self.env._(
                    "%(amount)s. %(state)s",
                    amount=self._money(quotation.amount_untaxed, quotation.currency_id),
                    state=self._quotation_in_words(quotation, facts["today"]),
                ),
                icon="fa-file-text-o",
                action=self._open(quotation),
            )
            for quotation in sent[:2]
        ]

    def _steps_to_invoice(self, facts):
        count, amount = facts["to_invoice"] or (0, 0.0)
        if not count:
            return []
        return [
            self._step(
                "to_invoice",
                DUE,
                self.env._("Invoice what was ordered"),
                self.env._(
                    "%(amount)s to invoice, orders: %(count)s",
                    amount=self._money(amount),
                    count=self._number(count),
                ),
                icon="fa-pencil-square-o",
                action=self._figure_to_invoice(facts["to_invoice"])["action"],
            )
        ]

    def _steps_treatment(self, facts):
        segment = facts["score"].segment_id
        if not segment.treatment:
            return []
        return [
            self._step(
                "treatment",
                ADVISED,
                segment.treatment,
                self.env._("What is advised for “%s”", segment.name),
                icon="fa-lightbulb-o",
                summary=segment.name,
                note=segment.treatment,
            )
        ]

    def _steps_seller(self, facts):
        partner = facts["partner"]
        if partner.user_id:
            return []
        return [
            self._step(
                "seller",
                LATE,
                self.env._("Say who looks after this customer"),
                self.env._("There is no salesperson: nobody gets its activities."),
                icon="fa-user-plus",
                tone="warning",
                schedule=False,
                action=self._open(partner),
            )
        ]
