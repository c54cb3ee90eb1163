"""What helps those who answer, and what became of what they did.

Ladders, skills and macros come before the first ticket; checklists, a merged and a
split ticket, promises and customers who wrote again come after the last.
"""

from datetime import timedelta

import numpy as np
from care import AGENTS

# Team: who is skilled in which kinds, none: in all.
DESKS = {
    "Customer Care": {"grace": ("question", "complaint"), "liam": ()},
    "Repairs": {"liam": ("problem", "return")},
}
LEAD, MANAGER = "maeve", "orla"
# Checklist: kinds of tickets, and what is done; what ends in ! before it is closed.
CHECKLISTS = (
    (
        "Machine to be repaired",
        ("problem",),
        ("Serial number noted!", "Under warranty?", "Date agreed with the kitchen!"),
    ),
    (
        "Goods come back",
        ("return",),
        ("Condition checked!", "Credit note asked for"),
    ),
)
# Macro: what it is for, what is said, and the stage afterwards.
MACROS = (
    (
        "Ask for a photo",
        "What came broken is to be seen first",
        "Could you send us a photo of it? Then we know at once what to send.",
        "waiting",
    ),
    (
        "Technician on the way",
        "The visit is agreed by phone",
        "Our technician comes as agreed, and calls an hour before.",
        "progress",
    ),
    (
        "Back on the next van",
        "What is taken back goes with the next delivery",
        "Please keep it ready: the next van takes it along.",
        "waiting",
    ),
)
PROMISES = (
    "Call back about the price",
    "Send the price list",
    "Bring two samples",
    "Ask for an earlier delivery",
    "Confirm the date of the visit",
    "Send the certificate",
)
PROMISED, WRITTEN_AGAIN = 24, 6


def furnish(env, _company):
    """Give the teams their ladders, skills and macros."""
    users = _users(env)
    teams = env["dcrm.ticket.team"].search([("name", "in", list(DESKS))])
    for team in teams:
        team.write(
            {
                "lead_id": users[LEAD].id,
                "manager_id": users[MANAGER].id,
                "has_form": True,
                "agent_ids": [
                    (0, 0, {"user_id": users[login].id, **_skilled(env, kinds)})
                    for login, kinds in DESKS[team.name].items()
                ],
            }
        )
        env["dcrm.escalation.policy"].create(
            [
                {"name": f"{team.name}: everyone", "team_id": team.id},
                {
                    "name": f"{team.name}: our best customers",
                    "team_id": team.id,
                    "value_class": "a",
                    "hold_hours": 4,
                },
            ]
        )
    for name, when, said, stage in MACROS:
        _make_macro(env, name, when, said, stage)
    return ", ".join(teams.mapped("name"))


def _users(env):
    logins = [*(login for login, *_rest in AGENTS), MANAGER]
    users = env["res.users"].search([("login", "in", logins)])
    return {user.login: user for user in users}


def _kinds(env, names):
    kinds = env["dcrm.ticket.kind"]
    return kinds.union(*(env.ref(f"dcrm_service.ticket_kind_{name}") for name in names))


def _skilled(env, kinds):
    return {"kind_ids": [(6, 0, _kinds(env, kinds).ids)], "most_open": 15}


def _make_macro(env, name, when, said, stage):
    template = env["mail.template"].create(
        {
            "name": name,
            "model_id": env["ir.model"]._get_id("dcrm.ticket"),
            "subject": "{{ object.number }} {{ object.name }}",
            "body_html": f"<p>{said}</p>",
            "partner_to": "{{ object.partner_id.id }}",
        }
    )
    env["dcrm.ticket.macro"].create(
        {
            "name": name,
            "description": when,
            "template_id": template.id,
            "stage_id": env.ref(f"dcrm_service.ticket_stage_{stage}").id,
            "assign": "me",
        }
    )


def work(env, company):
    """Make and keep promises, merge and split; let customers write again."""
    rng = np.random.default_rng(43)
    tickets = env["dcrm.ticket"].search([], order="opened_at, id")
    _check(tickets)
    _promise(env, company, rng)
    _merge(tickets)
    _split(tickets)
    again = _write_again(tickets)
    return f"{len(again)} customers wrote again,"


def _check(tickets):
    """Ask for what is never to be forgotten, from now on; some of it is done."""
    env = tickets.env
    for name, kinds, items in CHECKLISTS:
        checklist = env["dcrm.ticket.checklist"].create(
            {
                "name": name,
                "is_automatic": True,
                "kind_ids": [(6, 0, _kinds(env, kinds).ids)],
                "item_ids": [
                    (0, 0, {"name": item.rstrip("!"), "is_required": item[-1] == "!"})
                    for item in items
                ],
            }
        )
        asked = _open(tickets).filtered_domain(
            [("kind_id", "in", checklist.kind_ids.ids)]
        )
        asked._add_checklists(checklist)
        for ticket in asked[::2]:
            done = ticket.check_ids.sorted("id")[:1]
            done.with_user(ticket.user_id).is_done = True


def _promise(env, company, rng):
    """Promise things in some of the talks: most are kept, some late, some not yet."""
    talks = env["dcrm.interaction"].search(
        [("user_id", "!=", False), ("channel", "in", ("phone", "visit", "email"))],
        order="date desc, id",
        limit=PROMISED * 3,
    )[::3]
    for number, talk in enumerate(talks):
        due = talk.date.date() + timedelta(int(rng.integers(2, 9)))
        promise = env["dcrm.interaction.promise"].create(
            {
                "interaction_id": talk.id,
                "name": PROMISES[number % len(PROMISES)],
                "user_id": talk.user_id.id,
                "date": due,
            }
        )
        late = number % 6 == 5
        if number % 8 == 7:
            continue
        kept = due + timedelta(2 if late else -1)
        if kept <= company.last_day:
            promise.action_keep()
            promise.kept_on = kept
        elif late:
            promise.action_withdraw()


def _open(tickets):
    return tickets.filtered(
        lambda each: not each.closed_at and each.user_id and each.first_response_at
    )


def _merge(tickets):
    """The customer has asked the same by phone: both are one ticket."""
    living = _open(tickets).filtered(lambda each: not each.stage_id.is_waiting)[-1:]
    again = living.copy(
        {"name": f"{living.name}: by phone", "channel": "phone", "kind_id": False}
    )
    again._merge_into(living)


def _split(tickets):
    """The customer has asked for something else on the way: that is another ticket."""
    ticket = _open(tickets)[-2:-1]
    said = "And something else: may we pay this month's bill with the next one?"
    message = _say(ticket, said, ticket.partner_id)
    ticket._split_off(
        message,
        {
            "name": "Pay this month's bill with the next one?",
            "team_id": ticket.team_id.id,
            "kind_id": _kinds(ticket.env, ("question",)).id,
            "user_id": ticket.user_id.id,
        },
    )


def _write_again(tickets):
    """Customers who had an answer write again: some have the next one already."""
    asking = _open(tickets).filtered(
        lambda each: not each.is_late and not each.stage_id.is_waiting
    )[:WRITTEN_AGAIN]
    for number, ticket in enumerate(asking):
        _say(ticket, "Thank you. Could somebody call me about it?", ticket.partner_id)
        if number % 2:
            agent = ticket.user_id.partner_id
            said = "Of course: my colleague calls you this afternoon."
            _say(ticket, said, agent, partner_ids=ticket.partner_id.ids)
    return asking


def _say(ticket, text, author, **values):
    return ticket.message_post(
        body=text,
        author_id=author.id,
        message_type="comment",
        subtype_xmlid="mail.mt_comment",
        **values,
    )


def climb(env, _company):
    """Let what is late climb as it does every few minutes; some take over."""
    env["dcrm.sla.clock"]._climb_due()
    notices = env["dcrm.escalation.notice"].search([("state", "=", "open")])
    for notice in notices[::3]:
        notice.with_user(notice.user_id).action_accept()
    # Nobody is to get what the demo company wrote.
    env["mail.mail"].search([("state", "in", ("outgoing", "exception"))]).cancel()
    return f"{len(notices.ticket_id)} tickets"
