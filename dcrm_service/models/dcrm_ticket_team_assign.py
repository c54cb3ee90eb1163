import logging

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..compute.assignment import Agent, share_out
from ..queries import ticket_assign as queries

HAND = "hand"
# How many tickets a transaction shares out.
BATCH = 200

_logger = logging.getLogger(__name__)


class DcrmTicketTeam(models.Model):
    """Who of the team is given the tickets that come: a rule a team.

    A scheduled action shares tickets out, one transaction a batch of a team. It is
    called as soon as one comes, and every few minutes for who comes to work. That two
    tickets come at once is nothing special, then: one of them is first.
    """

    _inherit = "dcrm.ticket.team"

    assignment = fields.Selection(
        [
            (HAND, "By Hand"),
            ("balanced", "To Whoever Has the Fewest Open"),
            ("turn", "In Turn"),
        ],
        required=True,
        default=HAND,
        help="By hand: who comes first takes a ticket. Else tickets are given to the "
        "members who are at work and skilled in them.",
    )
    dedicated_first = fields.Boolean(
        "The Customer's Own People First",
        default=True,
        help="Who is the customer's salesperson is given its tickets, where they are a "
        "member of the team and at work",
    )
    agent_ids = fields.One2many(
        "dcrm.ticket.agent",
        "team_id",
        "Skills and Limits",
        groups="dcrm_service.group_service_agent",
    )
    shared_out_at = fields.Datetime("Tickets Shared Out", readonly=True, copy=False)

    def write(self, vals):
        outcome = super().write(vals)
        if vals.keys() & {"assignment", "dedicated_first", "member_ids", "agent_ids"}:
            self._ask_assignment()
        return outcome

    def _ask_assignment(self):
        """Have the tickets that wait be shared out soon, where a rule does it."""
        if any(team.assignment != HAND for team in self.sudo()):
            self.env.ref("dcrm_service.cron_share_out_tickets").sudo()._trigger()

    @api.model
    def _share_out(self):
        """Give the tickets that nobody has to whom the teams' rules give them."""
        cron = self.env["ir.cron"]
        teams = self.search([("assignment", "!=", HAND)])
        left = len(teams)
        cron._commit_progress(remaining=left)
        for team in teams:
            team._share_out_all()
            left -= 1
            if not cron._commit_progress(1, remaining=left):
                return

    def _share_out_all(self):
        """Share out what waits in the team, a transaction a batch."""
        self.ensure_one()
        ids = [id_ for [id_] in self.env.execute_query(queries.waiting(self.id))]
        for start in range(0, len(ids), BATCH):
            if not self._agents_at_work():
                return
            try:
                self._share_out_batch(ids[start : start + BATCH])
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # Somebody took one by hand, or shares them out: the next call goes on.
                self.env.cr.rollback()
                _logger.info("Tickets of team %s are being shared out", self.id)
                return
            self.env["ir.cron"]._commit_progress()

    def _share_out_batch(self, ids):
        """Give those of tickets of the team that nobody has to its people.

        :return: ``{ticket id: user id}``
        :raises psycopg2.errors.SerializationFailure: where somebody else did meanwhile
        """
        self.env.flush_all()
        if not self.env.execute_query(queries.take(self.id)):
            return {}
        rows = self.env.execute_query(queries.lock(ids))
        self.env.invalidate_all()
        tickets = self.env["dcrm.ticket"].browse(id_ for [id_] in rows)
        agents = self._agents_at_work()
        given = share_out(tickets._requests(), agents, self.assignment == "turn")
        tickets._give(given)
        self._note_turns(given)
        return given

    def _agents_at_work(self):
        """Return the members who may be given a ticket now, as ``Agent``."""
        self.ensure_one()
        calendar = self.resource_calendar_id or self.company_id.resource_calendar_id
        members = self.member_ids.filtered("active")._on_duty(calendar, self.company_id)
        load = self.env["dcrm.ticket"]._load_of(members)
        rows = {row.user_id: row for row in self.agent_ids}
        return [
            agent
            for user in members
            if (agent := self._agent(user, rows.get(user), load)).has_room()
        ]

    def _agent(self, user, row, load):
        return Agent(
            user.id,
            load=load.get(user, 0),
            most=row.most_open if row else 0,
            turn=row.turn if row else 0,
            skills=row._skills() if row else {},
        )

    def _note_turns(self, given):
        """Note in which order people were given their last ticket."""
        rows = {row.user_id.id: row for row in self.agent_ids}
        last = max((row.turn for row in rows.values()), default=0)
        new = self.env["dcrm.ticket.agent"].create(
            [
                {"team_id": self.id, "user_id": user}
                for user in dict.fromkeys(given.values())
                if user not in rows
            ]
        )
        rows.update((row.user_id.id, row) for row in new)
        turns = {user: last + each for each, user in enumerate(given.values(), 1)}
        for user, turn in turns.items():
            rows[user].turn = turn
