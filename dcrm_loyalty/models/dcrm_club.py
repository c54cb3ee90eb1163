from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class DcrmClub(models.Model):
    """A club of a company: who joins stands on a tier, and buys and is served by it."""

    _name = "dcrm.club"
    _description = "Club"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(
        default=100,
        help="A member of several clubs buys by the price list of the first of them",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    program_id = fields.Many2one(
        "loyalty.program",
        "Loyalty Program",
        ondelete="restrict",
        check_company=True,
        domain="[('program_type', '=', 'loyalty'),"
        " ('company_id', 'in', (False, company_id))]",
        groups="sales_team.group_sale_salesman",
        help="The program whose points the members collect. Empty: none.",
    )
    tier_ids = fields.One2many("dcrm.club.tier", "club_id", copy=True)
    membership_ids = fields.One2many("dcrm.membership", "club_id")
    member_count = fields.Integer("Members", compute="_compute_member_count")
    applicant_count = fields.Integer("Applicants", compute="_compute_member_count")
    needs_approval = fields.Boolean(
        tracking=True,
        help="Whoever joins is an applicant until a seller of all customers approves, "
        "who also moves members to another tier and renews",
    )
    duration_months = fields.Integer(
        "Duration (Months)",
        tracking=True,
        help="How long a membership lasts from the day it begins. 0: without end.",
    )
    description = fields.Html(translate=True, help="What members get, for them to read")

    _duration = models.Constraint(
        "CHECK (duration_months BETWEEN 0 AND 1200)",
        "A membership lasts from 1 to 1,200 months, or 0: without end.",
    )

    @api.depends("membership_ids.state")
    def _compute_member_count(self):
        counts = {
            (club, state): count
            for club, state, count in self.env["dcrm.membership"]._read_group(
                [("club_id", "in", self.ids)], ["club_id", "state"], ["__count"]
            )
        }
        for club in self:
            club.member_count = counts.get((club._origin, "active"), 0)
            club.applicant_count = counts.get((club._origin, "applied"), 0)

    @api.constrains("program_id")
    def _check_program(self):
        for club in self.sudo():
            if club.program_id and club.program_id.program_type != "loyalty":
                raise ValidationError(
                    self.env._(
                        "%(program)s is no loyalty program: a club's points are those "
                        "of a program of that type.",
                        program=club.program_id.name,
                    )
                )

    def write(self, vals):
        if "company_id" in vals:
            self._check_company_stays(vals["company_id"])
        if not vals.get("active", True):
            self._refuse_open()
        result = super().write(vals)
        if "company_id" in vals:
            self.tier_ids._check_company()
        if "sequence" in vals:
            self._settle_order()
        return result

    def _settle_order(self):
        """Have another club's price list count for who is a member of several."""
        memberships = self.env["dcrm.membership"].sudo()
        for *_, several in memberships._read_group(
            [
                ("state", "=", "active"),
                ("company_id", "in", self.company_id.ids),
                ("partner_id.membership_ids.club_id", "in", self.ids),
            ],
            ["company_id", "partner_id"],
            ["id:recordset"],
            having=[("__count", ">", 1)],
        ):
            memberships |= several
        memberships._settle()

    def _check_company_stays(self, company_id):
        for club in self.sudo():
            if club.company_id.id != company_id and club.membership_ids:
                raise UserError(
                    self.env._(
                        "%(club)s has members in %(company)s: make the other company "
                        "a club of its own.",
                        club=club.name,
                        company=club.company_id.name,
                    )
                )

    def _check_open(self):
        """Raise ValidationError for a club that is archived: nobody joins it."""
        for club in self:
            if not club.active:
                raise ValidationError(
                    self.env._("%s is closed: nobody joins it any more.", club.name)
                )

    def _refuse_open(self):
        """Raise UserError while there are members or applicants."""
        for club in self:
            if count := club.member_count + club.applicant_count:
                raise UserError(
                    self.env._(
                        "%(club)s has %(count)s members and applicants: let them leave "
                        "before the club is closed.",
                        club=club.name,
                        count=count,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_joined(self):
        for [club] in (
            self.env["dcrm.membership"]
            .sudo()
            ._read_group([("club_id", "in", self.ids)], ["club_id"])
        ):
            raise UserError(
                self.env._(
                    "%s has or had members: it can be archived, not deleted.", club.name
                )
            )

    def _entry_tier(self):
        """Return the tier where members enter, empty where the club has none."""
        return self.tier_ids.sorted(lambda tier: (tier.sequence, tier.id))[:1]

    def _last_day(self, first_day):
        """Return the last day of a membership from a day on, False: without end."""
        if not self.duration_months:
            return False
        return first_day + relativedelta(months=self.duration_months, days=-1)

    def action_open_members(self):
        """Return the action that lists the memberships of these clubs."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dcrm_loyalty.dcrm_membership_action"
        )
        return {
            **action,
            "domain": [("club_id", "in", self.ids)],
            "context": {"default_club_id": self.id if len(self) == 1 else False},
        }
