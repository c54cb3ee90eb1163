"""Who breaks the invariants of rhythm and lifecycle.

The first statement makes the tables of ``queries.worth`` for one company, of all its
customers; those after it compare with the same. Those who wait for a refresh are
excused.
"""

from odoo.tools import SQL

from . import worth
from .audit import columns
from .rhythm import Rules
from .spell import Spells


def scores_unlike_rhythm(rules: Rules) -> SQL:
    """Scores whose rhythm, danger, lifecycle or relation is not what facts yield.

    Makes the tables that the other statements of the company look at.
    """
    return SQL(
        """
        %(gather)s
        SELECT score.id
          FROM (%(scores)s) AS score
          JOIN (%(figured)s) AS figure USING (id)
         WHERE %(settled)s AND (%(old)s) IS DISTINCT FROM (%(new)s)
        """,
        gather=worth.gather(rules, None),
        scores=SQL(
            "SELECT * FROM dcrm_customer_score WHERE company_id = %s", rules.company_id
        ),
        figured=worth.figured(rules, None),
        settled=_is_settled("score", rules.company_id),
        old=columns("score", worth.FIGURES),
        new=columns("figure", worth.FIGURES),
    )


def spells_unlike_facts(rules: Rules, spells: Spells) -> SQL:
    """Spells that the purchases do not yield, or yield otherwise."""
    return SQL(
        """
        SELECT was.id
          FROM %(table)s was
          LEFT JOIN %(found)s now
            ON now.partner_id = was.partner_id AND now.%(key)s = was.%(key)s
         WHERE was.company_id = %(company_id)s AND %(settled)s
           AND (%(old)s) IS DISTINCT FROM (%(new)s)
        """,
        table=SQL.identifier(spells.table),
        found=SQL.identifier(spells.found),
        key=SQL.identifier(spells.key),
        company_id=rules.company_id,
        settled=_is_settled("was", rules.company_id),
        old=columns("was", spells.columns),
        new=columns("now", spells.columns),
    )


def customers_without_spell(rules: Rules, spells: Spells) -> SQL:
    """Customers whose purchases yield a spell that is not there."""
    return SQL(
        """
        SELECT now.partner_id
          FROM %(found)s now
         WHERE %(settled)s
           AND NOT EXISTS (SELECT FROM %(table)s was
                            WHERE was.partner_id = now.partner_id
                              AND was.company_id = %(company_id)s
                              AND was.%(key)s = now.%(key)s)
        """,
        table=SQL.identifier(spells.table),
        found=SQL.identifier(spells.found),
        key=SQL.identifier(spells.key),
        company_id=rules.company_id,
        settled=_is_settled("now", rules.company_id),
    )


def _is_settled(table: str, company_id: int) -> SQL:
    """Whether the customer of a row is not waiting for a refresh."""
    partner = SQL.identifier(table, "partner_id")
    return SQL(" AND ").join(
        SQL(
            """NOT EXISTS (
                SELECT FROM %s waiting
                WHERE waiting.partner_id = %s AND waiting.company_id = %s
            )""",
            SQL.identifier(queue),
            partner,
            company_id,
        )
        for queue in ("dcrm_purchase_change", "dcrm_worth_change")
    )
