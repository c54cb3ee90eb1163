"""What screens and reports ask of the ledger of points, beside the ledger itself."""

from odoo.tools import SQL

# What a move of each kind does to what members have; the parts add up to the balance.
FLOWS = {
    "issued": ("opening", "earn", "release", "import"),
    "used": ("redeem",),
    "expired": ("expire",),
    "reversed": ("reverse",),
    "adjusted": ("adjust", "transfer"),
    "pending": ("pending",),
}


def flow(kind: SQL) -> SQL:
    """Return the flow of a kind of move."""
    return SQL(
        "CASE %s END",
        SQL(" ").join(
            SQL("WHEN %s IN %s THEN %s", kind, kinds, name)
            for name, kinds in FLOWS.items()
        ),
    )


def is_member(membership: str, account: str) -> SQL:
    """Return whether a membership is the one of an account's customer in its club."""
    return SQL(
        "%s = %s AND %s = %s AND %s = 'active'",
        SQL.identifier(membership, "partner_id"),
        SQL.identifier(account, "partner_id"),
        SQL.identifier(membership, "club_id"),
        SQL.identifier(account, "club_id"),
        SQL.identifier(membership, "state"),
    )


def tier_in(membership: str) -> SQL:
    """Return the tier of a membership that was joined."""
    return SQL.identifier(membership, "tier_id")


def tier_of(account: str) -> SQL:
    """Return the tier on which an account's customer stands, NULL for none."""
    return SQL(
        "(SELECT tier_id FROM dcrm_membership AS member WHERE %s)",
        is_member("member", account),
    )


def is_one_of(value: SQL, ids) -> SQL:
    """Return whether a value is one of some ids; a false one is NULL."""
    known = tuple(id_ for id_ in ids if id_)
    conditions = [SQL("FALSE")]
    if known:
        conditions.append(SQL("%s IN %s", value, known))
    if len(known) < len(ids):
        conditions.append(SQL("%s IS NULL", value))
    return SQL("(%s)", SQL(" OR ").join(conditions))


def balances(account_id: int, move_ids) -> SQL:
    """Yield ``(move id, balance after it)`` of moves of one account, day by day."""
    return SQL(
        """
        SELECT id, balance
          FROM (
                SELECT id, sum(points) OVER (ORDER BY day, id) AS balance
                  FROM dcrm_points_move WHERE account_id = %s
               ) run
         WHERE id IN %s
        """,
        account_id,
        tuple(move_ids) or (0,),
    )


def expiring(account_id: int, limit: int) -> SQL:
    """Yield ``(last day, points)`` of the points left that expire, the first first."""
    return SQL(
        """
        SELECT expires_on, sum(remaining)
          FROM dcrm_points_lot
         WHERE account_id = %s AND remaining > 0 AND expires_on IS NOT NULL
         GROUP BY expires_on ORDER BY expires_on LIMIT %s
        """,
        account_id,
        limit,
    )


def awaited(account_id: int, limit: int) -> SQL:
    """Yield ``(day, points)``: how many pending points can be used from which day on.

    The day is NULL where it is not known yet.
    """
    return SQL(
        """
        SELECT root.available_on, sum(held.pending)
          FROM (
                SELECT COALESCE(origin_id, id) AS id, sum(pending) AS pending
                  FROM dcrm_points_move
                 WHERE account_id = %s AND pending <> 0
                 GROUP BY 1 HAVING sum(pending) <> 0
               ) held
          JOIN dcrm_points_move root ON root.id = held.id
         GROUP BY 1 ORDER BY 1 NULLS LAST LIMIT %s
        """,
        account_id,
        limit,
    )


def before(account_id: int, day) -> SQL:
    """Yield what the moves of an account before a day add up to."""
    return SQL(
        """
        SELECT COALESCE(sum(points), 0)
          FROM dcrm_points_move WHERE account_id = %s AND day < %s
        """,
        account_id,
        day,
    )
