"""What must hold of points: each query yields the ids of the records that break it."""

from odoo.tools import SQL

from .points_ledger import OWING

# Debits that take what expires first; others begin with the points that they are of.
FREE = ("redeem", "adjust", "earn", "import")

# Everything that keeps the ledger true; see points_ledger.
TRIGGERS = (
    "dcrm_points_account_add",
    "dcrm_points_account_agree",
    "dcrm_points_account_drop",
    "dcrm_points_account_settled",
    "dcrm_points_account_write",
    "dcrm_points_card_agree",
    "dcrm_points_lot_add",
    "dcrm_points_lot_drop",
    "dcrm_points_lot_write",
    "dcrm_points_move_covered",
    "dcrm_points_move_fixed",
    "dcrm_points_move_moved",
    "dcrm_points_move_whole",
    "dcrm_points_use_fixed",
    "dcrm_points_use_used",
    "dcrm_points_use_whole",
)


def clubs_unguarded(company_ids) -> SQL:
    """Yield clubs that keep points while the database does not guard the ledger."""
    return SQL(
        """
        SELECT id FROM dcrm_club
         WHERE company_id IN %s AND program_id IS NOT NULL AND EXISTS (
                SELECT unnest(%s) EXCEPT
                SELECT tgname::text FROM pg_trigger WHERE tgenabled IN ('O', 'A')
               )
        """,
        company_ids,
        list(TRIGGERS),
    )


# -- balances ------------------------------------------------------------------------


def accounts_unlike_moves(company_ids) -> SQL:
    """Yield accounts whose balance or pending points are not the sum of their moves."""
    return SQL(
        """
        SELECT account.id
          FROM dcrm_points_account account
          LEFT JOIN (
                SELECT account_id, sum(points) AS points, sum(pending) AS pending
                  FROM dcrm_points_move GROUP BY account_id
               ) moved ON moved.account_id = account.id
         WHERE account.company_id IN %s
           AND (account.balance, account.pending)
               IS DISTINCT FROM (COALESCE(moved.points, 0), COALESCE(moved.pending, 0))
        """,
        company_ids,
    )


def accounts_unlike_cards(company_ids) -> SQL:
    """Yield accounts whose card has other points, owner or program than they."""
    return SQL(
        """
        SELECT account.id
          FROM dcrm_points_account account
          JOIN dcrm_club club ON club.id = account.club_id
          LEFT JOIN loyalty_card card ON card.id = account.card_id
         WHERE account.company_id IN %s
           AND (card.points IS DISTINCT FROM account.balance::float8
                OR card.program_id IS DISTINCT FROM club.program_id
                OR account.partner_id IS NOT NULL
                   AND card.partner_id IS DISTINCT FROM account.partner_id)
        """,
        company_ids,
    )


def accounts_unlike_lots(company_ids) -> SQL:
    """Yield accounts whose open lots are not what they have and owe."""
    return SQL(
        """
        SELECT account.id
          FROM dcrm_points_account account
          LEFT JOIN (
                SELECT account_id, sum(remaining) AS remaining
                  FROM dcrm_points_lot WHERE remaining <> 0 GROUP BY account_id
               ) open ON open.account_id = account.id
         WHERE account.company_id IN %s
           AND COALESCE(open.remaining, 0)
               IS DISTINCT FROM account.balance + account.debt
        """,
        company_ids,
    )


def accounts_unlike_debts(company_ids) -> SQL:
    """Yield accounts that owe other than their debits lack, or beside open points."""
    return SQL(
        """
        SELECT account.id
          FROM dcrm_points_account account
          LEFT JOIN (
                SELECT debit.account_id, sum(-debit.points) AS points
                  FROM dcrm_points_move debit WHERE debit.points < 0 GROUP BY 1
               ) taken ON taken.account_id = account.id
          LEFT JOIN (
                SELECT debit.account_id, sum(used.points) AS points
                  FROM dcrm_points_use used
                  JOIN dcrm_points_move debit ON debit.id = used.debit_id GROUP BY 1
               ) used ON used.account_id = account.id
         WHERE account.company_id IN %s
           AND (account.debt IS DISTINCT FROM
                COALESCE(taken.points, 0) - COALESCE(used.points, 0)
                OR account.debt < 0
                OR account.debt > 0 AND account.balance + account.debt <> 0)
        """,
        company_ids,
    )


def clubs_out_of_balance(company_ids) -> SQL:
    """Yield clubs that issued other than was redeemed, expired, reversed or is there.

    What is transferred within a club is neither more nor less afterwards.
    """
    return SQL(
        """
        SELECT club.id
          FROM dcrm_club club
          LEFT JOIN (
                SELECT club_id,
                       sum(points) FILTER (WHERE kind IN (
                           'opening', 'earn', 'release', 'import', 'adjust'
                       )) AS issued,
                       -sum(points) FILTER (WHERE kind = 'redeem') AS redeemed,
                       -sum(points) FILTER (WHERE kind = 'expire') AS expired,
                       -sum(points) FILTER (WHERE kind = 'reverse') AS reversed,
                       sum(points) FILTER (WHERE kind = 'transfer') AS transferred,
                       sum(pending) FILTER (WHERE kind = 'transfer') AS postponed
                  FROM dcrm_points_move GROUP BY club_id
               ) moved ON moved.club_id = club.id
          LEFT JOIN (
                SELECT club_id, sum(balance) AS outstanding
                  FROM dcrm_points_account GROUP BY club_id
               ) held ON held.club_id = club.id
         WHERE club.company_id IN %s
           AND (COALESCE(moved.issued, 0) <> COALESCE(moved.redeemed, 0)
                + COALESCE(moved.expired, 0) + COALESCE(moved.reversed, 0)
                + COALESCE(held.outstanding, 0)
                OR COALESCE(moved.transferred, 0) <> 0
                OR COALESCE(moved.postponed, 0) <> 0)
        """,
        company_ids,
    )


# -- lots and their uses -------------------------------------------------------------


def credits_without_lot(company_ids) -> SQL:
    """Yield credits whose lot is missing or is not what they brought."""
    return SQL(
        """
        SELECT move.id
          FROM dcrm_points_move move
          LEFT JOIN dcrm_points_lot lot ON lot.move_id = move.id
         WHERE move.company_id IN %s
           AND CASE WHEN move.points > 0 THEN
                    (move.account_id, move.points, move.expires_on)
                    IS DISTINCT FROM (lot.account_id, lot.points, lot.expires_on)
               ELSE lot.id IS NOT NULL END
        """,
        company_ids,
    )


def lots_unlike_uses(company_ids) -> SQL:
    """Yield lots that have other left than their uses left of them."""
    return SQL(
        """
        SELECT lot.id
          FROM dcrm_points_lot lot
          JOIN dcrm_points_account account ON account.id = lot.account_id
          LEFT JOIN (
                SELECT lot_id, sum(points) AS points
                  FROM dcrm_points_use GROUP BY lot_id
               ) used ON used.lot_id = lot.id
         WHERE account.company_id IN %s
           AND (lot.remaining <> lot.points - COALESCE(used.points, 0)
                OR lot.remaining < 0)
        """,
        company_ids,
    )


def debits_not_covered(company_ids) -> SQL:
    """Yield debits that use less than they take, and may not, or more, or others'."""
    return SQL(
        """
        SELECT move.id
          FROM dcrm_points_move move
          LEFT JOIN (
                SELECT used.debit_id, sum(used.points) AS points,
                       bool_or(lot.account_id <> debit.account_id) AS strange
                  FROM dcrm_points_use used
                  JOIN dcrm_points_lot lot ON lot.id = used.lot_id
                  JOIN dcrm_points_move debit ON debit.id = used.debit_id
                 GROUP BY used.debit_id
               ) used ON used.debit_id = move.id
         WHERE move.company_id IN %s
           AND (used.strange
                OR COALESCE(used.points, 0) > GREATEST(-move.points, 0)
                OR move.kind NOT IN %s AND COALESCE(used.points, 0) < -move.points)
        """,
        company_ids,
        OWING,
    )


def debits_out_of_turn(company_ids) -> SQL:
    """Yield debits that left points open that expire before some which they took."""
    return SQL(
        """
        WITH lot AS MATERIALIZED (
            SELECT lot.id, lot.account_id, lot.move_id, lot.expires_on,
                   CASE WHEN lot.remaining = 0 THEN max(used.id) END AS emptied_by
              FROM dcrm_points_lot lot
              JOIN dcrm_points_account account ON account.id = lot.account_id
              LEFT JOIN dcrm_points_use used ON used.lot_id = lot.id
             WHERE account.company_id IN %(companies)s
             GROUP BY lot.id
        ), took AS MATERIALIZED (
            SELECT debit.id, debit.account_id, max(used.id) AS last_use,
                   bool_or(lot.expires_on IS NULL) AS endless,
                   max(lot.expires_on) AS expires_on
              FROM dcrm_points_move debit
              JOIN dcrm_points_use used ON used.debit_id = debit.id
              JOIN lot ON lot.id = used.lot_id
             WHERE debit.kind IN %(free)s
             GROUP BY debit.id
        )
        SELECT DISTINCT took.id
          FROM took
          JOIN lot ON lot.account_id = took.account_id AND lot.move_id < took.id
         WHERE lot.expires_on IS NOT NULL
           AND (took.endless OR lot.expires_on < took.expires_on)
           AND COALESCE(lot.emptied_by > took.last_use, TRUE)
        """,
        companies=company_ids,
        free=FREE,
    )


# -- moves ---------------------------------------------------------------------------


def moves_astray(company_ids) -> SQL:
    """Yield moves of another card, club or company than their account's."""
    return SQL(
        """
        SELECT move.id
          FROM dcrm_points_move move
          JOIN dcrm_points_account account ON account.id = move.account_id
         WHERE (move.company_id IN %(ids)s OR account.company_id IN %(ids)s)
           AND (move.card_id, move.club_id, move.company_id) IS DISTINCT FROM
               (account.card_id, account.club_id, account.company_id)
        """,
        ids=company_ids,
    )


def moves_unlike_kind(company_ids) -> SQL:
    """Yield moves whose numbers are not what moves of their kind have."""
    return SQL(
        """
        SELECT id FROM dcrm_points_move
         WHERE company_id IN %s
           AND NOT CASE kind
               WHEN 'opening' THEN points <> 0 AND pending = 0
               WHEN 'earn' THEN points > 0 AND pending = 0
               WHEN 'import' THEN points > 0 AND pending = 0
               WHEN 'pending' THEN points = 0 AND pending > 0
                                   AND available_on IS NOT NULL
               WHEN 'release' THEN points > 0 AND pending = -points
                                   AND origin_id IS NOT NULL
               WHEN 'redeem' THEN points < 0 AND pending = 0
               WHEN 'expire' THEN points <> 0 AND pending = 0
               WHEN 'adjust' THEN points <> 0 AND pending = 0
                                  AND COALESCE(reason, '') <> ''
               WHEN 'reverse' THEN points <= 0 AND pending <= 0
                                   OR points > 0 AND pending = 0
               ELSE kind = 'transfer' END
        """,
        company_ids,
    )


def moves_reversed_beyond(company_ids) -> SQL:
    """Yield moves of which more was released, taken or given back than there was."""
    return SQL(
        """
        SELECT root.id
          FROM dcrm_points_move root
          JOIN dcrm_points_move later ON later.origin_id = root.id
         WHERE root.company_id IN %s
         GROUP BY root.id
        HAVING root.origin_id IS NOT NULL
            OR bool_or(later.club_id <> root.club_id)
            OR CASE root.kind WHEN 'redeem' THEN
                    root.points + sum(later.points) > 0
                    OR sum(later.points) FILTER (WHERE later.kind = 'reverse') < 0
               ELSE root.points + root.pending + sum(later.points + later.pending) < 0
                    OR root.pending + sum(later.pending) < 0
                    OR sum(later.points) FILTER (WHERE later.kind = 'reverse') > 0
               END
        """,
        company_ids,
    )


def lots_given_back_beyond(company_ids) -> SQL:
    """Yield debits that gave back more of a lot than they took of it."""
    return SQL(
        """
        SELECT DISTINCT given.origin_id
          FROM (
                SELECT origin_id, lot_id, sum(points) AS points
                  FROM dcrm_points_move
                 WHERE kind = 'reverse' AND points > 0 AND company_id IN %s
                   AND origin_id IS NOT NULL
                 GROUP BY origin_id, lot_id
               ) given
          LEFT JOIN (
                SELECT debit_id, lot_id, sum(points) AS points
                  FROM dcrm_points_use GROUP BY debit_id, lot_id
               ) used ON used.debit_id = given.origin_id AND used.lot_id = given.lot_id
         WHERE given.points > COALESCE(used.points, 0)
        """,
        company_ids,
    )
