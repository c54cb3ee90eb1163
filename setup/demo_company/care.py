"""Who cares for the customers: the team, what it promises, what came in and on."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from names import slug
from staff import ZONE, sellers
from talks import REQUESTS, TALKS

AGENTS = (
    ("grace", "Grace Nolan", "dcrm_service.group_service_agent"),
    ("liam", "Liam Dempsey", "dcrm_service.group_service_agent"),
    ("maeve", "Maeve Costello", "dcrm_service.group_service_manager"),
)
# Team, address, from and to which hour on working days.
TEAMS = (("Customer Care", "care", 8, 18), ("Repairs", "repairs", 7, 16))
# Policy, service level or everyone, working hours for the first answer, the next ones
# and the solution.
POLICIES = (
    ("Premier: within the hour", "service_level_premier", 1, 2, 8),
    ("Preferred: within the morning", "service_level_preferred", 3, 4, 16),
    ("Everyone", None, 8, 8, 40),
)
CHANNELS = ("email", "phone", "portal", "web", "chat", "visit")
TICKETS = 84
OPENED_FOR, LATELY = 60, 4  # days: all of them, and the last third of them
# Of those of the last days that should have been solved; older ones were noticed.
FORGOTTEN, NOTICED_AFTER = 0.25, 14
TALKED = 190
TALKED_FOR = 100  # days
PORTAL = "chef"  # whose password is the login
HOURLY_COST = 34.0  # of who answers, in euro


def hire_agents(env, _company):
    """Make the people who answer, their teams, hours and promises."""
    users = env["res.users"].create(
        [
            {
                "login": login,
                "password": login,
                "name": name,
                "email": f"{login}@harrowfinch.example",
                "tz": ZONE,
                "group_ids": [(6, 0, [env.ref(group).id])],
            }
            for login, name, group in AGENTS
        ]
    )
    for name, alias, opens, closes in TEAMS:
        env["dcrm.ticket.team"].create(
            {
                "name": name,
                "alias_name": alias,
                "member_ids": [(6, 0, users.ids)],
                "resource_calendar_id": _hours(env, name, opens, closes).id,
                "hourly_cost": HOURLY_COST,
                "asks_rating": True,
            }
        )
    for sequence, (name, level, answer, again, solution) in enumerate(POLICIES, 1):
        levels = level and env.ref(f"dcrm_analytics.{level}").ids
        env["dcrm.sla.policy"].create(
            {
                "name": name,
                "sequence": sequence,
                "service_level_ids": [(6, 0, levels or [])],
                "first_response_hours": answer,
                "next_response_hours": again,
                "resolution_hours": solution,
            }
        )
    return ", ".join(users.mapped("login"))


def _hours(env, name, opens, closes):
    return env["resource.calendar"].create(
        {
            "name": f"{name}: Monday to Friday",
            "tz": ZONE,
            "attendance_ids": [
                (5, 0, 0),
                *(
                    (
                        0,
                        0,
                        {
                            "name": "Open",
                            "dayofweek": str(day),
                            "hour_from": opens,
                            "hour_to": closes,
                            "day_period": "morning",
                        },
                    )
                    for day in range(5)
                ),
            ],
        }
    )


def talk(env, company):
    """Log what was said on all channels, newest last; some of it asks for more."""
    rng = np.random.default_rng(41)
    customers = _trade(env)
    channels = list(TALKS)
    chances = [5, 2, 7, 2, 5, 1, 1, 1, 1, 0.5, 1]
    chances = np.array(chances) / sum(chances)
    values = []
    for age in sorted(rng.integers(0, TALKED_FOR, TALKED), reverse=True):
        customer = customers[int(rng.integers(len(customers)))]
        channel = str(rng.choice(channels, p=chances))
        rows = TALKS[channel]
        subject, said, learned, step = rows[int(rng.integers(len(rows)))]
        moment = _working_moment(company.last_day - timedelta(int(age)), rng)
        due = moment.date() + timedelta(int(rng.integers(6, 20)))
        ahead = step and due >= company.last_day - timedelta(4)
        values.append(
            {
                "subject": subject,
                "date": moment,
                "duration": int(rng.choice((5, 10, 15, 30, 45))),
                "channel": channel,
                "direction": "out" if channel in ("visit", "letter") else "in",
                "partner_id": (customer.child_ids[:1] or customer).id,
                "user_id": customer.user_id.id,
                "said": f"<p>{said}</p>",
                "learned": learned,
                "next_step": step if ahead else False,
                "next_step_date": due if ahead else False,
            }
        )
    env["dcrm.interaction"].create(values)
    return f"{len(values)}"


def answer(env, company):
    """Open tickets over the last weeks; most were answered in time, some late."""
    rng = np.random.default_rng(42)
    customers = _trade(env)
    ages = [
        *sorted(rng.uniform(LATELY, OPENED_FOR, TICKETS * 2 // 3), reverse=True),
        *sorted(rng.uniform(0, LATELY, TICKETS // 3), reverse=True),
    ]
    agents = env["res.users"].search(
        [("login", "in", [login for login, *_rest in AGENTS])], order="id"
    )
    count = {"open": 0, "late": 0}
    for number, age in enumerate(ages):
        customer = customers[int(rng.integers(len(customers)))]
        request = REQUESTS[int(rng.integers(len(REQUESTS)))]
        opened = _working_moment(company.last_day - timedelta(int(age)), rng)
        ticket = _ask(env, customer, request, opened, rng)
        _take_its_course(ticket, request, agents[number % 2], company, rng)
        count["open"] += not ticket.is_closed
        count["late"] += ticket.is_late
    _invite(env)
    env.company.interaction_capture = True  # from now on, and not of these
    # Nobody is to get what the demo company wrote.
    env["mail.mail"].search([("state", "in", ("outgoing", "exception"))]).cancel()
    return f"{TICKETS} tickets, {count['open']} open, {count['late']} late,"


def _ask(env, customer, request, opened, rng):
    kind, subject, text, _answer = request
    contact = customer.child_ids[:1] or customer
    if not contact.email:
        contact.email = f"{slug(contact.name)}@{slug(customer.name)}.example"
    team = "Repairs" if "machine" in subject else "Customer Care"
    ticket = env["dcrm.ticket"].create(
        {
            "name": subject,
            "partner_id": contact.id,
            "team_id": env["dcrm.ticket.team"].search([("name", "=", team)]).id,
            "kind_id": env.ref(f"dcrm_service.ticket_kind_{kind}").id,
            "channel": str(rng.choice(CHANNELS, p=(0.4, 0.2, 0.2, 0.1, 0.05, 0.05))),
            "priority": str(rng.choice(("0", "1", "2"), p=(0.7, 0.2, 0.1))),
            "opened_at": opened,
        }
    )
    _say(ticket, text, contact, opened)
    return ticket


def _take_its_course(ticket, request, agent, company, rng):
    """Answer and close the ticket as the days went: nine of ten in time."""
    now = min(datetime.combine(company.last_day, time(15)), _now())
    promised = {clock.target: clock for clock in ticket.clock_ids}
    answered = _reached(promised["first_response"], ticket.opened_at, rng)
    age = (company.last_day - ticket.opened_at.date()).days
    forgotten = rng.random() < FORGOTTEN and age < NOTICED_AFTER
    if answered > now or forgotten and rng.random() < 0.4:
        if rng.random() < 0.5:
            ticket.user_id = agent
        return
    ticket.write({"user_id": agent.id, "first_response_at": answered})
    _say(ticket, request[3], agent.partner_id, answered)
    _spend_time(ticket, agent, answered)
    solved = _reached(promised["resolution"], answered, rng)
    if solved <= now and not forgotten:
        stage = ticket.env.ref("dcrm_service.ticket_stage_solved")
        ticket.write({"stage_id": stage.id, "closed_at": solved})
        _spend_time(ticket, agent, solved)
        _rate(ticket, rng)
        return
    name = "waiting" if rng.random() < 0.35 else "progress"
    ticket.stage_id = ticket.env.ref(f"dcrm_service.ticket_stage_{name}")


def _spend_time(ticket, agent, moment):
    """Note a quarter to three quarters of an hour: it is what serving costs."""
    ticket.env["dcrm.ticket.time"].create(
        {
            "ticket_id": ticket.id,
            "user_id": agent.id,
            "date": moment.date(),
            "minutes": 15 + ticket.id * 7 % 31,
        }
    )


def _reached(clock, begun, rng):
    """Return when a target was reached: mostly before the deadline, at times after.

    In working hours, as people answer.
    """
    share = rng.uniform(0.1, 0.9) if rng.random() < 0.9 else rng.uniform(1.1, 1.8)
    calendar = clock.ticket_id.team_id.resource_calendar_id
    left = calendar.get_work_duration_data(begun, clock.deadline)["hours"]
    reached = calendar.plan_hours(max(left * share, 0.1), begun, compute_leaves=True)
    return reached.replace(microsecond=0)


def _say(ticket, text, author, moment):
    ticket.message_post(
        body=text,
        author_id=author.id,
        message_type="comment",
        subtype_xmlid="mail.mt_comment",
        date=moment,
    )


def _rate(ticket, rng):
    """Two of three who were asked say how it was."""
    if ticket.rating_ids and rng.random() < 0.66:
        late = any(ticket.clock_ids.mapped("missed"))
        ticket.rating_apply(
            float(rng.choice((1, 3)) if late else rng.choice((5, 5, 5, 3))),
            rating=ticket.rating_ids[0],
        )


def _trade(env):
    """Return sellers' trade customers: the best ones, and some of the others."""
    users = env["res.users"].union(*sellers(env))
    scores = env["dcrm.customer.score"].search(
        [
            ("company_id", "=", env.company.id),
            ("partner_id.is_company", "=", True),
            ("partner_id.user_id", "in", users.ids),
        ],
        order="monetary desc, id",
        limit=1200,
    )
    return (scores[:60] | scores[60::10]).partner_id


def _invite(env):
    """Let the contact with the most tickets into the portal, to find them there."""
    asked = env["dcrm.ticket"]._read_group(
        [("partner_id.parent_id", "!=", False)],
        ["partner_id"],
        ["__count"],
        order="__count desc, partner_id",
        limit=1,
    )
    contact = asked[0][0]
    contact.email = f"{PORTAL}@{slug(contact.parent_id.name)}.example"
    env["res.users"].create(
        {
            "login": PORTAL,
            "password": PORTAL,
            "partner_id": contact.id,
            "group_ids": [(6, 0, [env.ref("base.group_portal").id])],
        }
    )


def _working_moment(day, rng):
    """Return an instant of a working day that has come, in naive UTC."""
    minutes = int(rng.integers(0, 8 * 60))
    while (moment := _at_work(day, minutes)) > _now():
        # Early in the morning the last of them was another day.
        day -= timedelta(1)
    return moment


def _at_work(day, minutes):
    day -= timedelta(max(0, day.weekday() - 4))
    local = datetime.combine(day, time(9), ZoneInfo(ZONE)) + timedelta(minutes=minutes)
    return local.astimezone(UTC).replace(tzinfo=None)


def _now():
    return datetime.now(UTC).replace(tzinfo=None)
