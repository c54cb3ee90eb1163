"""When each customer was last in contact, from the interactions that the user sees.

``interactions`` is the query of these: it holds their record rules, so that neither
sorting nor searching nor an average shows what reading would refuse.
"""

from odoo.tools import SQL

OPERATORS = {"<": SQL("<"), "<=": SQL("<="), ">": SQL(">"), ">=": SQL(">=")}


def _seen(interactions) -> SQL:
    """Return the readable interactions as a table of customer and instant."""
    return interactions.subselect(
        SQL(
            "%s AS customer_id",
            SQL.identifier(interactions.table, "commercial_partner_id"),
        ),
        SQL("%s AS date", SQL.identifier(interactions.table, "date")),
    )


def customers(interactions, conditions=()) -> SQL:
    """Return the ids of the customers whose last contact fulfils all conditions.

    :param conditions: pairs of one of ``< <= > >=`` and a naive UTC instant
    """
    having = [
        SQL("max(seen.date) %s %s", OPERATORS[operator], moment)
        for operator, moment in conditions
    ]
    return SQL(
        "(SELECT seen.customer_id FROM %s AS seen GROUP BY 1%s)",
        _seen(interactions),
        SQL(" HAVING %s", SQL(" AND ").join(having)) if having else SQL(),
    )


def join(query, alias, interactions, customer):
    """Join the customers' last contact to ``query`` as ``alias.last_contact``.

    :param SQL customer: the commercial partner's id in ``query``
    """
    query.add_join(
        "LEFT JOIN",
        alias,
        SQL(
            "(SELECT seen.customer_id, max(seen.date) AS last_contact"
            " FROM %s AS seen GROUP BY 1)",
            _seen(interactions),
        ),
        SQL("%s = %s", SQL.identifier(alias, "customer_id"), customer),
    )


def silent_days(last_contact, today, zone) -> SQL:
    """Return the days from an instant's day in a time zone to today, at least 0.

    :param SQL last_contact: a naive UTC instant
    :param today: the ``date`` that it is in the zone
    :param str zone: a time zone's name
    """
    return SQL(
        "CASE WHEN %(last)s IS NOT NULL THEN GREATEST(0,"
        " %(today)s::date - (%(last)s AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date)"
        " END",
        today=today,
        last=last_contact,
        zone=zone,
    )
