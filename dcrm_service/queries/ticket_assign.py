"""Taking a team's waiting tickets to share them out: one at a time, and none twice."""

from odoo.tools import SQL


def take(team_id: int) -> SQL:
    """Yield the team's id where nobody else shares its tickets out at this moment.

    The row is written, and not only locked: whoever began before this transaction
    ends, and so can not see what it gave to whom, fails as a serialization failure.
    """
    return SQL(
        """
        UPDATE dcrm_ticket_team SET shared_out_at = now() AT TIME ZONE 'UTC'
        WHERE id IN (
            SELECT id FROM dcrm_ticket_team WHERE id = %s
            FOR NO KEY UPDATE SKIP LOCKED
        )
        RETURNING id
        """,
        team_id,
    )


def waiting(team_id: int) -> SQL:
    """Yield the ids of a team's open tickets that nobody has, the most urgent first."""
    return SQL(
        """
        SELECT id FROM dcrm_ticket
        WHERE team_id = %s AND user_id IS NULL AND closed_at IS NULL AND active
        ORDER BY priority DESC, next_deadline, id
        """,
        team_id,
    )


def lock(ids: list[int]) -> SQL:
    """Yield those of tickets that nobody has and nobody is writing at this moment."""
    return SQL(
        """
        SELECT id FROM dcrm_ticket
        WHERE id = ANY (%s) AND user_id IS NULL AND closed_at IS NULL
        ORDER BY priority DESC, next_deadline, id
        FOR NO KEY UPDATE SKIP LOCKED
        """,
        ids,
    )
