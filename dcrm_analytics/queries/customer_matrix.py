"""Customers counted on two axes, with what they bring and what is spent on them."""

from odoo.tools import SQL


def cells(scores: SQL, profits: SQL) -> SQL:
    """Yield a row a cell: its row and column class, customers, their purchase value,
    how many of them are in danger, revenue, margin, what was spent on them, profit.

    What was spent is all that the P&L has beyond the goods, as a positive amount.

    :param scores: a select of ``partner_id, row, column, monetary, danger_since``
    :param profits: a select of ``partner_id, revenue, margin, profit``
    """
    return SQL(
        """
        SELECT score."row", score."column", count(*), sum(score.monetary),
               count(score.danger_since), COALESCE(sum(brought.revenue), 0),
               COALESCE(sum(brought.margin), 0),
               COALESCE(sum(brought.margin - brought.profit), 0),
               COALESCE(sum(brought.profit), 0)
          FROM (%s) AS score
          LEFT JOIN (SELECT partner_id, sum(revenue) AS revenue, sum(margin) AS margin,
                            sum(profit) AS profit
                       FROM (%s) AS document GROUP BY partner_id) AS brought
            ON brought.partner_id = score.partner_id
         GROUP BY 1, 2
        """,
        scores,
        profits,
    )


def named(columns: list[SQL], names: list[str]) -> list[SQL]:
    """Return columns under other names."""
    return [
        SQL("%s AS %s", column, SQL.identifier(name))
        for column, name in zip(columns, names, strict=True)
    ]
