from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# So many cards are adopted at once; more are a run of their own.
AT_ONCE = 1000


class DcrmClub(models.Model):
    """How a club's points are earned, and when they expire."""

    _inherit = "dcrm.club"

    earn_on = fields.Selection(
        [
            ("order", "The order is confirmed"),
            ("invoice", "The invoice is posted"),
            ("paid", "The invoice is paid"),
        ],
        "Earn When",
        default="order",
        required=True,
        tracking=True,
        help="The later they are earned, the less is to be taken back of goods that "
        "return and of orders that nobody pays",
    )
    pending_days = fields.Integer(
        tracking=True,
        help="So many days after they are earned can points be used: as long as goods "
        "may come back. 0: at once.",
    )
    members_only = fields.Boolean(
        tracking=True,
        help="Only active members earn and redeem points. Otherwise whoever buys does.",
    )
    points_expiry = fields.Selection(
        [
            ("never", "Never"),
            ("fixed", "On a day of the year"),
            ("earned", "Months after they were earned"),
            ("inactive", "Months after the member last earned or redeemed"),
        ],
        default="never",
        required=True,
        tracking=True,
        help="Points that expire first are used first. Inactivity ends all points, "
        "the others those which are earned from then on.",
    )
    expiry_months = fields.Integer(default=12, tracking=True)
    expiry_month = fields.Integer(default=12, tracking=True)
    expiry_day = fields.Integer(default=31, tracking=True)
    account_ids = fields.One2many("dcrm.points.account", "club_id")

    _unique_program = models.Constraint(
        "UNIQUE(program_id)", "The program is that of another club."
    )
    _pending_days = models.Constraint(
        "CHECK (pending_days BETWEEN 0 AND 3650)",
        "Points are pending for 0 to 3,650 days.",
    )
    _expiry_months = models.Constraint(
        "CHECK (expiry_months BETWEEN 1 AND 1200)",
        "Points expire after 1 to 1,200 months.",
    )

    def _last_day_of_points(self, day):
        """Return the last day of points that are earned on a day, False: without."""
        self.ensure_one()
        if self.points_expiry == "earned":
            return day + relativedelta(months=self.expiry_months)
        if self.points_expiry == "fixed":
            dates = {"month": self.expiry_month, "day": self.expiry_day}
            last = day + relativedelta(**dates)
            return last if last >= day else day + relativedelta(years=1, **dates)
        return False

    @api.constrains("expiry_month", "expiry_day")
    def _check_expiry_day(self):
        for club in self:
            if not (1 <= club.expiry_month <= 12 and 1 <= club.expiry_day <= 31):
                raise ValidationError(
                    self.env._("Points expire on a day of a month of the year.")
                )

    @api.constrains("program_id", "company_id")
    def _check_program_keeps(self):
        for club in self.sudo():
            program = club.program_id
            if program.program_type == "loyalty" and not program.is_nominative:
                raise ValidationError(
                    self.env._(
                        "The points of %s are for the order that earns them only: a "
                        "club's points are for later orders, too.",
                        program.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        clubs = super().create(vals_list)
        clubs._keep_points()
        return clubs

    def write(self, vals):
        if "program_id" in vals:
            self._check_points_stay(vals["program_id"])
        result = super().write(vals)
        if vals.get("program_id"):
            self._keep_points()
        return result

    def _check_points_stay(self, program_id):
        for club in self.sudo():
            if club.program_id.id != program_id and club.account_ids:
                raise UserError(
                    self.env._(
                        "The points of %(club)s are those of %(program)s: make the "
                        "other program a club of its own.",
                        club=club.name,
                        program=club.program_id.name,
                    )
                )

    def _keep_points(self):
        """Have the ledger keep the cards that are there: few at once, many in a run."""
        clubs = self.sudo().filtered("program_id")
        clubs.company_id._begin_points(clubs)
        for club in clubs:
            self.env["dcrm.points.account"].sudo()._adopt_cards(club, AT_ONCE)
