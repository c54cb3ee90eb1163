"""What the host is left with when its cards lose their ledger."""

from odoo.tools import SQL

# The documents that the host's history knows.
DOCUMENTS = ("sale.order", "pos.order")


def add_history(labels: dict[str, str], uid: int) -> SQL:
    """Tell the host's history what moved since the openings.

    What is reversed makes less of what it reversed, so that the rows of a document
    tell what it issued and used in all.

    :param labels: ``{kind: its name for people}``
    """
    return SQL(
        """
        INSERT INTO loyalty_history (
            card_id, description, issued, used, order_model, order_id,
            create_uid, write_uid, create_date, write_date
        )
        SELECT move.card_id,
               concat_ws(': ', label.name, COALESCE(move.reference, root.reference),
                         NULLIF(move.reason, label.name)),
               CASE WHEN move.kind = 'reverse' THEN LEAST(move.points, 0)
                    ELSE GREATEST(move.points, 0) END,
               CASE WHEN move.kind = 'reverse' THEN LEAST(-move.points, 0)
                    ELSE GREATEST(-move.points, 0) END,
               document.model, document.id,
               move.create_uid, %(uid)s, move.date, move.date
          FROM dcrm_points_move move
          LEFT JOIN dcrm_points_move root ON root.id = move.origin_id
          JOIN (VALUES %(labels)s) label(kind, name) ON label.kind = move.kind
          LEFT JOIN LATERAL (
                SELECT COALESCE(move.res_model, root.res_model) AS model,
                       COALESCE(move.res_id, root.res_id) AS id
                 WHERE COALESCE(move.res_model, root.res_model) IN %(documents)s
               ) document ON TRUE
         WHERE move.points <> 0 AND move.kind <> 'opening'
         ORDER BY move.id
        """,
        uid=uid,
        labels=SQL(", ").join(SQL("(%s, %s)", *item) for item in labels.items()),
        documents=DOCUMENTS,
    )


def settle_accounts(pending: str, owed: str, uid: int) -> SQL:
    """Give cards what is pending, and forgive what is still owed; tell the history.

    The host has neither. On a card below zero it would confirm no order any more that
    earns less than that.

    :param pending: the description of points that were pending
    :param owed: that of what was forgiven
    """
    return SQL(
        """
        WITH settled AS (
            SELECT card_id, balance, pending,
                   GREATEST(balance + pending, 0) - balance - pending AS forgiven
              FROM dcrm_points_account WHERE card_id IS NOT NULL
        ), told AS (
            INSERT INTO loyalty_history (
                card_id, description, issued, used,
                create_uid, write_uid, create_date, write_date
            )
            SELECT card_id, description, points, 0, %(uid)s, %(uid)s,
                   now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
              FROM settled, LATERAL (
                    VALUES (%(pending)s, pending), (%(owed)s, forgiven)
                   ) row(description, points)
             WHERE points <> 0
        )
        UPDATE loyalty_card card
           SET points = settled.balance + settled.pending + settled.forgiven
          FROM settled
         WHERE card.id = settled.card_id
           AND (settled.pending <> 0 OR settled.forgiven <> 0)
        """,
        pending=pending,
        owed=owed,
        uid=uid,
    )


def follow_cards() -> SQL:
    """Have lines of orders name the cards that merged ones have become."""
    return SQL(
        """
        WITH RECURSIVE become AS (
            SELECT card_id, merged_into_id FROM dcrm_points_account
             WHERE merged_into_id IS NOT NULL
             UNION
            SELECT become.card_id, next.merged_into_id
              FROM become JOIN dcrm_points_account next
                ON next.id = become.merged_into_id
             WHERE next.merged_into_id IS NOT NULL
        )
        UPDATE sale_order_line line
           SET coupon_id = living.card_id
          FROM become
          JOIN dcrm_points_account living
            ON living.id = become.merged_into_id AND living.merged_into_id IS NULL
         WHERE line.coupon_id = become.card_id
        """
    )


def forget_order_points() -> SQL:
    """Drop what the host knows of the points that orders brought to our cards."""
    return SQL(
        """
        DELETE FROM sale_order_coupon_points had
         USING dcrm_points_account account, sale_order sold
         WHERE account.card_id = had.coupon_id AND sold.id = had.order_id
           AND sold.state = 'sale'
        """
    )


def add_order_points(uid: int) -> SQL:
    """Tell the host what confirmed orders brought to which card.

    So a later cancellation takes that back and no more.
    """
    return SQL(
        """
        INSERT INTO sale_order_coupon_points (
            order_id, coupon_id, points, create_uid, write_uid, create_date, write_date
        )
        SELECT sold.id, account.card_id, sum(had.points), %(uid)s, %(uid)s,
               now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
          FROM (
                SELECT root.res_id AS order_id, root.club_id,
                       root.points + root.pending
                       + COALESCE(later.points, 0) AS points
                  FROM dcrm_points_move root
                  LEFT JOIN LATERAL (
                        SELECT sum(points + pending) AS points
                          FROM dcrm_points_move WHERE origin_id = root.id
                       ) later ON TRUE
                 WHERE root.res_model = 'sale.order'
                   AND root.kind IN ('earn', 'pending')
                 UNION ALL
                SELECT order_id, club_id, opening_issued FROM dcrm_points_entitlement
                 UNION ALL
                SELECT res_id, club_id, points FROM dcrm_points_move
                 WHERE res_model = 'sale.order' AND kind = 'reverse'
                   AND origin_id IS NULL AND points < 0
               ) had
          JOIN sale_order sold ON sold.id = had.order_id AND sold.state = 'sale'
          JOIN res_partner partner ON partner.id = sold.partner_id
          JOIN dcrm_points_account account
            ON account.club_id = had.club_id
           AND account.partner_id = partner.commercial_partner_id
         GROUP BY sold.id, account.card_id HAVING sum(had.points) > 0
        """,
        uid=uid,
    )
