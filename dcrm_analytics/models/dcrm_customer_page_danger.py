from odoo import models

from .dcrm_customer_page_next import LOST


class DcrmCustomerPage(models.Model):
    """Whether the customer keeps its rhythm, and what kind of customer it has become.

    The days are counted from today, the state is what the last refresh found.
    """

    _inherit = "dcrm.customer.page"

    def _page_badges(self, facts):
        return self._worth_badges(facts["score"]) + super()._page_badges(facts)

    def _worth_badges(self, score):
        badges = []
        if score.danger_since:
            title = self.env._("Since %s", self._date(score.danger_since))
            badges.append(
                self._badge(self.env._("In danger"), tone="danger", title=title)
            )
        if score.lifecycle:
            since = score.lifecycle_since
            title = since and self.env._("Since %s", self._date(since))
            badges.append(self._badge(self._name_of(score, "lifecycle"), title=title))
        if score.relation:
            title = score._fields["relation"]._description_string(self.env)
            badges.append(self._badge(self._name_of(score, "relation"), title=title))
        return badges

    def _section_rhythm(self, facts):
        section = super()._section_rhythm(facts)
        if section and facts["score"].danger_since:
            text = self._danger_in_words(facts)
            section["tone"] = "danger"
            section["title"] = self.env._("Rhythm: in danger")
            section["blocks"].insert(0, {"type": "text", "text": text})
        return section

    def _danger_in_words(self, facts):
        score = facts["score"]
        return self.env._(
            "Usually buys every %(gap)s, but has been silent for %(silent)s.",
            gap=self._days(round(score.purchase_gap)),
            silent=self._days(self._silent_days(facts)),
        )

    def _silent_days(self, facts):
        last = facts["score"].last_purchase_date
        return (facts["today"] - last).days if last else 0

    def _rhythm_figures(self, facts):
        score, today = facts["score"], facts["today"]
        gap, due = score.purchase_gap, score.purchase_due_date
        if not (gap and due):
            return super()._rhythm_figures(facts)
        passed = self._silent_days(facts) / gap
        return [
            *super()._rhythm_figures(facts),
            self._figure(self.env._("Buys every"), self._days(round(gap))),
            self._figure(
                self.env._("Next purchase"),
                self._when(due, today),
                note=self.env._("was expected") if due < today else None,
                tone="warning" if due < today else None,
            ),
            self._figure(
                self.env._("Silent for"),
                self.env._("%s gaps", self._number(passed, 1)),
                note=self._days(self._silent_days(facts)),
                tone="danger" if score.danger_since else None,
            ),
            *self._danger_figures(score, today),
        ]

    def _danger_figures(self, score, today):
        """Say of who is overdue, and not in danger yet, when it will be."""
        day = score._danger_on()
        if not day or score.purchase_due_date >= today or day <= today:
            return []
        return [
            self._figure(
                self.env._("In danger"),
                self._when(day, today),
                note=self.env._("unless it buys before"),
                tone="warning",
            )
        ]

    def _page_dates(self, facts):
        due = facts["score"].purchase_due_date
        dates = super()._page_dates(facts)
        if due and due >= facts["today"]:
            text = self.env._("Next purchase expected")
            icon = "fa-shopping-basket"
            dates.append(
                self._entry(
                    (facts["score"]._name, facts["score"].id),
                    due,
                    text,
                    icon,
                    detail=self.env._("by its usual gap"),
                )
            )
        return dates

    def _page_steps(self, facts):
        steps = super()._page_steps(facts)
        if facts["score"].danger_since:
            steps.append(
                self._step(
                    "danger",
                    LOST,
                    self.env._("Call before the customer is lost"),
                    self._danger_in_words(facts),
                    icon="fa-phone",
                    tone="danger",
                )
            )
        return steps
