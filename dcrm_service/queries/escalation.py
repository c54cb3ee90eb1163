"""Whose turn it is on the ladders: what is to be looked at, and by which ladder."""

from datetime import datetime

from odoo.tools import SQL


def lock_due(now: datetime, limit: int) -> SQL:
    """Yield and lock deadlines that are to be looked at, the longest due first.

    What somebody else works on has to wait for the next time.
    """
    return SQL(
        """
        SELECT clock.id FROM dcrm_sla_clock clock
         WHERE clock.climb_at <= %s
         ORDER BY clock.climb_at LIMIT %s
           FOR NO KEY UPDATE SKIP LOCKED
        """,
        now,
        limit,
    )


def count_due(now: datetime) -> SQL:
    return SQL("SELECT count(*) FROM dcrm_sla_clock WHERE climb_at <= %s", now)


def look_at(clock_ids, instants) -> SQL:
    """Have deadlines looked at when it is said, each at its own instant or not."""
    return SQL(
        """
        UPDATE dcrm_sla_clock clock SET climb_at = look.at
          FROM unnest(%s::int[], %s::timestamp[]) AS look (id, at)
         WHERE clock.id = look.id
        """,
        list(clock_ids),
        [instant or None for instant in instants],
    )


def look_anew(team_ids, climbing_ids, now: datetime) -> SQL:
    """Have the open deadlines of teams looked at: their ladders are others now.

    :param climbing_ids: teams that have a ladder; the others are not looked at any more
    """
    return SQL(
        """
        UPDATE dcrm_sla_clock clock
           SET climb_at = CASE
                   WHEN ticket.team_id = ANY(%(climbing)s) THEN %(now)s::timestamp
               END
          FROM dcrm_ticket ticket
         WHERE ticket.id = clock.ticket_id AND ticket.team_id = ANY(%(teams)s)
           AND ticket.closed_at IS NULL AND clock.reached_at IS NULL
           AND clock.deadline IS NOT NULL
           AND CASE
                   WHEN ticket.team_id = ANY(%(climbing)s)
                   THEN COALESCE(clock.climb_at > %(now)s::timestamp, TRUE)
                   ELSE clock.climb_at IS NOT NULL
               END
        """,
        now=now,
        teams=list(team_ids),
        climbing=list(climbing_ids),
    )


def ladders(clock_ids) -> SQL:
    """Yield (deadline, ladder) by the ticket's team and value class.

    The one that it has begun to climb goes before others, whatever became of the class;
    one of the class before one of every class.
    """
    return SQL(
        """
        WITH clock AS MATERIALIZED (
            SELECT clock.id, ticket.team_id, ticket.value_class
              FROM dcrm_sla_clock clock
              JOIN dcrm_ticket ticket ON ticket.id = clock.ticket_id
             WHERE clock.id = ANY(%s)
        )
        SELECT DISTINCT ON (clock.id) clock.id, policy.id
          FROM clock
          JOIN dcrm_escalation_policy policy
            ON policy.team_id = clock.team_id AND policy.active
         CROSS JOIN LATERAL (
               SELECT EXISTS (
                   SELECT FROM dcrm_escalation_notice notice
                    WHERE notice.clock_id = clock.id AND notice.policy_id = policy.id
                      AND notice.state <> 'obsolete'
               )
         ) begun (yes)
         WHERE begun.yes OR policy.value_class IS NULL
            OR policy.value_class = clock.value_class
         ORDER BY clock.id, begun.yes DESC, policy.value_class NULLS LAST
        """,
        list(clock_ids),
    )
