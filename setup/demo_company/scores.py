"""The scores of the last year and more, as the daily job would have left them.

Each day is scored in its turn from the purchases up to it, with the company's *Score As
Of* set to it. The treatments are switched on some days before the last, so that the
sellers find activities for who moved since, and not for everybody at once.
"""

from datetime import timedelta

from company import KINDS

MONTHS = 7
WEEKS = 26
DAYS = 28
TREATED_DAYS = 24
DONE_DAYS = 9
DANGER_DAYS = 6
# Segment, days, whether the sales manager takes on who has no seller, and the summary.
TREATMENTS = (
    ("cant_lose", 2, True, "Call: is something wrong?"),
    ("at_risk", 5, True, "Call and win back"),
    ("champion", 7, False, "Thank them in person"),
)


def score_weeks(env, company):
    """Score every four weeks at first, then weekly, daily in the end; treat who moves
    in the last days."""
    scored = env["dcrm.customer.score"]
    treated = 0
    for day in _days_left(env, company.last_day):
        # Danger and lifecycle are told from the purchases, whenever that is done.
        treating = company.last_day - timedelta(TREATED_DAYS)
        env.company.customer_worth = day >= treating
        if day == treating:
            _switch_treatments_on(env)
            rule_segments(env, company)
        if day == company.last_day - timedelta(DANGER_DAYS):
            _watch_danger(env)
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
    monthly = [
        last_day - timedelta(DAYS + 7 * WEEKS + 28 * month)
        for month in range(MONTHS, 0, -1)
    ]
    weekly = [last_day - timedelta(DAYS + 7 * week) for week in range(WEEKS, 0, -1)]
    daily = [last_day - timedelta(day) for day in range(DAYS, -1, -1)]
    cuts = env["dcrm.rfm.cut"].search([("company_id", "=", env.company.id)])
    scored = max(cuts.mapped("renewed_on"), default=None)
    return [day for day in monthly + weekly + daily if not scored or day > scored]


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


def rule_segments(env, company):
    """Give hotels that are being lost a segment of their own, by a rule, and have it do
    something when they enter and when they leave."""
    hotels = env["res.partner.industry"].search(
        [("name", "=", KINDS["hotel"].industry)], limit=1
    )
    segment = env["dcrm.segment"].create(
        {
            "name": "Hotels in Danger",
            "code": "hotels_in_danger",
            "sequence": 45,
            "color": 6,
            "meaning": "Hotels of value that are silent for longer than they ever were",
            "treatment": "Visit them within the week: a hotel that changes its "
            "supplier changes for years.",
        }
    )
    env["dcrm.segment.rule"].create(
        {
            "name": "Hotels of class A and B in danger",
            "segment_id": segment.id,
            "company_id": env.company.id,
            "domain": str(hotels_in_danger(hotels.id, company)),
        }
    )
    manager = env["res.users"].search([("login", "=", "orla")])
    env["dcrm.segment.action"].create(
        [
            {
                "segment_id": segment.id,
                "event": event,
                "kind": "activity",
                "activity_type_id": env.ref(f"mail.mail_activity_data_{kind}").id,
                "user_id": manager.id,
                "note": note,
            }
            for event, kind, note in (
                ("entry", "meeting", "Visit them: what is wrong?"),
                ("exit", "call", "Say that it is good to have them back."),
            )
        ]
    )


def hotels_in_danger(industry_id, company):
    """Return the conditions of hotels of value that are in danger.

    In danger since some day, not "is set": of a date, the host's editor writes that
    but draws it as no valid date.
    """
    first_day = company.history["date"].min().date()
    return [
        ("industry_id", "=", industry_id),
        ("value_class", "in", ["a", "b"]),
        ("customer_danger_since", ">", first_day.isoformat()),
    ]


def _watch_danger(env):
    """From now on the sellers call who is in danger, once a spell."""
    env.company.danger_activity_type_id = env["mail.activity.type"].search(
        [("summary", "=", TREATMENTS[0][-1])], limit=1
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
