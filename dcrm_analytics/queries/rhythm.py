"""The rhythm of customers, set-based: purchase days → silences → spells in danger.

Each step is a select over the one before, so that a refresh keeps them in temporary
tables and a replay or an audit reads them as they are. The arithmetic is that of
``compute.rhythm``; the definitions are told there.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from odoo.tools import SQL


@dataclass(frozen=True)
class Rules:
    """By which rules customers of a company are in danger, lost or loyal on a day.

    :param latest: of how many gaps, the latest, the usual one is the median
    :param after: how many usual gaps of silence are danger
    :param silence: how many days of it danger takes at least
    :param least: on how many days a customer must have bought to have a usual gap
    :param lost_after: days of silence after which a customer is lost
    :param loyal_after: days between first and last purchase of a loyal customer
    :param loyal_from: the least share of its spending, in per cent, where known
    :param profitable_from: what the profit of a profitable customer is greater than
    """

    company_id: int
    as_of: date
    latest: int
    after: Decimal
    silence: int
    least: int
    lost_after: int
    loyal_after: int
    loyal_from: Decimal
    profitable_from: Decimal

    @property
    def stamp(self) -> str:
        """Return what figures must be worked out anew for when it changes."""
        rules = (
            *(self.latest, self.after, self.silence, self.least, self.lost_after),
            *(self.loyal_after, self.loyal_from, self.profitable_from),
        )
        return " ".join(map(str, rules))


def days(rules: Rules, stale: SQL | None = None) -> SQL:
    """Select the days on which customers bought, each once.

    Yields ``partner_id, day, number`` (counted from 1), ``gap`` (days since the one
    before) and ``until`` (the next one).

    :param stale: a select of the ids of the customers to look at; default: all
    """
    return SQL(
        """
        SELECT partner_id, date AS day,
               row_number() OVER of_customer AS number,
               date - lag(date) OVER of_customer AS gap,
               lead(date) OVER of_customer AS until
          FROM (SELECT DISTINCT partner_id, date
                  FROM dcrm_purchase
                 WHERE company_id = %s AND date <= %s AND amount > 0 AND %s) AS bought
        WINDOW of_customer AS (PARTITION BY partner_id ORDER BY date)
        """,
        rules.company_id,
        rules.as_of,
        SQL("partner_id IN (%s)", stale) if stale else SQL("TRUE"),
    )


def silences(rules: Rules, days: SQL) -> SQL:
    """Select what follows the days on which customers bought, as far as it matters.

    That is the present silence of each customer, and each of the past that may have
    been danger: one shorter than danger takes at least, or than the least gap before
    it, cannot. Yields ``partner_id, silent_since, until`` (the next purchase), ``gap``
    (the usual one, empty while there are too few days), ``danger_on`` and ``lost_on``
    (the days that would come without a purchase).
    """
    return SQL(
        """
        SELECT partner_id, day AS silent_since, until, usual.gap,
               day + %(lost_after)s AS lost_on,
               CASE WHEN usual.gap IS NOT NULL THEN day + GREATEST(
                   ceil(%(after)s * usual.gap::numeric)::integer, %(silence)s
               ) END AS danger_on
          FROM (SELECT partner_id, day, number, until,
                       min(gap) OVER lately AS least_gap,
                       array_agg(gap) OVER lately AS gaps
                  FROM %(days)s AS day
                WINDOW lately AS (PARTITION BY partner_id ORDER BY day
                                  ROWS %(before)s PRECEDING)) AS day
         CROSS JOIN LATERAL (
               SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) AS gap
                 FROM unnest(gaps) AS gap
                WHERE number >= %(least)s
               ) AS usual
         WHERE until IS NULL
            OR number >= %(least)s AND until - day > %(silence)s
               AND until - day > %(after)s * least_gap
        """,
        days=days,
        before=rules.latest - 1,
        least=rules.least,
        lost_after=rules.lost_after,
        after=rules.after,
        silence=rules.silence,
    )


def dangers(rules: Rules, silences: SQL) -> SQL:
    """Select the spells in danger: the columns of ``dcrm.customer.danger``."""
    return SQL(
        """
        SELECT partner_id, silent_since, danger_on AS entered_on,
               CASE WHEN until <= lost_on THEN until
                    WHEN lost_on <= %(as_of)s THEN lost_on END AS left_on,
               gap AS purchase_gap,
               CASE WHEN until <= lost_on THEN 'bought'
                    WHEN lost_on <= %(as_of)s THEN 'lost' END AS outcome
          FROM %(silences)s AS silence
         WHERE danger_on <= %(as_of)s
           AND danger_on < LEAST(until, lost_on)
        """,
        silences=silences,
        as_of=rules.as_of,
    )
