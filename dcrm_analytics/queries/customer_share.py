"""Our share of what customers spend: wanted spends → our sales → shares, set by set.

Whose share is to be worked out stands in a temporary table (``dcrm_share_wanted``): a
row a customer and category, with what it spends there a year, known or estimated.
"""

from odoo.tools import SQL

from .customer_kind import lines_of
from .purchase import Scope

SHARES = (
    "share_of_wallet",
    "share_is_estimate",
    "share_low",
    "share_high",
    "share_peers",
)


def group(partner: SQL, score: SQL) -> SQL:
    """The industry and the size of a customer, as two columns.

    Where nobody entered its size, how much it buys from us stands in.
    """
    return SQL(
        "%(partner)s.industry_id AS industry, COALESCE(%(partner)s.customer_size,"
        " 'm' || %(score)s.monetary_class) AS size",
        partner=partner,
        score=score,
    )


def groups_of(company_id: int, partner_ids: list[int]) -> SQL:
    """Yield ``(partner, industry, size)`` of customers."""
    return SQL(
        """
        SELECT partner.id, %(group)s
          FROM res_partner partner
          LEFT JOIN dcrm_customer_score score
            ON score.partner_id = partner.id AND score.company_id = %(company_id)s
         WHERE partner.id = ANY(%(ids)s)
        """,
        group=group(SQL("partner"), SQL("score")),
        company_id=company_id,
        ids=partner_ids,
    )


def want(known, stale: SQL | None) -> SQL:
    """Make the table of spends, with those that are known.

    :param known: lists of equal length: customers, categories, amounts
    """
    return SQL(
        """
        DROP TABLE IF EXISTS pg_temp.dcrm_share_wanted;
        CREATE TEMPORARY TABLE dcrm_share_wanted ON COMMIT DROP AS
        SELECT partner_id, category_id, spend, spend AS low, spend AS high,
               NULL::integer AS peers
          FROM unnest(%s::integer[], %s::integer[], %s::float8[])
               AS known (partner_id, category_id, spend)
         WHERE %s
        """,
        *known,
        SQL("partner_id IN (%s)", stale) if stale else SQL("TRUE"),
    )


def want_estimated(company_id: int, estimates, known_ids, stale: SQL | None) -> SQL:
    """Add the customers of whom only their peers' spend is known.

    :param estimates: list of ``(industry, size, category, peers, low, spend, high)``
    :param known_ids: the customers whose own spend is known
    """
    return SQL(
        """
        INSERT INTO dcrm_share_wanted
        SELECT score.partner_id, estimate.category_id, estimate.spend, estimate.low,
               estimate.high, estimate.peers
          FROM dcrm_customer_score score
          JOIN res_partner partner ON partner.id = score.partner_id
         CROSS JOIN LATERAL (SELECT %(group)s) own
          JOIN (VALUES %(estimates)s) AS estimate
               (industry, size, category_id, peers, low, spend, high)
            ON estimate.industry = own.industry AND estimate.size = own.size
         WHERE score.company_id = %(company_id)s
           AND NOT score.partner_id = ANY(%(known_ids)s) AND %(within)s
        """,
        group=group(SQL("partner"), SQL("score")),
        estimates=SQL(", ").join(
            SQL("(%s, %s, %s, %s, %s::float8, %s::float8, %s::float8)", *row)
            for row in estimates
        ),
        company_id=company_id,
        known_ids=known_ids,
        within=_within(SQL("score"), stale),
    )


def sold(scope: Scope, lines, since, as_of) -> SQL:
    """Select ``partner_id, category_id, sales`` of those wanted, in a stretch of time.

    A category holds those below it.

    :param since: the day before the stretch
    """
    within = SQL(
        "purchase.date > %s AND purchase.date <= %s"
        " AND purchase.partner_id IN (SELECT partner_id FROM dcrm_share_wanted)",
        since,
        as_of,
    )
    return SQL(
        """
        SELECT wanted.partner_id, wanted.category_id, sum(item.amount) AS sales
          FROM (%s) item
          JOIN product_product product ON product.id = item.product_id
          JOIN product_template template ON template.id = product.product_tmpl_id
          JOIN product_category own ON own.id = template.categ_id
          JOIN dcrm_share_wanted wanted ON wanted.partner_id = item.partner_id
          JOIN product_category whole ON whole.id = wanted.category_id
           AND own.parent_path ^@ whole.parent_path
         GROUP BY 1, 2
        """,
        lines_of(scope, lines, within),
    )


def write(company_id: int, sold: SQL, stale: SQL | None) -> SQL:
    """Write the shares that differ; whose spend nobody knows has none.

    Of an estimate the spread is our share if the customer spent as much as its peers'
    upper quartile, and as little as their lower one.
    """
    return SQL(
        """
        ANALYZE dcrm_share_wanted;
        UPDATE dcrm_customer_score score
           SET (%(shares)s) = (%(now)s)
          FROM dcrm_customer_score was
          LEFT JOIN (
               SELECT partner_id, GREATEST(sum(sales), 0) / sum(spend)
                          AS share_of_wallet,
                      bool_or(peers IS NOT NULL) AS share_is_estimate,
                      CASE WHEN min(peers) > 0
                          THEN GREATEST(sum(sales), 0) / sum(high) END AS share_low,
                      CASE WHEN min(peers) > 0
                          THEN GREATEST(sum(sales), 0) / sum(low) END AS share_high,
                      min(peers) AS share_peers
                 FROM (SELECT wanted.*, COALESCE(sold.sales, 0)::float8 AS sales
                         FROM dcrm_share_wanted wanted
                         LEFT JOIN (%(sold)s) sold USING (partner_id, category_id)
                      ) AS spent
                GROUP BY partner_id
               ) AS now ON now.partner_id = was.partner_id
         WHERE score.id = was.id AND was.company_id = %(company_id)s AND %(within)s
           AND (%(was)s) IS DISTINCT FROM (%(now)s)
        """,
        shares=_columns(),
        now=_columns("now"),
        was=_columns("was"),
        sold=sold,
        company_id=company_id,
        within=_within(SQL("was"), stale),
    )


def forget(company_id: int, stale: SQL | None) -> SQL:
    """Take the shares away, where nobody's spend is known any more."""
    return SQL(
        """
        UPDATE dcrm_customer_score score SET (%s) = (NULL, NULL, NULL, NULL, NULL)
         WHERE company_id = %s AND share_of_wallet IS NOT NULL AND %s
        """,
        _columns(),
        company_id,
        _within(SQL("score"), stale),
    )


def _within(table: SQL, stale: SQL | None) -> SQL:
    return SQL("%s.partner_id IN (%s)", table, stale) if stale else SQL("TRUE")


def _columns(table=None) -> SQL:
    return SQL(", ").join(
        SQL.identifier(table, name) if table else SQL.identifier(name)
        for name in SHARES
    )


def listed(partner_ids: list[int]) -> SQL:
    """Select the ids of customers."""
    return SQL("SELECT unnest(%s::integer[])", partner_ids)
