"""Statements on accounts of points: who may go first, and which points are taken."""

from odoo.tools import SQL

from . import points_expiry


def lock(account_ids, days, by_inactivity: bool) -> SQL:
    """Wait for the accounts, in order, so that two never wait for each other.

    Yields ``(account_id, whether some of its points have expired)``.

    :param days: ``{company id: day}``, what day it is there
    :param by_inactivity: whether points of some of the accounts expire by inactivity
    """
    return SQL(
        """
        SELECT waiting.id, EXISTS (SELECT FROM %s AND lot.account_id = waiting.id)
          FROM dcrm_points_account waiting
          JOIN (VALUES %s) today(company_id, day) USING (company_id)
         WHERE waiting.id IN %s
         ORDER BY waiting.id
           FOR UPDATE OF waiting
        """,
        points_expiry.expired_lots(SQL("today.day"), by_inactivity),
        SQL(", ").join(SQL("(%s, %s)", id_, day) for id_, day in days.items()),
        tuple(account_ids),
    )


def expired(account_ids, day, by_inactivity: bool) -> SQL:
    """Yield ``(account_id, points)`` of the lots whose last day is before a day.

    :param by_inactivity: whether points of some of the accounts expire by inactivity
    """
    return SQL(
        """
        SELECT lot.account_id, sum(lot.remaining) FROM %s AND lot.account_id IN %s
         GROUP BY lot.account_id ORDER BY lot.account_id
        """,
        points_expiry.expired_lots(day, by_inactivity),
        tuple(account_ids),
    )


def claim(club_id: int, partner_id: int, company_id: int, uid: int) -> SQL:
    """Yield the id of a new account, nothing where the customer has one.

    The claim goes first, before anything of the account is made. One that another
    transaction has made and this one can not see fails as a serialization failure,
    which the host tries again, and not as a unique violation, which it does not.
    """
    return SQL(
        """
        INSERT INTO dcrm_points_account (
            club_id, partner_id, company_id, balance, pending, debt,
            create_uid, write_uid, create_date, write_date
        )
        VALUES (
            %(club)s, %(partner)s, %(company)s, 0, 0, 0, %(uid)s, %(uid)s,
            now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
        )
        ON CONFLICT (partner_id, club_id) DO NOTHING
        RETURNING id
        """,
        club=club_id,
        partner=partner_id,
        company=company_id,
        uid=uid,
    )


def use(debit_id: int, first_of=()) -> SQL:
    """Take the points of a debit from the open lots of its account.

    Those that expire first go first, the older before the younger; before all others
    go those that the moves ``first_of`` (ids) brought. What is missing stays owed.
    """
    return SQL(
        """
        INSERT INTO dcrm_points_use (
            debit_id, lot_id, points, create_uid, write_uid, create_date, write_date
        )
        SELECT id, lot_id, LEAST(remaining, wanted - before), create_uid, create_uid,
               create_date, create_date
          FROM (
                SELECT debit.id, debit.create_uid, debit.create_date, lot.id AS lot_id,
                       lot.remaining, -debit.points AS wanted,
                       sum(lot.remaining) OVER nearest - lot.remaining AS before
                  FROM dcrm_points_move debit
                  JOIN dcrm_points_lot lot ON lot.account_id = debit.account_id
                 WHERE debit.id = %(debit)s AND lot.remaining > 0
                WINDOW nearest AS (
                    ORDER BY lot.move_id = ANY(%(first)s) DESC,
                             lot.expires_on NULLS LAST, lot.id
                )
               ) open
         WHERE before < wanted
        """,
        debit=debit_id,
        first=list(first_of),
    )


def use_lots(debit_ids) -> SQL:
    """Take the points of debits from the lots that they name."""
    return SQL(
        """
        INSERT INTO dcrm_points_use (
            debit_id, lot_id, points, create_uid, write_uid, create_date, write_date
        )
        SELECT id, lot_id, -points, create_uid, create_uid, create_date, create_date
          FROM dcrm_points_move WHERE id IN %s
        """,
        tuple(debit_ids),
    )


def use_expired(debit_ids, day) -> SQL:
    """Take all that is left of the lots whose last day is before a day."""
    return SQL(
        """
        INSERT INTO dcrm_points_use (
            debit_id, lot_id, points, create_uid, write_uid, create_date, write_date
        )
        SELECT debit.id, lot.id, lot.remaining, debit.create_uid, debit.create_uid,
               debit.create_date, debit.create_date
          FROM %s
          JOIN dcrm_points_move debit ON debit.account_id = account.id
         WHERE debit.id IN %s AND %s < %s
        """,
        points_expiry.open_lots(),
        tuple(debit_ids),
        points_expiry.last_day(),
        day,
    )


def work_off(account_ids) -> SQL:
    """Let the accounts' open lots pay what they owe, the oldest debts first."""
    return SQL(
        """
        WITH debits AS (
            SELECT debit.id, debit.account_id, debit.owed, debit.create_uid,
                   sum(debit.owed) OVER oldest - debit.owed AS before
              FROM (
                    SELECT move.id, move.account_id, move.create_uid,
                           -move.points - COALESCE(sum(used.points), 0) AS owed
                      FROM dcrm_points_move move
                      LEFT JOIN dcrm_points_use used ON used.debit_id = move.id
                     WHERE move.account_id IN %(accounts)s AND move.points < 0
                     GROUP BY move.id
                   ) debit
             WHERE debit.owed > 0
            WINDOW oldest AS (PARTITION BY debit.account_id ORDER BY debit.id)
        ), lots AS (
            SELECT id, account_id, remaining,
                   sum(remaining) OVER nearest - remaining AS before
              FROM dcrm_points_lot
             WHERE account_id IN %(accounts)s AND remaining > 0
            WINDOW nearest AS (
                PARTITION BY account_id ORDER BY expires_on NULLS LAST, id
            )
        )
        INSERT INTO dcrm_points_use (
            debit_id, lot_id, points, create_uid, write_uid, create_date, write_date
        )
        SELECT debits.id, lots.id,
               LEAST(debits.before + debits.owed, lots.before + lots.remaining)
               - GREATEST(debits.before, lots.before),
               debits.create_uid, debits.create_uid,
               now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
          FROM debits JOIN lots USING (account_id)
         WHERE GREATEST(debits.before, lots.before)
             < LEAST(debits.before + debits.owed, lots.before + lots.remaining)
        """,
        accounts=tuple(account_ids),
    )


def left_and_expired(account_id: int, move_ids) -> SQL:
    """Yield ``(lot_id, left, expired)`` of the lots that moves brought.

    What is left counts on the account alone; what has expired and is not put back yet
    may have expired on one that this account has taken over.
    """
    return SQL(
        """
        SELECT lot.id,
               CASE WHEN lot.account_id = %s THEN lot.remaining ELSE 0 END,
               COALESCE(expired.points, 0) - COALESCE(returned.points, 0)
          FROM dcrm_points_lot lot
          LEFT JOIN LATERAL (
                SELECT sum(used.points) AS points
                  FROM dcrm_points_use used
                  JOIN dcrm_points_move debit ON debit.id = used.debit_id
                 WHERE used.lot_id = lot.id AND debit.kind = 'expire'
               ) expired ON TRUE
          LEFT JOIN LATERAL (
                SELECT sum(points) AS points
                  FROM dcrm_points_move
                 WHERE lot_id = lot.id AND kind = 'expire'
               ) returned ON TRUE
         WHERE lot.move_id IN %s
         ORDER BY lot.id
        """,
        account_id,
        tuple(move_ids),
    )


def uses_to_give_back(debit_id: int) -> SQL:
    """Yield ``(lot_id, expires_on, points)`` that a debit took and has not given back.

    Last what is given back last: those points that expire first.
    """
    return SQL(
        """
        SELECT lot.id, lot.expires_on, used.points - COALESCE(given.points, 0)
          FROM (
                SELECT lot_id, sum(points) AS points
                  FROM dcrm_points_use WHERE debit_id = %(debit)s GROUP BY lot_id
               ) used
          JOIN dcrm_points_lot lot ON lot.id = used.lot_id
          LEFT JOIN (
                SELECT lot_id, sum(points) AS points
                  FROM dcrm_points_move
                 WHERE origin_id = %(debit)s AND points > 0 GROUP BY lot_id
               ) given ON given.lot_id = used.lot_id
         WHERE used.points > COALESCE(given.points, 0)
         ORDER BY lot.expires_on DESC NULLS FIRST, lot.id DESC
        """,
        debit=debit_id,
    )


def moves_of_document(model: str, ids) -> SQL:
    """Yield the moves of documents that are not reversed in full, the youngest first.

    Rows are ``(res_id, account_id, id, issuing, points, pending)``: whether the move
    issues points, and what of it still holds; redeemed points are negative.
    """
    return SQL(
        """
        SELECT move.res_id, move.account_id, move.id, move.kind <> 'redeem',
               move.points + COALESCE(later.points, 0),
               move.pending + COALESCE(later.pending, 0)
          FROM dcrm_points_move move
          LEFT JOIN LATERAL (
                SELECT sum(points) AS points, sum(pending) AS pending
                  FROM dcrm_points_move WHERE origin_id = move.id
               ) later ON TRUE
         WHERE move.res_model = %s AND move.res_id IN %s
           AND move.kind IN ('earn', 'pending', 'redeem')
         ORDER BY move.id DESC
        """,
        model,
        tuple(ids),
    )


def pending(account_ids) -> SQL:
    """Yield ``(move id, points)``: of which move how much is pending on accounts."""
    return SQL(
        """
        SELECT COALESCE(origin_id, id), sum(pending)
          FROM dcrm_points_move
         WHERE account_id IN %s AND pending <> 0
         GROUP BY 1 HAVING sum(pending) > 0 ORDER BY 1
        """,
        tuple(account_ids),
    )
