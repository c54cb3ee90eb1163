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


def names(partner_id, level_id, lang) -> SQL:
    """Return one row of names that every colleague may read: the customer's country,
    industry, salesperson and tags (text or NULL), and the service level's.
    """
    return SQL(
        """
        SELECT %(country)s, %(industry)s, seller.name,
               (SELECT string_agg(%(tag)s, ', ' ORDER BY tag.id)
                  FROM res_partner_res_partner_category_rel AS tagged
                  JOIN res_partner_category AS tag ON tag.id = tagged.category_id
                 WHERE tagged.partner_id = partner.id AND tag.active),
               (SELECT %(level)s FROM dcrm_service_level AS level
                 WHERE level.id = %(level_id)s)
          FROM res_partner AS partner
          LEFT JOIN res_country AS country ON country.id = partner.country_id
          LEFT JOIN res_partner_industry AS industry
                 ON industry.id = partner.industry_id
          LEFT JOIN res_users AS users ON users.id = partner.user_id
          LEFT JOIN res_partner AS seller ON seller.id = users.partner_id
         WHERE partner.id = %(partner_id)s
        """,
        country=_translated("country", lang),
        industry=_translated("industry", lang),
        tag=_translated("tag", lang),
        level=_translated("level", lang),
        level_id=level_id,
        partner_id=partner_id,
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


def _translated(alias, lang) -> SQL:
    """Return the translated name of a row, in English where it has no other."""
    name = SQL.identifier(alias, "name")
    return SQL("COALESCE(%s ->> %s, %s ->> 'en_US')", name, lang, name)
