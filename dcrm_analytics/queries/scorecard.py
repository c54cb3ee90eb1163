"""The scorecard: what is counted by customer and not by document."""

from odoo.tools import SQL


def buyers(purchases: SQL, scores: SQL) -> SQL:
    """Yield ``(value class, how many customers bought)``, a row a class.

    Who has no score among these counts in the row whose class is NULL: all rows
    together are who bought.

    :param purchases: a select of ``partner_id``, as often as it may be
    :param scores: a select of ``partner_id, value_class``, a row a customer
    """
    return SQL(
        """
        SELECT score.value_class, count(*)
          FROM (SELECT DISTINCT partner_id FROM (%s) AS purchase) AS buyer
          LEFT JOIN (%s) AS score ON score.partner_id = buyer.partner_id
         GROUP BY score.value_class
        """,
        purchases,
        scores,
    )
