"""Service levels: which one a customer has, who overrides it, and whose changed.

The overrides that were made for a customer come first, in the order of their origins;
without any it is the active level of the value class that the score says.
"""

from odoo.tools import SQL


def join(query, table, customer: SQL, company_id, origins) -> SQL:
    """Join what decides on a customer's level to ``query``; return the level's id.

    Each join meets one row at most, by a unique constraint.

    :param query: the query on partners that the joins are added to
    :param str table: the alias of the partners in it
    :param customer: the commercial partner's id in the query
    :param origins: origins of overrides, the one that wins first
    """

    def left_join(name, joined, condition):
        alias = query.make_alias(table, f"{name}_{company_id}")
        condition = SQL(condition, alias=SQL.identifier(alias), **values)
        query.add_join("LEFT JOIN", alias, joined, condition)
        return SQL.identifier(alias)

    values = {"customer": customer, "company_id": company_id}
    levels = []
    for origin in origins:
        values["origin"] = origin
        override = left_join(
            f"level_{origin}",
            "dcrm_service_level_override",
            "%(alias)s.partner_id = %(customer)s AND %(alias)s.company_id"
            " = %(company_id)s AND %(alias)s.origin = %(origin)s",
        )
        levels.append(SQL("%s.service_level_id", override))
    values["score"] = left_join(
        "level_score",
        "dcrm_customer_score",
        "%(alias)s.partner_id = %(customer)s AND %(alias)s.company_id = %(company_id)s",
    )
    level = left_join(
        "level_class",
        "dcrm_service_level",
        "%(alias)s.value_class = %(score)s.value_class AND %(alias)s.active",
    )
    return SQL("COALESCE(%s, %s.id)", SQL(", ").join(levels), level)


def set_overrides(company_id, origin, levels, reason, uid) -> SQL:
    """Write the overrides of one origin that differ; yield how many did.

    :param levels: dict of partner id to level id, ``None``: no override
    """
    partner_ids = sorted(levels)
    return SQL(
        """
        WITH wanted AS (
            SELECT * FROM unnest(%(partner_ids)s::integer[], %(level_ids)s::integer[])
                AS wanted (partner_id, level_id)
        ),
        cleared AS (
            DELETE FROM dcrm_service_level_override o
             USING wanted w
             WHERE w.level_id IS NULL AND o.partner_id = w.partner_id
               AND o.company_id = %(company_id)s AND o.origin = %(origin)s
            RETURNING 1
        ),
        given AS (
            INSERT INTO dcrm_service_level_override AS o
                   (partner_id, company_id, origin, service_level_id, reason,
                    create_uid, create_date, write_uid, write_date)
            SELECT partner_id, %(company_id)s, %(origin)s, level_id, %(reason)s,
                   %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
              FROM wanted WHERE level_id IS NOT NULL
             ORDER BY partner_id
            ON CONFLICT (partner_id, company_id, origin) DO UPDATE
               SET service_level_id = excluded.service_level_id,
                   reason = excluded.reason, write_uid = excluded.write_uid,
                   write_date = excluded.write_date
             WHERE (o.service_level_id, o.reason) IS DISTINCT FROM
                   (excluded.service_level_id, excluded.reason)
            RETURNING 1
        )
        SELECT (SELECT count(*) FROM cleared) + (SELECT count(*) FROM given)
        """,
        partner_ids=partner_ids,
        level_ids=[levels[partner_id] for partner_id in partner_ids],
        company_id=company_id,
        origin=origin,
        reason=reason,
        uid=uid,
    )


def reclassed(company_id) -> SQL:
    """Yield customers whose level another value class changed in this refresh.

    They are among those that ``queries.score.write`` left in ``dcrm_score_moved``.
    """
    return SQL(
        """
        SELECT r.partner_id
          FROM dcrm_score_moved r
          LEFT JOIN dcrm_service_level was
            ON was.value_class = r.class_before AND was.active
          LEFT JOIN dcrm_service_level now
            ON now.value_class = r.class_now AND now.active
         WHERE was.id IS DISTINCT FROM now.id
           AND NOT EXISTS (SELECT FROM dcrm_service_level_override o
                            WHERE o.partner_id = r.partner_id AND o.company_id = %s)
        """,
        company_id,
    )


def of_classes(classes) -> SQL:
    """Yield (company, customers) of value classes, without those who are overridden."""
    return SQL(
        """
        SELECT s.company_id, array_agg(s.partner_id ORDER BY s.partner_id)
          FROM dcrm_customer_score s
         WHERE s.value_class IN %s
           AND NOT EXISTS (SELECT FROM dcrm_service_level_override o
                            WHERE o.partner_id = s.partner_id
                              AND o.company_id = s.company_id)
         GROUP BY s.company_id
        """,
        tuple(classes),
    )


def merge(source_ids, destination_id) -> SQL:
    """Leave one override a company and origin to partners that are to be merged.

    The destination's own stays, else the best level among the others.
    """
    return SQL(
        """
        DELETE FROM dcrm_service_level_override WHERE id IN (
            SELECT o.id FROM (
                SELECT o.id, row_number() OVER (
                           PARTITION BY o.company_id, o.origin
                           ORDER BY o.partner_id = %(destination_id)s DESC,
                                    l.sequence, l.id, o.id) AS place
                  FROM dcrm_service_level_override o
                  JOIN dcrm_service_level l ON l.id = o.service_level_id
                 WHERE o.partner_id = ANY(%(source_ids)s)
                    OR o.partner_id = %(destination_id)s
            ) o WHERE o.place > 1
        )
        """,
        source_ids=list(source_ids),
        destination_id=destination_id,
    )
