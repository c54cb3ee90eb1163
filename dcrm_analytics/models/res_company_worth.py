from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..compute.rhythm import LATEST_GAPS
from ..queries.rhythm import Rules

# The least and the most that a rule may say: beyond, days leave the calendar.
CENTURY = 36_500
LIMITS = {
    "danger_after_gaps": (1, 1000),
    "danger_min_silence_days": (0, CENTURY),
    "danger_min_days": (2, 1000),
    "lost_after_days": (1, CENTURY),
    "loyal_after_days": (0, CENTURY),
    "loyal_from_share": (0, 100),
}


class ResCompany(models.Model):
    """When a company takes a customer for in danger, lost, loyal or profitable."""

    _inherit = "res.company"

    customer_worth = fields.Boolean(
        default=True,
        help="Also work out what customers are worth: their profit, their rhythm, who "
        "is in danger, their lifecycle. Off: these figures stay as they are.",
    )
    danger_after_gaps = fields.Float(
        "In Danger After",
        default=2.0,
        help="How many of the customer's own usual gaps between purchases may pass "
        "before it is in danger",
    )
    danger_min_silence_days = fields.Integer(
        "Least Silence",
        default=14,
        help="For how many days a customer must have bought nothing to be in danger, "
        "however small its usual gap is",
    )
    danger_min_days = fields.Integer(
        "Purchase Days for a Rhythm",
        default=3,
        help="On how many different days a customer must have bought before the gaps "
        "between them say anything",
    )
    lost_after_days = fields.Integer(
        "Lost After",
        default=365,
        help="How many days without a purchase make a customer lost",
    )
    danger_activity_type_id = fields.Many2one(
        "mail.activity.type",
        "Activity for Customers in Danger",
        domain="[('res_model', 'in', (False, 'res.partner'))]",
        ondelete="set null",
        help="Scheduled for the salesperson, once each time that a customer gets in "
        "danger. Empty: none",
    )
    loyal_after_days = fields.Integer(
        "Loyal After",
        default=365,
        help="How many days must lie between the first and the last purchase of a "
        "loyal customer",
    )
    loyal_from_share = fields.Float(
        help="The least share of its spending, in per cent, that a loyal customer "
        "spends with us, where that is known. 0: whatever it is",
    )
    profitable_from = fields.Monetary(
        "Profitable Above",
        help="Customers whose profit is greater than this are profitable",
    )
    customer_worth_on = fields.Date(
        readonly=True, help="The day that the figures of worth were last brought to"
    )
    customer_worth_rules = fields.Char(
        readonly=True, help="The rules that the figures of worth follow"
    )

    @api.constrains(*LIMITS)
    def _check_worth_rules(self):
        for company in self:
            for name, (least, most) in LIMITS.items():
                if not least <= company[name] <= most:  # nor what is no number
                    raise ValidationError(
                        self.env._(
                            "%(rule)s must be between %(least)s and %(most)s.",
                            rule=self._fields[name]._description_string(self.env),
                            least=least,
                            most=most,
                        )
                    )

    def _worth_rules(self, as_of=None):
        """Return the company's rules of worth (``queries.rhythm.Rules``) on a day.

        :param as_of: default: the day that live scores are as of
        """
        self.ensure_one()
        return Rules(
            company_id=self.id,
            as_of=as_of or self._customer_scoring_today(),
            latest=LATEST_GAPS,
            after=Decimal(str(self.danger_after_gaps)),
            silence=self.danger_min_silence_days,
            least=self.danger_min_days,
            lost_after=self.lost_after_days,
            loyal_after=self.loyal_after_days,
            loyal_from=Decimal(str(self.loyal_from_share)),
            profitable_from=Decimal(str(self.profitable_from)),
        )
