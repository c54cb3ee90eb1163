"""Where points do not add up: what the moves say, what is found, and since when."""

from odoo.tools import SQL

from . import points_audit_member


def table(company_ids) -> SQL:
    """Return a row an account and thing that disagrees with its moves, and a row a card
    of a club with points that no account keeps.

    ``since`` is the day of the first move that is not counted in, where what is found
    is what the moves before it add up to; else that of the last move, after which
    somebody wrote it.
    """
    return SQL(
        """
        SELECT wrong.account_id * 10 + wrong.nth AS id, wrong.account_id, wrong.what,
               wrong.club_id, wrong.company_id, wrong.partner_id, wrong.card_id,
               wrong.expected, wrong.found, wrong.found - wrong.expected AS difference,
               COALESCE(missed.day, latest.day) AS since
          FROM (%(wrong)s) wrong
          LEFT JOIN LATERAL (%(agreed)s) agreed ON TRUE
          LEFT JOIN LATERAL (
                SELECT day FROM dcrm_points_move
                 WHERE account_id = wrong.account_id AND id > agreed.id
                 ORDER BY id LIMIT 1
               ) missed ON TRUE
          LEFT JOIN LATERAL (
                SELECT day FROM dcrm_points_move
                 WHERE account_id = wrong.account_id ORDER BY id DESC LIMIT 1
               ) latest ON TRUE
         UNION ALL
        %(unkept)s
        """,
        wrong=_wrong(company_ids),
        agreed=_agreed(),
        unkept=_unkept(company_ids),
    )


def _unkept(company_ids):
    """Yield the cards of clubs that have points and no account: none are expected."""
    return SQL(
        """
        SELECT -card.id, NULL::int, 'card', club.id, club.company_id,
               card.partner_id, card.id, 0, card.points::numeric, card.points::numeric,
               card.create_date::date
          FROM loyalty_card card
          JOIN dcrm_club club ON club.program_id = card.program_id
         WHERE card.id IN (%s)
        """,
        points_audit_member.cards_without_account(company_ids),
    )


def _wrong(company_ids):
    """Yield what of which account is not what the moves say."""
    return SQL(
        """
        SELECT account.id AS account_id, account.club_id, account.company_id,
               account.partner_id, account.card_id, each.nth, each.what,
               COALESCE(each.expected, 0) AS expected, COALESCE(each.found, 0) AS found
          FROM dcrm_points_account account
          LEFT JOIN loyalty_card card ON card.id = account.card_id
          LEFT JOIN (
                SELECT account_id, sum(points) AS points, sum(pending) AS pending,
                       sum(GREATEST(-points, 0)) AS debits
                  FROM dcrm_points_move GROUP BY account_id
               ) moved ON moved.account_id = account.id
          LEFT JOIN (
                SELECT debit.account_id, sum(used.points) AS points
                  FROM dcrm_points_use used
                  JOIN dcrm_points_move debit ON debit.id = used.debit_id GROUP BY 1
               ) used ON used.account_id = account.id
          LEFT JOIN (
                SELECT account_id, sum(remaining) AS points
                  FROM dcrm_points_lot GROUP BY account_id
               ) lots ON lots.account_id = account.id
         CROSS JOIN LATERAL (VALUES
                (1, 'balance', moved.points, account.balance),
                (2, 'pending', moved.pending, account.pending),
                (3, 'debt', moved.debits - COALESCE(used.points, 0), account.debt),
                (4, 'lots', moved.points + moved.debits - COALESCE(used.points, 0),
                    lots.points),
                (5, 'card', moved.points, card.points::numeric)
               ) each (nth, what, expected, found)
         WHERE account.company_id IN %s
           AND COALESCE(each.expected, 0) <> COALESCE(each.found, 0)
        """,
        company_ids,
    )


def _agreed():
    """Yield the last move up to which the moves add up to what is found."""
    return SQL(
        """
        SELECT COALESCE(max(run.id), CASE WHEN wrong.found = 0 THEN 0 END) AS id
          FROM (
                SELECT id, sum(points) OVER sofar AS points,
                       sum(pending) OVER sofar AS pending
                  FROM dcrm_points_move
                 WHERE account_id = wrong.account_id
                   AND wrong.what IN ('balance', 'pending', 'card')
                WINDOW sofar AS (ORDER BY id)
               ) run
         WHERE wrong.found = CASE wrong.what WHEN 'pending' THEN run.pending
                                             ELSE run.points END
        """
    )
