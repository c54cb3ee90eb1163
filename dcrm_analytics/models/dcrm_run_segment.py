from odoo import models

from .dcrm_segment_action_log import BATCH


class DcrmRun(models.Model):
    """The part of a refresh that puts customers in segments by rule, and acts on it."""

    _inherit = "dcrm.run"

    def _phase_names(self):
        return {
            **super()._phase_names(),
            "segment": self.env._("Applying segment rules"),
            "act": self.env._("Doing what segments do on entry and exit"),
        }

    def _refresh_segment(self):
        counts = self.env["dcrm.customer.score"]._settle(self.company_id)
        if not counts:
            return 0, 0
        self._say(
            self.env._(
                "%(ruled)s customers are in a segment by a rule, %(entered)s entered a "
                "segment.",
                ruled=counts["ruled"],
                entered=counts["entered"],
            )
        )
        for rule in self.env["dcrm.segment.rule"]._of_company(self.company_id):
            if rule.error:
                self._say(
                    self.env._(
                        "Segment rule %(rule)s cannot be asked and keeps whom it has: "
                        "%(error)s",
                        rule=rule.name,
                        error=rule.error,
                    )
                )
        return 0, 0

    def _refresh_act(self):
        """Do a batch of what is due; say what was done once nothing is."""
        counts = dict(self.cursor.get("counts", {}))
        log = self.env["dcrm.segment.action.log"]
        remaining = log._act(self.company_id, counts, BATCH)
        self.cursor = {**self.cursor, "counts": counts}
        if not remaining and any(counts.values()):
            self._say(
                self.env._(
                    "%(acted)s actions of segments done, %(failed)s failed.",
                    acted=counts["acted"],
                    failed=counts["failed"],
                )
            )
        return 0, remaining
