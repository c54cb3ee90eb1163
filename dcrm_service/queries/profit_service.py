"""What it costs to serve customers: a row an entry of time on a ticket."""

from odoo.tools import SQL


def rows(company_id: int, documents: SQL | None) -> SQL:
    """Return the SELECT of what entries cost, of whose ticket it is now.

    :param documents: only entries with these ids, a subselect in parentheses
    """
    return SQL(
        """
        SELECT entry.id AS res_id, customer.commercial_partner_id AS partner_id,
            entry.date, TRUE AS cost_known, -entry.cost AS service_cost
        FROM dcrm_ticket_time entry
        JOIN dcrm_ticket ticket ON ticket.id = entry.ticket_id
        JOIN res_partner customer ON customer.id = ticket.commercial_partner_id
        WHERE entry.company_id = %s AND entry.cost <> 0 %s
        """,
        company_id,
        SQL("AND entry.id IN %s", documents) if documents else SQL(),
    )


def changed(company_id: int, since, partners: SQL) -> SQL:
    """Changed entries, those of changed tickets, and of who is another customer's.

    :param partners: who may have become another customer's, a subselect in parentheses
    """
    return SQL(
        """
        SELECT id FROM dcrm_ticket_time
            WHERE company_id = %(company_id)s AND write_date >= %(since)s
        UNION ALL
        SELECT entry.id FROM dcrm_ticket ticket
        JOIN dcrm_ticket_time entry ON entry.ticket_id = ticket.id
        WHERE ticket.company_id = %(company_id)s AND (
            ticket.write_date >= %(since)s
            OR ticket.commercial_partner_id IN %(partners)s
        )
        """,
        company_id=company_id,
        since=since,
        partners=partners,
    )
