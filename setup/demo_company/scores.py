"""The scores of the last half year, as the daily job would have left them.

Each day is scored in its turn from the purchases up to it, with the company's *Score As
Of* set to it. The treatments are switched on some days before the last, so that the
sellers find activities for who moved since, and not for everybody at once.
"""

from datetime import timedelta

WEEKS = 26
DAYS = 28
TREATED_DAYS = 24
DONE_DAYS = 9
# Segment, days, whether the sales manager takes on who has no seller, and the summary.
TREATMENTS = (
    ("cant_lose", 2, True, "Call: is something wrong?"),
    ("at_risk", 5, True, "Call and win back"),
    ("champion", 7, False, "Thank them in person"),
)


def score_weeks(env, company):
    """Score weekly at first, daily in the end; treat who moves in the last days."""
    scored = env["dcrm.customer.score"]
    treated = 0
    for day in _days_left(env, company.last_day):
        if day == company.last_day - timedelta(TREATED_DAYS):
            _switch_treatments_on(env)
        env.company.customer_scoring_today = day
        treated += scored.refresh(env.company)["treated"]
        env.cr.commit()  # pylint: disable=invalid-commit
    env.company.customer_scoring_today = False
    treated += scored.refresh(env.company)["treated"]
    done = _finish_older_activities(env, company.last_day)
    count = scored.search_count([])
    return f"{count} customers, {treated} activities, {done} of them done,"


def score_now(env, _company):
    """Score what was bought since the last stage of scores."""
    done = env["dcrm.customer.score"].refresh(env.company, full=True)
    return f"{done['changed']} changed,"


def _days_left(env, last_day):
    """Return the days to score; an interrupted build has scored the first of them."""
    weekly = [last_day - timedelta(DAYS + 7 * week) for week in range(WEEKS, 0, -1)]
    daily = [last_day - timedelta(day) for day in range(DAYS, -1, -1)]
    cuts = env["dcrm.rfm.cut"].search([("company_id", "=", env.company.id)])
    scored = max(cuts.mapped("renewed_on"), default=None)
    return [day for day in weekly + daily if not scored or day > scored]


def _switch_treatments_on(env):
    manager = env["res.users"].search([("login", "=", "orla")])
    segments = env["dcrm.segment"].search([])
    for code, days, fallback, summary in TREATMENTS:
        kind = env["mail.activity.type"].search([("summary", "=", summary)], limit=1)
        kind = kind or kind.create(
            {
                "name": summary.partition(":")[0],
                "summary": summary,
                "category": "phonecall",
                "res_model": "res.partner",
                "delay_count": days,
                "icon": "fa-phone",
            }
        )
        segments.filtered(lambda segment, code=code: segment.code == code).write(
            {
                "activity_type_id": kind.id,
                "activity_user_id": manager.id if fallback else False,
            }
        )


def _finish_older_activities(env, last_day):
    """Let the sellers have done what was due before the last days."""
    stays = env["dcrm.segment.stay"].search(
        [
            ("activity_id", "!=", False),
            ("entered_on", "<", last_day - timedelta(DONE_DAYS)),
        ]
    )
    for activity in stays.activity_id:
        activity.with_user(activity.user_id).action_feedback("Called.")
    return len(stays)
