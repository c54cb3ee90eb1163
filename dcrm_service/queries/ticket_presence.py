"""Who looks at a ticket at this moment."""

from odoo.tools import SQL


def note(ticket_id: int, user_id: int, is_writing: bool) -> SQL:
    """Note that a user has a ticket on the screen."""
    return SQL(
        """
        INSERT INTO dcrm_ticket_presence (
            ticket_id, user_id, is_writing, seen_at, create_uid, create_date
        )
        VALUES (
            %(ticket)s, %(user)s, %(writing)s, now() AT TIME ZONE 'UTC', %(user)s,
            now() AT TIME ZONE 'UTC'
        )
        ON CONFLICT (ticket_id, user_id) DO UPDATE
        SET seen_at = excluded.seen_at, is_writing = excluded.is_writing
        """,
        ticket=ticket_id,
        user=user_id,
        writing=is_writing,
    )
