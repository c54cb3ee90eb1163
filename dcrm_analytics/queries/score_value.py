"""What value classes go by, where it is not each customer's monetary value.

The temporary table ``dcrm_score_value`` has a row a customer that is scored: its group
and the value by which it is classed, its own or its group's.
"""

from odoo.tools import SQL

from .profit_score import groups


def widen(company_id) -> SQL:
    """Have all of a group scored anew of whom one is: they share a class.

    The groups that the stale are in now, and those that their scores still name.
    """
    return SQL(
        """
        WITH RECURSIVE %(groups)s
        INSERT INTO dcrm_score_stale
        SELECT member.partner_id FROM dcrm_customer_score member
         WHERE member.company_id = %(company_id)s AND member.group_id IN (
               SELECT COALESCE(top.group_id, t.partner_id)
                 FROM dcrm_score_stale t LEFT JOIN top ON top.id = t.partner_id
                UNION
               SELECT score.group_id
                 FROM dcrm_score_stale t
                 JOIN dcrm_customer_score score ON score.partner_id = t.partner_id
                WHERE score.company_id = %(company_id)s
               )
        ON CONFLICT DO NOTHING
        """,
        groups=groups(SQL("SELECT partner_id FROM dcrm_score_stale")),
        company_id=company_id,
    )


def values(company_id, as_of, basis, by_group, stale) -> SQL:
    """Make the table of values of the customers that there are figures of.

    :param basis: ``monetary``, or a column of the P&L
    :param by_group: a customer has the value of all of its group that are scored
    :param stale: the figures are of few
    """
    worth = SQL("SELECT partner_id, monetary AS value FROM dcrm_score_figure")
    if basis != "monetary":
        worth = SQL(
            """
            SELECT partner_id, sum(%s) AS value FROM dcrm_customer_profit
             WHERE company_id = %s AND date <= %s %s GROUP BY partner_id
            """,
            SQL.identifier(basis),
            company_id,
            as_of,
            SQL("AND partner_id IN (SELECT partner_id FROM dcrm_score_stale)")
            if stale
            else SQL(),
        )
    value = SQL("COALESCE(worth.value, 0)")
    if by_group:
        value = SQL("sum(%s) OVER (PARTITION BY %s)", value, _GROUP)
    return SQL(
        """
        DROP TABLE IF EXISTS pg_temp.dcrm_score_value;
        CREATE TEMPORARY TABLE dcrm_score_value ON COMMIT DROP AS
        WITH RECURSIVE worth AS (%(worth)s), %(groups)s
        SELECT f.partner_id, %(group)s AS group_id, %(value)s AS value
          FROM dcrm_score_figure f
          LEFT JOIN worth ON worth.partner_id = f.partner_id
          LEFT JOIN top ON top.id = f.partner_id;
        ANALYZE dcrm_score_value
        """,
        worth=worth,
        groups=groups(SQL("SELECT partner_id FROM dcrm_score_figure")),
        group=_GROUP if by_group else SQL("f.partner_id"),
        value=value,
    )


_GROUP = SQL("COALESCE(top.group_id, f.partner_id)")


def valued() -> SQL:
    """Select what is counted up for the classes: a value a customer, or a group."""
    return SQL("SELECT max(value) AS value FROM dcrm_score_value GROUP BY group_id")
