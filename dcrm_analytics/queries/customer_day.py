"""Days of companies: each has its own today."""

from odoo.tools import SQL

OPERATORS = {"<": SQL("<"), "<=": SQL("<="), ">": SQL(">"), ">=": SQL(">=")}


def days_since(company, date, today) -> SQL:
    """Return the days from a date to the today of the row's company.

    :param SQL company, date: the row's company id and date
    :param dict today: ``{day: company ids}`` that live on that day
    """
    days = SQL(" ").join(
        SQL("WHEN %s IN %s THEN %s::date", company, tuple(company_ids), day)
        for day, company_ids in today.items()
    )
    return SQL("(CASE %s END - %s)", days, date)


def days_between(first, last) -> SQL:
    """Return the days from one date of the row to another.

    :param SQL first, last: of the row, either may be NULL
    """
    return SQL("(%s - %s)", last, first)


def gaps_since(days, gap):
    """Return how many usual gaps the days since the last purchase are.

    :param SQL days, gap: of the row, either may be NULL
    """
    return SQL("(%s / NULLIF(%s, 0))", days, gap)


def compared(figure, operator, value):
    """Return the condition that a figure of the row stands so to a value.

    Who has no such figure does not.
    """
    return SQL("COALESCE(%s %s %s, FALSE)", figure, OPERATORS[operator], value)
