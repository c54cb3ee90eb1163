"""What segments do on entry and exit: noted as due where stays begin and end."""

from odoo.tools import SQL


def is_any(company_id) -> SQL:
    """Yield one row if a segment does something in the company."""
    return SQL(
        """
        SELECT 1 FROM dcrm_segment_action
         WHERE active AND (company_id IS NULL OR company_id = %s) LIMIT 1
        """,
        company_id,
    )


def returning(statement: SQL, alias) -> SQL:
    """Let a statement that writes stays, under an alias, yield their ids."""
    return SQL("%s RETURNING %s", statement, SQL.identifier(alias, "id"))


def note(stay_ids, event) -> SQL:
    """Note what is due for stays that have just begun (``entry``) or ended (``exit``).

    A surplus stay that ends while another in the segment goes on is no exit.
    """
    return SQL(
        """
        INSERT INTO dcrm_segment_action_log
               (stay_id, action_id, name, partner_id, company_id, segment_id, event,
                kind, state, noted_on)
        SELECT y.id, a.id, a.name, y.partner_id, y.company_id, y.segment_id, a.event,
               a.kind, 'due', now() AT TIME ZONE 'UTC'
          FROM dcrm_segment_stay y
          JOIN dcrm_segment_action a
            ON a.segment_id = y.segment_id AND a.event = %(event)s AND a.active
           AND (a.company_id IS NULL OR a.company_id = y.company_id)
         WHERE y.id = ANY(%(stay_ids)s)
           AND (a.event = 'entry' OR NOT EXISTS (
               SELECT FROM dcrm_segment_stay o
                WHERE o.partner_id = y.partner_id AND o.company_id = y.company_id
                  AND o.segment_id = y.segment_id AND o.left_on IS NULL))
         ORDER BY y.id, a.sequence, a.id
        ON CONFLICT (stay_id, action_id) DO NOTHING
        """,
        event=event,
        stay_ids=list(stay_ids),
    )
