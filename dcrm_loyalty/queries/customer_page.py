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


def _translated(alias, lang) -> SQL:
    name = SQL.identifier(alias, "name")
    return SQL("COALESCE(%s ->> %s, %s ->> 'en_US')", name, lang, name)
