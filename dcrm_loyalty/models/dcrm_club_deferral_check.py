from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from .dcrm_club_deferral import JOURNAL, LIABILITY, REVENUE

# What the settings of a club may not lack while its points are deferred.
NEEDED = (
    "deferral_from",
    "deferral_journal_id",
    "deferral_account_id",
    "deferral_revenue_account_id",
)


class DcrmClub(models.Model):
    """Settings of deferred points that hold together."""

    _inherit = "dcrm.club"

    @api.onchange("deferral")
    def _onchange_deferral(self):
        if self.deferral and not self.deferral_from:
            self.deferral_from = (self.company_id or self.env.company)._customer_today()

    @api.constrains("deferral", "point_price_by", "point_price", *NEEDED)
    def _check_deferral(self):
        for club in self.sudo().filtered("deferral"):
            if not all(club[name] for name in NEEDED):
                raise ValidationError(
                    self.env._(
                        "To defer the points of %s, say from which day on, in which "
                        "journal and on which accounts.",
                        club.name,
                    )
                )
            if club.point_price_by == "hand" and not club.point_price:
                raise ValidationError(
                    self.env._(
                        "To defer the points of %s, say what a point costs by itself.",
                        club.name,
                    )
                )
            club._check_books()
            club._check_rewards_priced()

    def _check_books(self):
        """Raise ValidationError for a journal or an account that can not be used."""
        if wrong := self._wrong_books():
            raise ValidationError(
                self.env._(
                    "To defer the points of %(club)s takes a general journal, an "
                    "account of liabilities and one of revenue, which are not archived "
                    "and in the company's currency. Not so: %(wrong)s.",
                    club=self.name,
                    wrong=", ".join(wrong),
                )
            )

    def _wrong_books(self):
        """Return the names of the journal and the accounts that can not be used."""
        club = self.sudo()
        owed, revenue = club.deferral_account_id, club.deferral_revenue_account_id
        journal, own = club.deferral_journal_id, club.company_id.currency_id
        return [
            record.display_name
            for record, of_its_kind in (
                (journal, journal.type == JOURNAL),
                (owed, owed.account_type in LIABILITY),
                (revenue, revenue.account_type in REVENUE),
            )
            if not (of_its_kind and record.active) or (record.currency_id or own) != own
        ]

    def _check_rewards_priced(self):
        """Raise ValidationError where the price of a point can not be told."""
        if self.point_price_by != "rewards":
            return
        rewards = self.program_id.reward_ids
        if unknown := rewards._without_price():
            raise ValidationError(
                self.env._(
                    "Give these rewards a stand-alone price, or a point a price by "
                    "hand: %s",
                    ", ".join(unknown.mapped("description")),
                )
            )
        if not rewards:
            raise ValidationError(
                self.env._("%s has no rewards to tell the price by.", self.name)
            )

    def write(self, vals):
        if "deferral_from" in vals or "deferral_account_id" in vals:
            self._check_deferral_stays(vals)
        return super().write(vals)

    def _check_deferral_stays(self, vals):
        """Raise UserError where cohorts would lose their beginning or their account."""
        first_day = fields.Date.to_date(vals.get("deferral_from"))
        for club in self.sudo().filtered("deferral_ids"):
            if "deferral_from" in vals and club.deferral_from != first_day:
                raise UserError(
                    self.env._(
                        "The points of %(club)s are deferred since %(day)s: that day "
                        "stays.",
                        club=club.name,
                        day=format_date(self.env, club.deferral_from),
                    )
                )
            account = vals.get("deferral_account_id", club.deferral_account_id.id)
            if account != club.deferral_account_id.id and club.deferred_liability:
                raise UserError(
                    self.env._(
                        "What %(club)s owes in points is on %(account)s: the account "
                        "stays as long as there is a balance.",
                        club=club.name,
                        account=club.deferral_account_id.display_name,
                    )
                )
