"""Take a customer's call, make a ticket of it with a deadline, solve it, be rated."""

import json

from odoo.fields import Command

guest = env["res.partner"].search([("name", "=like", "Guest %")], limit=1)
team = env["dcrm.ticket.team"].create(
    {"name": "Front desk", "member_ids": [Command.link(env.user.id)]}
)
env["dcrm.sla.policy"].create(
    {"name": "Everyone", "first_response_hours": 4, "resolution_hours": 16}
)
ticket = env["dcrm.ticket"].create(
    {"name": "Soup was cold", "partner_id": guest.id, "team_id": team.id}
)
ticket.message_subscribe(guest.ids)
ticket.message_post(body="We send another.", subtype_xmlid="mail.mt_comment")
ticket.activity_schedule("mail.mail_activity_data_todo", user_id=env.uid)
# What is asked of the customer afterwards, and said by them.
ticket.action_close()
token = ticket._rating_get_access_token(guest)
ticket.rating_apply(5, token=token, feedback="Thank you")
env["ir.config_parameter"].set_param(
    "dcrm_service.authentication_servers", "mx.example.com"
)
other = env["dcrm.ticket"].create(
    {"name": "Cold again", "partner_id": guest.id, "team_id": team.id}
)
other._merge_into(ticket)
env["dcrm.ticket.time"].create({"ticket_id": ticket.id, "minutes": 10})
env["dcrm.interaction"].create(
    {
        "subject": "Asked for the manager",
        "channel": "phone",
        "promise_ids": [Command.create({"name": "Send soup"})],
        "partner_id": guest.id,
        "ticket_id": ticket.id,
        "next_step": "Call back",
        "next_step_date": "2030-01-02",
    }
)
env.cr.commit()
clocks = env["dcrm.sla.clock"].search_count([("ticket_id", "=", ticket.id)])
print(json.dumps({"clocks": clocks}))
