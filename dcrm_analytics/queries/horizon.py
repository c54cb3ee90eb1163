"""How far back a change may still be uncommitted.

The host stamps ``write_date`` with the start of the writing transaction, so a change
shows up in the past as soon as it commits. No transaction that is still to commit has
begun before the horizon: what is older has been committed, and is final.
"""

from odoo.tools import SQL

# Between the start of a transaction and its showing in the statistics lies next to
# nothing, and the host may cut a stamp to the second: a minute is ample for both.
MARGIN = "1 minute"


def horizon() -> SQL:
    """Return a scalar: the horizon as a naive UTC timestamp, or NULL if unknown.

    Unknown is the start of a prepared transaction, and that of a session which we may
    not look into (another role's, or one with ``track_activities`` off) as long as it
    is in a transaction, which its lock on its own virtual transaction tells.
    """
    return SQL(
        """(
        SELECT CASE WHEN NOT bool_or(
                    session.state IS NULL OR session.state = 'disabled'
                ) OR NOT EXISTS (
                    SELECT FROM pg_locks own
                    JOIN pg_stat_activity hidden USING (pid)
                    WHERE own.locktype = 'virtualxid' AND own.granted
                    AND hidden.datname = current_database()
                    AND hidden.pid <> pg_backend_pid()
                    AND hidden.xact_start IS NULL
                    AND (hidden.state IS NULL OR hidden.state = 'disabled')
                )
            THEN (least(now(), min(session.xact_start)) - interval %s)
                AT TIME ZONE 'UTC' END
        FROM pg_stat_activity session
        WHERE session.datname = current_database()
        AND session.backend_type IS DISTINCT FROM 'autovacuum worker'
        AND NOT EXISTS (
            SELECT FROM pg_prepared_xacts WHERE database = current_database()
        )
        )""",
        MARGIN,
    )
