"""Days of companies: each has its own today."""

from odoo.tools import SQL


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
