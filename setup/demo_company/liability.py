"""What the club owes in points: deferred by its invoices, closed month by month."""

from datetime import timedelta
from functools import partial

from dateutil.relativedelta import relativedelta

JOURNAL = ("PTS", "Points of the Club")
ACCOUNTS = {
    "deferral_account_id": ("212500", "Owed to Members in Points", "liability_current"),
    "deferral_revenue_account_id": ("400500", "Sales for Points", "income"),
}
POINT_PRICE = 0.12  # what the greatest reward makes of a point
# Of a hundred points how many are redeemed: so it was thought, so it turns out.
EXPECTED, EXPECTED_NOW = 70, 76


def defer(env, club, first_day):
    """Have the club's invoices defer revenue from a day on."""
    code, name = JOURNAL
    journal = env["account.journal"].create(
        {"code": code, "name": name, "type": "general"}
    )
    accounts = {
        field: env["account.account"]
        .create({"code": code, "name": name, "account_type": kind})
        .id
        for field, (code, name, kind) in ACCOUNTS.items()
    }
    club.write(
        {
            "deferral": True,
            "deferral_from": first_day,
            "deferral_journal_id": journal.id,
            **accounts,
            "point_price": POINT_PRICE,
            "expected_redemption": EXPECTED,
        }
    )


def closings(club, first_day, last_day):
    """Return ``[(day, what happens)]``: on the morning after a month it is closed."""
    days = []
    day = first_day + relativedelta(months=1, day=1)
    while day <= last_day:
        days.append(day)
        day += relativedelta(months=1)
    return [(day, partial(_close, club, day == days[-1])) for day in days]


def _close(club, is_last):
    if is_last:
        club.expected_redemption = EXPECTED_NOW
    club._close_points(club.company_id._customer_today() - timedelta(1))
