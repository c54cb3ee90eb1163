"""The memberships of one customer, with the names that they go by."""

from odoo.tools import SQL


def memberships(readable, lang) -> SQL:
    """Return rows ``(id, state, date_start, date_end, club, tier)``, active ones first.

    :param readable: the query of these memberships, which holds their record rules
    """
    return SQL(
        """
        SELECT membership.id, membership.state, membership.date_start,
               membership.date_end, %(club)s, %(tier)s
          FROM %(readable)s AS membership
          JOIN dcrm_club AS club ON club.id = membership.club_id
          LEFT JOIN dcrm_club_tier AS tier ON tier.id = membership.tier_id
         ORDER BY membership.state, membership.date_start, membership.id
        """,
        readable=readable.subselect(SQL("%s.*", SQL.identifier(readable.table))),
        club=_translated("club", lang),
        tier=_translated("tier", lang),
    )


def points(readable, lang) -> SQL:
    """Return rows ``(id, club, name of points, balance, pending, debt, last day, points
    that expire then)`` of accounts.

    :param readable: the query of these accounts, which holds their record rules
    """
    return SQL(
        """
        SELECT account.id, %(club)s, %(name)s, account.balance::float8,
               account.pending::float8, account.debt::float8,
               soonest.expires_on, soonest.points::float8
          FROM %(readable)s AS account
          JOIN dcrm_club AS club ON club.id = account.club_id
          JOIN loyalty_program AS program ON program.id = club.program_id
          LEFT JOIN LATERAL (
                SELECT expires_on, sum(remaining) AS points
                  FROM dcrm_points_lot
                 WHERE account_id = account.id AND remaining > 0
                   AND expires_on IS NOT NULL
                 GROUP BY expires_on ORDER BY expires_on LIMIT 1
               ) AS soonest ON TRUE
         ORDER BY club.sequence, account.id
        """,
        readable=readable.subselect(SQL("%s.*", SQL.identifier(readable.table))),
        club=_translated("club", lang),
        name=_translated("program", lang, "portal_point_name"),
    )


def _translated(alias, lang, field="name") -> SQL:
    name = SQL.identifier(alias, field)
    return SQL("COALESCE(%s ->> %s, %s ->> 'en_US')", name, lang, name)
