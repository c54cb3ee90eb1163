from odoo import api, fields, models
from odoo.exceptions import UserError


class DcrmSegment(models.Model):
    """What leads into a segment beside the grid, and what it does then."""

    _inherit = "dcrm.segment"

    rule_ids = fields.One2many(
        "dcrm.segment.rule",
        "segment_id",
        "Rules",
        groups="dcrm_analytics.group_dcrm_analyst",
    )
    action_ids = fields.One2many(
        "dcrm.segment.action",
        "segment_id",
        "On Entry and Exit",
        copy=True,
        groups="dcrm_analytics.group_dcrm_analyst",
    )
    rule_count = fields.Integer(
        compute="_compute_rule_count", groups="dcrm_analytics.group_dcrm_analyst"
    )

    @api.depends("rule_ids")
    def _compute_rule_count(self):
        for segment in self:
            segment.rule_count = len(segment.rule_ids)

    @api.constrains("company_id")
    def _check_company_of_rules(self):
        self.sudo().rule_ids._check_company(["segment_id"])

    def _refuse_used(self):
        """Raise UserError also if a rule leads into the segments."""
        result = super()._refuse_used()
        rules = self.env["dcrm.segment.rule"].sudo()
        for segment, found in rules._read_group(
            [("segment_id", "in", self.ids)], ["segment_id"], ["id:recordset"]
        ):
            raise UserError(
                self.env._(
                    "Segment %(segment)s is where the rules %(rules)s lead: give them "
                    "another segment first.",
                    segment=segment.name,
                    rules=", ".join(found.mapped("name")),
                )
            )
        return result

    @api.model
    def _describe_flows(self, rows):
        """Return rows ``(segment id or None, segment id or None, customers)`` as dicts.

        :return: list of dicts ``from, to`` (dicts ``id, name, color, sequence``; no
            segment has id False) and ``customers``
        """
        ids = {each for before, after, _count in rows for each in (before, after)}
        segments = self.sudo().browse(filter(None, ids))
        known = {
            segment.id: {
                "id": segment.id,
                "name": segment.name,
                "color": segment.color,
                "sequence": segment.sequence,
            }
            for segment in segments
        }
        nobody = {"id": False, "name": False, "color": 0, "sequence": 0}
        return [
            {
                "from": known.get(before, nobody),
                "to": known.get(after, nobody),
                "customers": count,
            }
            for before, after, count in rows
        ]
