"""Taking over a program's cards: accounts, and openings of what is on the cards."""

from odoo.tools import SQL


def take(program_id: int, limit: int, card_ids=None) -> SQL:
    """Yield the ids of so many cards without an account, and make them ours.

    They are written, not only locked: a transaction that began before and writes the
    points of one later fails as a serialization failure and is tried again. So does
    the host's rounding noise go, and what is no number of points.
    """
    return SQL(
        """
        WITH next AS MATERIALIZED (
            SELECT id FROM loyalty_card free
             WHERE program_id = %s AND %s AND NOT EXISTS (
                    SELECT FROM dcrm_points_account WHERE card_id = free.id
                   )
             ORDER BY id LIMIT %s FOR UPDATE
        )
        UPDATE loyalty_card card
           SET points = CASE WHEN abs(points) < 1e10
                             THEN round(points::numeric, 4) ELSE 0 END
          FROM next WHERE card.id = next.id
        RETURNING card.id
        """,
        program_id,
        SQL("TRUE") if card_ids is None else SQL("id IN %s", tuple(card_ids)),
        limit,
    )


def cards_of(program_id: int, partner_id: int) -> SQL:
    """Yield the ids of a customer's cards in use that have no account."""
    return SQL(
        """
        SELECT card.id FROM loyalty_card card
          JOIN res_partner partner ON partner.id = card.partner_id
         WHERE card.program_id = %s AND partner.commercial_partner_id = %s
           AND card.active AND NOT EXISTS (
                SELECT FROM dcrm_points_account WHERE card_id = card.id
               )
         ORDER BY card.id
        """,
        program_id,
        partner_id,
    )


def left(program_id: int) -> SQL:
    """Yield how many cards have no account."""
    return SQL(
        """
        SELECT count(*) FROM loyalty_card card
         WHERE program_id = %s AND NOT EXISTS (
                SELECT FROM dcrm_points_account WHERE card_id = card.id
               )
        """,
        program_id,
    )


def open_accounts(club_id: int, company_id: int, uid: int, card_ids) -> SQL:
    """Open an account a card; a customer's is that of its first card in use.

    Further cards of the customer, archived ones and those of nobody have an account of
    nobody. Where another transaction has opened one meanwhile, this one fails as a
    serialization failure.
    """
    return SQL(
        """
        INSERT INTO dcrm_points_account (
            club_id, company_id, card_id, partner_id, balance, pending, debt,
            create_uid, write_uid, create_date, write_date
        )
        SELECT %(club)s, %(company)s, id,
               CASE WHEN nth = 1 AND NOT EXISTS (
                    SELECT FROM dcrm_points_account known
                     WHERE known.club_id = %(club)s AND known.partner_id = customer_id
               ) THEN customer_id END,
               0, 0, 0, %(uid)s, %(uid)s,
               now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
          FROM (
                SELECT card.id, CASE WHEN card.active THEN
                           partner.commercial_partner_id END AS customer_id,
                       row_number() OVER (
                           PARTITION BY card.active, partner.commercial_partner_id
                           ORDER BY card.id
                       ) AS nth
                  FROM loyalty_card card
                  LEFT JOIN res_partner partner ON partner.id = card.partner_id
                 WHERE card.id IN %(cards)s
               ) card
         ORDER BY id
            ON CONFLICT (partner_id, club_id) DO NOTHING
        """,
        club=club_id,
        company=company_id,
        uid=uid,
        cards=tuple(card_ids),
    )


def open_moves(uid: int, day, expires_on, reason: str, card_ids) -> SQL:
    """Add the openings: what is on the cards that have some points."""
    return SQL(
        """
        INSERT INTO dcrm_points_move (
            account_id, card_id, club_id, company_id, kind, date, day, points, pending,
            expires_on, reason, create_uid, write_uid, create_date, write_date
        )
        SELECT account.id, card.id, account.club_id, account.company_id, 'opening',
               now() AT TIME ZONE 'UTC', %(day)s, round(card.points::numeric, 4), 0,
               CASE WHEN card.points > 0 THEN %(expires_on)s::date END, %(reason)s,
               %(uid)s, %(uid)s,
               now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
          FROM dcrm_points_account account
          JOIN loyalty_card card ON card.id = account.card_id
         WHERE card.id IN %(cards)s AND card.points <> 0
         ORDER BY account.id
        """,
        day=day,
        expires_on=expires_on or None,
        reason=reason,
        uid=uid,
        cards=tuple(card_ids),
    )


def duplicates(card_ids) -> SQL:
    """Yield ``(account_id, account_id of the customer)`` of further cards in use."""
    return SQL(
        """
        SELECT account.id, kept.id
          FROM dcrm_points_account account
          JOIN loyalty_card card ON card.id = account.card_id
          JOIN res_partner partner ON partner.id = card.partner_id
          JOIN dcrm_points_account kept
            ON kept.partner_id = partner.commercial_partner_id
           AND kept.club_id = account.club_id
         WHERE account.partner_id IS NULL AND card.active AND card.id IN %s
         ORDER BY account.id
        """,
        tuple(card_ids),
    )


def hand_over(card_ids) -> SQL:
    """Put cards of contacts in the hands of their customers."""
    return SQL(
        """
        UPDATE loyalty_card card SET partner_id = account.partner_id
          FROM dcrm_points_account account
         WHERE account.card_id = card.id AND card.id IN %s
           AND account.partner_id IS DISTINCT FROM card.partner_id
           AND account.partner_id IS NOT NULL
        """,
        tuple(card_ids),
    )
