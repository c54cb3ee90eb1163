from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class DcrmClubTier(models.Model):
    """What members of a club get who stand on this step of it."""

    _name = "dcrm.club.tier"
    _description = "Club Tier"
    _order = "club_id, sequence, id"
    _check_company_auto = True

    club_id = fields.Many2one(
        "dcrm.club", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10, help="Members enter on the first tier; the last one is the highest"
    )
    company_id = fields.Many2one(related="club_id.company_id", store=True)
    pricelist_id = fields.Many2one(
        "product.pricelist",
        "Price List",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('company_id', 'in', (False, company_id))]",
        help="Members on this tier buy by it from their next order on. Empty: the "
        "tier leaves their prices alone. Pricelists are switched on when it is used.",
    )
    service_level_id = fields.Many2one(
        "dcrm.service.level",
        index="btree_not_null",
        ondelete="restrict",
        help="How well members on this tier are served, unless it was set by hand for "
        "one of them. Empty: the tier has no say in it.",
    )
    member_count = fields.Integer("Members", compute="_compute_member_count")

    def _compute_member_count(self):
        counts = dict(
            self.env["dcrm.membership"]._read_group(
                [("tier_id", "in", self.ids), ("state", "=", "active")],
                ["tier_id"],
                ["__count"],
            )
        )
        for tier in self:
            tier.member_count = counts.get(tier._origin, 0)

    @api.constrains("name", "club_id")
    def _check_name(self):
        for tier in self:
            others = tier.club_id.tier_ids - tier
            if tier.name.strip().lower() in {
                other.name.strip().lower() for other in others
            }:
                raise ValidationError(
                    self.env._(
                        "%(club)s has a tier %(tier)s already.",
                        club=tier.club_id.name,
                        tier=tier.name,
                    )
                )

    def write(self, vals):
        if "club_id" in vals:
            self.filtered(lambda tier: tier.club_id.id != vals["club_id"])._refuse_used(
                self.env._("they cannot become those of another club")
            )
        result = super().write(vals)
        if not vals.keys().isdisjoint({"pricelist_id", "service_level_id"}):
            memberships = self.env["dcrm.membership"].sudo()
            memberships.search(
                [("tier_id", "in", self.ids), ("state", "=", "active")]
            )._settle()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._refuse_used(self.env._("move them to another tier first"))

    def _refuse_used(self, reason):
        """Raise UserError if a membership, ended or not, is on one of the tiers."""
        memberships = self.env["dcrm.membership"].sudo()
        for tier, count in memberships._read_group(
            [("tier_id", "in", self.ids)], ["tier_id"], ["__count"]
        ):
            raise UserError(
                self.env._(
                    "Tier %(tier)s of %(club)s has %(count)s memberships, ended ones "
                    "included: %(reason)s.",
                    tier=tier.name,
                    club=tier.club_id.name,
                    count=count,
                    reason=reason,
                )
            )
