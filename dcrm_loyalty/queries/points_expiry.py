"""Points that expire: by the day that they were given, or by inactivity."""

from odoo.tools import SQL


def last_day() -> SQL:
    """The last day of a lot of :func:`open_lots`, NULL where it does not expire.

    Where inactivity counts, points live so many months from the customer's last
    activity, and no shorter from the day on which they came: points given back or
    transferred came on the day of those that they were.
    """
    return SQL(
        """
        LEAST(lot.expires_on, CASE WHEN club.points_expiry = 'inactive' THEN (
            GREATEST(account.last_activity, %s)
            + make_interval(months => club.expiry_months)
        )::date END)
        """,
        _came_on(),
    )


def _came_on():
    """The day of the first of the moves that brought the points of a lot, one of
    another by giving back or transferring; most lots are the first themselves.
    """
    return SQL(
        """
        CASE WHEN credit.lot_id IS NULL THEN credit.day ELSE (
            WITH RECURSIVE before AS (
                SELECT credit.lot_id, credit.day
                UNION ALL
                SELECT earlier.lot_id, earlier.day
                  FROM before
                  JOIN dcrm_points_lot source ON source.id = before.lot_id
                  JOIN dcrm_points_move earlier ON earlier.id = source.move_id
            )
            SELECT day FROM before WHERE lot_id IS NULL
        ) END
        """
    )


def open_lots() -> SQL:
    """The lots of which something is left, with all that tells how long."""
    return SQL(
        """
        dcrm_points_account account
        JOIN dcrm_points_lot lot ON lot.account_id = account.id AND lot.remaining > 0
        JOIN dcrm_points_move credit ON credit.id = lot.move_id
        JOIN dcrm_club club ON club.id = account.club_id
        """
    )


def expired_lots(day, by_inactivity: bool = True) -> SQL:
    """The lots of :func:`open_lots` whose last day is before a day, in a WHERE.

    :param by_inactivity: whether inactivity counts in some of the clubs; otherwise
        lots tell alone, which is half the work of locking an account
    """
    if by_inactivity:
        return SQL("%s WHERE %s < %s", open_lots(), last_day(), day)
    return SQL(
        "dcrm_points_lot lot WHERE lot.remaining > 0 AND lot.expires_on < %s", day
    )


# -- all that is due, in batches -----------------------------------------------------


def _due(company_id: int, day) -> SQL:
    """Tell of an account whether some of its points have expired."""
    return SQL(
        """
        account.company_id = %s AND EXISTS (
            SELECT FROM dcrm_points_lot lot
              JOIN dcrm_points_move credit ON credit.id = lot.move_id
             WHERE lot.account_id = account.id AND lot.remaining > 0 AND %s < %s
        )
        """,
        company_id,
        last_day(),
        day,
    )


def count_due(company_id: int, day) -> SQL:
    """Yield on how many accounts of a company some points have expired."""
    return SQL(
        """
        SELECT count(*) FROM dcrm_points_account account
          JOIN dcrm_club club ON club.id = account.club_id
         WHERE %s
        """,
        _due(company_id, day),
    )


def lock_due(company_id: int, day, after: int, limit: int) -> SQL:
    """Yield and lock so many accounts of a company on which points have expired.

    Those that somebody works with have to wait for the next time.

    :param after: the id after which to go on
    """
    return SQL(
        """
        SELECT account.id FROM dcrm_points_account account
          JOIN dcrm_club club ON club.id = account.club_id
         WHERE account.id > %s AND %s
         ORDER BY account.id LIMIT %s
           FOR UPDATE OF account SKIP LOCKED
        """,
        after,
        _due(company_id, day),
        limit,
    )


def expire(account_ids, day, reason: str, uid: int) -> SQL:
    """Add the moves by which points of accounts expire, and yield their ids."""
    return SQL(
        """
        INSERT INTO dcrm_points_move (
            account_id, card_id, club_id, company_id, kind, date, day, points, pending,
            reason, create_uid, write_uid, create_date, write_date
        )
        SELECT account.id, account.card_id, account.club_id, account.company_id,
               'expire', now() AT TIME ZONE 'UTC', %(day)s, -sum(lot.remaining), 0,
               %(reason)s, %(uid)s, %(uid)s,
               now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
          FROM %(lots)s
         WHERE account.id = ANY(%(accounts)s) AND %(last)s < %(day)s
         GROUP BY account.id ORDER BY account.id
        RETURNING id
        """,
        lots=open_lots(),
        accounts=list(account_ids),
        last=last_day(),
        day=day,
        reason=reason,
        uid=uid,
    )


# -- warnings ------------------------------------------------------------------------


def _to_warn(club_id: int, first, last) -> SQL:
    """Tell of lots whether their customer is to be told of their last day."""
    return SQL(
        """
        club.id = %s AND %s BETWEEN %s AND %s
        AND lot.warned_for IS DISTINCT FROM %s
        """,
        club_id,
        last_day(),
        first,
        last,
        last_day(),
    )


def accounts_to_warn(club_id: int, first, last, after: int, limit: int) -> SQL:
    """Yield so many accounts with points whose last day comes, and who has an address.

    :param first: the first of the days about which customers are warned
    :param last: the last of them
    :param after: the id after which to go on
    """
    return SQL(
        """
        SELECT DISTINCT account.id FROM %s
          JOIN res_partner partner ON partner.id = account.partner_id
         WHERE account.id > %s AND %s AND partner.active
           AND partner.email_normalized IS NOT NULL
         ORDER BY account.id LIMIT %s
        """,
        open_lots(),
        after,
        _to_warn(club_id, first, last),
        limit,
    )


def lots_to_warn(account_ids, club_id: int, first, last) -> SQL:
    """Note the lots that customers are warned of now; yield what is left of them.

    Rows are ``(account_id, last day, points)``.
    """
    return SQL(
        """
        UPDATE dcrm_points_lot warned SET warned_for = due.last_day
          FROM (
                SELECT lot.id, %s AS last_day FROM %s
                 WHERE account.id = ANY(%s) AND %s
               ) due
         WHERE warned.id = due.id
        RETURNING warned.account_id, due.last_day, warned.remaining
        """,
        last_day(),
        open_lots(),
        list(account_ids),
        _to_warn(club_id, first, last),
    )
