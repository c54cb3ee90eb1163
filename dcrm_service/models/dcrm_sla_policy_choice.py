from odoo import api, models

from .dcrm_sla_policy import HOURS


class DcrmSlaPolicy(models.Model):
    """Which policy wins, and why: the one that is most favourable to the customer."""

    _inherit = "dcrm.sla.policy"

    @api.model
    def _promises(self, tickets):
        """Return which policy wins for which ticket and target, and why.

        :return: ``{ticket id: {target: (policy, reason)}}``, where a target that no
            policy promises anything for is missing
        """
        # A policy for a team that was archived is not one for every team.
        policies = (
            self.sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("active", "=", True),
                    ("company_id", "in", [False, *tickets.company_id.ids]),
                ]
            )
        )
        winners = {}
        promises = {}
        for ticket in tickets:
            case = tuple(ticket._sla_case().items())
            if case not in winners:
                winners[case] = policies._winners(dict(case))
            promises[ticket.id] = winners[case]
        return promises

    def _winners(self, case):
        """Return ``{target: (policy, reason)}`` of the shortest promises in a case.

        :param dict case: see ``dcrm.ticket._sla_case``
        """
        covering = self.filtered(lambda policy: policy._covers(case))
        winners = {}
        for target, hours in HOURS.items():
            promising = covering.filtered(hours).sorted(hours)
            if promising:
                winners[target] = promising[0], promising._why_first(hours)
        return winners

    def _covers(self, case):
        """Return whether the policy promises anything to such tickets."""
        self.ensure_one()
        among = (
            ("team_ids", "team_id"),
            ("kind_ids", "kind_id"),
            ("service_level_ids", "service_level_id"),
            ("segment_ids", "segment_id"),
        )
        return (
            self.company_id.id in (False, case["company_id"])
            and self.priority <= case["priority"]
            # A is the best class; who has none is of no class.
            and (
                not self.value_class or (case["value_class"] or "z") <= self.value_class
            )
            and (not self.in_danger or case["in_danger"])
            and all(
                not self[names] or case[name] in self[names].ids
                for names, name in among
            )
        )

    def _why_first(self, hours):
        """Return in words why the first of these policies wins, and before which.

        :param hours: the field of what they promise; they are in its order
        """
        in_words = self.env["dcrm.sla.clock"]._hours_in_words
        winner = self[0]
        reason = self.env._(
            "%(policy)s (%(hours)s) for %(tickets)s",
            policy=winner.name,
            hours=in_words(winner[hours]),
            tickets=winner._whom(),
        )
        longer = self.filtered(lambda policy: policy[hours] > winner[hours])
        if not longer:
            return reason
        return self.env._(
            "%(reason)s; more favourable than %(others)s",
            reason=reason,
            others=", ".join(
                f"{other.name} ({in_words(other[hours])})" for other in longer
            ),
        )

    def _whom(self):
        """Return in words which tickets the policy is for."""
        self.ensure_one()
        classes = dict(self._fields["value_class"]._description_selection(self.env))
        priorities = dict(self._fields["priority"]._description_selection(self.env))

        def names(field):
            return ", ".join(self[field].mapped("name"))

        conditions = (
            (names("service_level_ids"), self.env._("service level %s")),
            (
                self.value_class and classes[self.value_class],
                self.env._("value class %s or better"),
            ),
            (names("segment_ids"), self.env._("segment %s")),
            (names("team_ids"), self.env._("team %s")),
            (names("kind_ids"), self.env._("kind %s")),
            (
                self.priority != "0" and priorities[self.priority],
                self.env._("priority %s or higher"),
            ),
        )
        words = [sentence % value for value, sentence in conditions if value]
        if self.in_danger:
            words.append(self.env._("customer in danger"))
        return ", ".join(words) or self.env._("every ticket")
