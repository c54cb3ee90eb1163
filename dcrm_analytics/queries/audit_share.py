"""Who breaks the invariants of kinds of product bought and of customer shares."""

from odoo.tools import SQL


def kinds_unlike_purchases(company_id: int) -> SQL:
    """Kinds that no purchases of their customer can make, but for who waits."""
    return SQL(
        """
        SELECT kind.id
          FROM dcrm_customer_kind kind
          LEFT JOIN LATERAL (
               SELECT count(*) AS purchases,
                      bool_or(date = kind.first_on) AS has_first,
                      bool_or(date = kind.last_on) AS has_last
                 FROM dcrm_purchase purchase
                WHERE purchase.partner_id = kind.partner_id
                  AND purchase.company_id = kind.company_id
               ) AS bought ON TRUE
         WHERE kind.company_id = %(company_id)s
           AND (kind.first_on > kind.last_on OR kind.documents < 1
                OR kind.documents > bought.purchases
                OR has_first IS NOT TRUE OR has_last IS NOT TRUE)
           AND NOT EXISTS (SELECT FROM dcrm_purchase_change waiting
                            WHERE waiting.partner_id = kind.partner_id
                              AND waiting.company_id = kind.company_id)
           AND NOT EXISTS (SELECT FROM dcrm_worth_change waiting
                            WHERE waiting.partner_id = kind.partner_id
                              AND waiting.company_id = kind.company_id)
        """,
        company_id=company_id,
    )


def shares_out_of_range(companies, least: int) -> SQL:
    """Scores whose share is below zero, or an estimate outside of its own spread."""
    return SQL(
        """
        SELECT id FROM dcrm_customer_score
         WHERE company_id IN %s
           AND (share_of_wallet < 0
                OR share_is_estimate AND (share_peers < %s
                   OR share_of_wallet NOT BETWEEN share_low - 1e-9
                                              AND share_high + 1e-9))
        """,
        companies,
        least,
    )
