"""Late tickets with a ladder, committed, and transactions at once or killed."""

import threading
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tools import SQL

from odoo.addons.dcrm_analytics.tests.common_transaction import TransactionsCase

TICKETS = 7
MAILS = "mail.ir_cron_mail_scheduler_action"


class CommittingEscalationCase(TransactionsCase):
    """``TICKETS`` late tickets; two people on the ladder. All is taken back."""

    def setUp(self):
        super().setUp()
        with self.transaction() as env:
            self.make(env)
        self.addCleanup(self.clean)

    def make(self, env):
        company = env["res.company"].search([], order="id", limit=1)
        users = env["res.users"].with_context(no_reset_password=True)
        users = users.create(
            [
                {
                    "name": f"Rung {number}",
                    "login": f"rung_{number}",
                    "email": f"rung{number}@race.example",
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                    "group_ids": [
                        Command.link(env.ref("dcrm_service.group_service_agent").id)
                    ],
                }
                for number in range(2)
            ]
        )
        hours = env["resource.calendar"].create(
            {"name": "Always", "attendance_ids": [Command.clear()]}
        )
        team = env["dcrm.ticket.team"].create(
            {
                "name": "Race",
                "company_id": company.id,
                "resource_calendar_id": hours.id,
                "lead_id": users[1].id,
            }
        )
        promise = env["dcrm.sla.policy"].create(
            {
                "name": "Race",
                "company_id": company.id,
                "team_ids": [Command.set(team.ids)],
                "first_response_hours": 1,
            }
        )
        ladder = env["dcrm.escalation.policy"].create(
            {
                "name": "Race",
                "team_id": team.id,
                "step_ids": [
                    Command.create(
                        {"role": "user", "user_id": user.id, "timer_minutes": 30}
                    )
                    for user in users
                ],
            }
        )
        customer = env["res.partner"].create({"name": "Racer"})
        tickets = env["dcrm.ticket"].create(
            [
                {
                    "name": f"Race {number}",
                    "team_id": team.id,
                    "company_id": company.id,
                    "partner_id": customer.id,
                    "opened_at": fields.Datetime.now() - timedelta(days=1),
                }
                for number in range(TICKETS)
            ]
        )
        self.made = [tickets, ladder, promise, team, hours, customer, users]
        self.ticket_ids, self.user_ids = tickets.ids, users.ids
        self.ladder_id = ladder.id

    def clean(self):
        with self.transaction() as env:
            env["dcrm.ticket"].browse(self.ticket_ids).unlink()
            env["mail.mail"].search([("email_from", "like", "race.example")]).unlink()
            env["ir.cron.trigger"].search(
                [("cron_id", "=", env.ref(MAILS).id)]
            ).unlink()
            for records in self.made[1:]:
                partners = (
                    records.with_env(env).partner_id
                    if records._name == "res.users"
                    else env["res.partner"]
                )
                records.with_env(env).unlink()
                partners.unlink()

    def climb(self, env):
        env["dcrm.sla.clock"]._climb_due()

    def notices(self, env):
        return env["dcrm.escalation.notice"].search(
            [("ticket_id", "in", self.ticket_ids)], order="id"
        )

    def told(self):
        """Return how many notices, to-dos, notes and e-mails there are."""
        with self.transaction() as env:
            self.assertEqual(env["dcrm.audit"].run(), [])
            notices = self.notices(env)
            tickets = env["dcrm.ticket"].browse(self.ticket_ids)
            notes = tickets.message_ids.filtered("notified_partner_ids")
            mails = env["mail.mail"].search([("mail_message_id", "in", notes.ids)])
            return len(notices), len(tickets.activity_ids), len(notes), len(mails)

    def at_once(self, *works):
        """Do works in transactions that all began before any ended; return errors."""
        begun, errors = threading.Barrier(len(works)), []

        def run(work):
            try:
                with self.transaction() as env:
                    env.cr.execute(SQL("SELECT 1 FROM dcrm_sla_clock LIMIT 1"))
                    begun.wait()
                    work(env)
            except Exception as error:
                errors.append(error)

        threads = [threading.Thread(target=run, args=[work]) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return errors
