"""How a query on partners reaches the score that the current company gives them."""

from odoo.tools import SQL


def join(query, alias, scores, customer):
    """Join the readable ``scores`` to ``query`` as ``alias``, all their columns.

    :param query: the query on partners that the join is added to
    :param str alias: what the joined scores are called in it
    :param scores: the query of the scores of one company that the user may read: the
        join holds its record rules, so that neither sorting nor grouping nor an
        aggregate shows what reading would refuse
    :param SQL customer: the commercial partner's id in ``query``
    """
    query.add_join(
        "LEFT JOIN",
        alias,
        scores.subselect(SQL("%s.*", SQL.identifier(scores.table))),
        SQL("%s = %s", SQL.identifier(alias, "partner_id"), customer),
    )
