"""What must hold of clubs: each query yields the ids of the records that break it."""

from odoo.tools import SQL


def _priced(company_ids) -> SQL:
    """Yield the membership of each customer and company whose price list counts."""
    return SQL(
        """
        SELECT DISTINCT ON (m.partner_id, m.company_id)
               m.id, m.partner_id, m.company_id, t.pricelist_id
          FROM dcrm_membership m
          JOIN dcrm_club c ON c.id = m.club_id
          JOIN dcrm_club_tier t ON t.id = m.tier_id
         WHERE m.state = 'active' AND t.pricelist_id IS NOT NULL
           AND m.company_id IN %s
         ORDER BY m.partner_id, m.company_id, c.sequence, c.id
        """,
        company_ids,
    )


def lists_unlike_tiers(company_ids) -> SQL:
    """Yield members' price lists that are not those of the tier that counts."""
    return SQL(
        """
        SELECT p.id
          FROM dcrm_member_pricelist p
          LEFT JOIN (%s) m USING (partner_id, company_id)
         WHERE p.company_id IN %s AND p.pricelist_id IS DISTINCT FROM m.pricelist_id
        """,
        _priced(company_ids),
        company_ids,
    )


def memberships_without_list(company_ids) -> SQL:
    """Yield memberships whose tier should price and does not."""
    return SQL(
        """
        SELECT m.id
          FROM (%s) m
          LEFT JOIN dcrm_member_pricelist p USING (partner_id, company_id)
         WHERE p.id IS NULL
        """,
        _priced(company_ids),
    )


def _served(company_ids) -> SQL:
    """Yield the membership of each customer and company whose service level counts."""
    return SQL(
        """
        SELECT DISTINCT ON (m.partner_id, m.company_id)
               m.id, m.partner_id, m.company_id, t.service_level_id
          FROM dcrm_membership m
          JOIN dcrm_club_tier t ON t.id = m.tier_id
          JOIN dcrm_service_level l ON l.id = t.service_level_id
         WHERE m.state = 'active' AND m.company_id IN %s
         ORDER BY m.partner_id, m.company_id, l.sequence, l.id
        """,
        company_ids,
    )


def levels_unlike_tiers(company_ids) -> SQL:
    """Yield service levels by a tier that are not the best of the member's tiers."""
    return SQL(
        """
        SELECT o.id
          FROM dcrm_service_level_override o
          LEFT JOIN (%s) m USING (partner_id, company_id)
         WHERE o.company_id IN %s AND o.origin = 'tier'
           AND o.service_level_id IS DISTINCT FROM m.service_level_id
        """,
        _served(company_ids),
        company_ids,
    )


def memberships_without_level(company_ids) -> SQL:
    """Yield memberships whose tier should say how well is served and does not."""
    return SQL(
        """
        SELECT m.id
          FROM (%s) m
          LEFT JOIN dcrm_service_level_override o
            ON o.partner_id = m.partner_id AND o.company_id = m.company_id
           AND o.origin = 'tier'
         WHERE o.id IS NULL
        """,
        _served(company_ids),
    )


def memberships_astray(company_ids) -> SQL:
    """Yield memberships on a tier of another club, or in another company than it."""
    return SQL(
        """
        SELECT m.id
          FROM dcrm_membership m
          JOIN dcrm_club c ON c.id = m.club_id
          LEFT JOIN dcrm_club_tier t ON t.id = m.tier_id
         WHERE (m.company_id IN %(ids)s OR c.company_id IN %(ids)s)
           AND (t.club_id IS DISTINCT FROM c.id
                OR m.company_id IS DISTINCT FROM c.company_id)
        """,
        ids=company_ids,
    )


def memberships_of_contacts(company_ids) -> SQL:
    """Yield memberships, not ended, of who is no customer but a contact of one."""
    return SQL(
        """
        SELECT m.id
          FROM dcrm_membership m
          JOIN res_partner p ON p.id = m.partner_id
         WHERE m.company_id IN %s AND m.state IN ('applied', 'active')
           AND p.commercial_partner_id <> p.id
        """,
        company_ids,
    )


def memberships_overdue(days) -> SQL:
    """Yield active memberships whose last day was before yesterday.

    :param days: pairs of a company's id and the day that it is there
    """
    return SQL(
        """
        SELECT m.id
          FROM dcrm_membership m
          JOIN (VALUES %s) AS today (company_id, day) USING (company_id)
         WHERE m.state = 'active' AND m.date_end < today.day - 1
        """,
        SQL(", ").join(
            SQL("(%s::integer, %s::date)", company_id, day) for company_id, day in days
        ),
    )
