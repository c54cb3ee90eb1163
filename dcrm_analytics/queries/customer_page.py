"""Whose pages there are, and what hangs on a customer, each in one statement."""

from odoo.tools import SQL

# How many activities still to be done are looked at.
MOST_TO_DO = 20


def customers() -> SQL:
    """Return a row a customer: every partner that is its own commercial partner."""
    return SQL(
        "SELECT id, id AS partner_id, company_id FROM res_partner"
        " WHERE commercial_partner_id = id"
    )


def names(query, level, scheme_id, lang) -> SQL:
    """Return one row of what every colleague may read of the customer in ``query``.

    The names of its country, industry, salesperson, tags and service level, texts or
    NULL; and a list of the numbers of classes of the score's scheme, or NULL.

    :param query: the query on partners of the one customer
    :param SQL level: the service level's id in it
    """
    of = {
        name: SQL.identifier(query.table, name)
        for name in ("id", "country_id", "industry_id", "user_id")
    }
    return query.select(
        SQL(
            "(SELECT %s FROM res_country AS country WHERE country.id = %s)",
            _translated("country", lang),
            of["country_id"],
        ),
        SQL(
            "(SELECT %s FROM res_partner_industry AS industry WHERE industry.id = %s)",
            _translated("industry", lang),
            of["industry_id"],
        ),
        SQL(
            "(SELECT seller.name FROM res_users AS users JOIN res_partner AS seller"
            " ON seller.id = users.partner_id WHERE users.id = %s)",
            of["user_id"],
        ),
        SQL(
            "(SELECT string_agg(%s, ', ' ORDER BY tag.id)"
            " FROM res_partner_res_partner_category_rel AS tagged"
            " JOIN res_partner_category AS tag ON tag.id = tagged.category_id"
            " WHERE tagged.partner_id = %s AND tag.active)",
            _translated("tag", lang),
            of["id"],
        ),
        SQL(
            "(SELECT %s FROM dcrm_service_level AS level WHERE level.id = %s)",
            _translated("level", lang),
            level,
        ),
        SQL(
            "(SELECT ARRAY[recency_classes, frequency_classes, monetary_classes]"
            " FROM dcrm_rfm_scheme WHERE id = %s)",
            scheme_id or None,
        ),
    )


def contacts(partner_id, lang, limit) -> SQL:
    """Return what is to be done and what was done and written with a customer.

    Rows ``(kind, id, at, text, name, body)``, of the partner and its contacts: ``kind``
    is ``todo`` (activities, what is due first coming first), ``done`` (activities) or
    ``written`` (messages that are no notes of ours), each the latest ``limit``. ``at``
    is a naive UTC instant; of activities the beginning of their day.
    """
    return SQL(
        """
        WITH family AS (
            SELECT id FROM res_partner WHERE commercial_partner_id = %(partner_id)s
        ), activity AS (
            SELECT activity.id, activity.active, activity.date_deadline,
                   activity.date_done, doer.name,
                   COALESCE(NULLIF(activity.summary, ''), %(type_name)s) AS text
              FROM mail_activity AS activity
              LEFT JOIN mail_activity_type AS type
                     ON type.id = activity.activity_type_id
              LEFT JOIN res_users AS users ON users.id = activity.user_id
              LEFT JOIN res_partner AS doer ON doer.id = users.partner_id
             WHERE activity.res_model = 'res.partner'
               AND activity.res_id IN (SELECT id FROM family)
        )
        (SELECT 'todo', id, date_deadline::timestamp AS at, text, name, NULL AS body
           FROM activity
          WHERE active
          ORDER BY date_deadline, id
          LIMIT %(to_do)s)
        UNION ALL
        (SELECT 'done', id, date_done::timestamp, text, name, NULL
           FROM activity
          WHERE NOT active AND date_done IS NOT NULL
          ORDER BY date_done DESC, id DESC
          LIMIT %(limit)s)
        UNION ALL
        (SELECT 'written', message.id, message.date, message.subject, author.name,
                left(message.body, 2000)
           FROM mail_message AS message
           LEFT JOIN mail_message_subtype AS subtype ON subtype.id = message.subtype_id
           LEFT JOIN res_partner AS author ON author.id = message.author_id
          WHERE message.model = 'res.partner'
            AND message.res_id IN (SELECT id FROM family)
            AND message.message_type IN ('email', 'email_outgoing', 'comment')
            AND message.is_internal IS NOT TRUE
            AND subtype.internal IS NOT TRUE
          ORDER BY message.date DESC, message.id DESC
          LIMIT %(limit)s)
        """,
        partner_id=partner_id,
        type_name=_translated("type", lang),
        to_do=MOST_TO_DO,
        limit=limit,
    )


def meetings(readable, uid) -> SQL:
    """Return rows ``(id, start, name, location)`` of meetings, the latest one first.

    As the host does, what others keep private is without words: name and location are
    NULL. Whose meeting says nothing of that is as its holder's calendar is.

    :param readable: the query of these meetings, which holds their record rules
    """
    return SQL(
        """
        SELECT event.id, event.start,
               CASE WHEN seen.words THEN event.name END,
               CASE WHEN seen.words THEN event.location END
          FROM %(readable)s AS event
          LEFT JOIN res_users_settings AS settings ON settings.user_id = event.user_id
         CROSS JOIN LATERAL (
               SELECT COALESCE(event.privacy, settings.calendar_default_privacy, '')
                      <> 'private'
                   OR event.user_id = %(uid)s
                   OR EXISTS (
                      SELECT FROM calendar_event_res_partner_rel AS invited
                        JOIN res_users AS users
                          ON users.partner_id = invited.res_partner_id
                       WHERE invited.calendar_event_id = event.id
                         AND users.id = %(uid)s) AS words
         ) AS seen
         ORDER BY event.start DESC, event.id DESC
        """,
        readable=readable.subselect(SQL("%s.*", SQL.identifier(readable.table))),
        uid=uid,
    )


def _translated(alias, lang) -> SQL:
    """Return the translated name of a row, in English where it has no other."""
    name = SQL.identifier(alias, "name")
    return SQL("COALESCE(%s ->> %s, %s ->> 'en_US')", name, lang, name)
