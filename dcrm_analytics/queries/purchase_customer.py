"""Give purchases to another customer: after a merge, or when somebody asks for it."""

from odoo.tools import SQL


def held_by(partner_ids: list[int]) -> SQL:
    """Return ``(id, partner_id, contact_id)`` of what partners bought or stand on."""
    return SQL(
        """
        SELECT id, partner_id, contact_id FROM dcrm_purchase
        WHERE partner_id = ANY(%(ids)s) OR contact_id = ANY(%(ids)s)
        """,
        ids=partner_ids,
    )


def give(purchase_ids: list[int], partner_id: int) -> SQL:
    """Make a partner the customer of purchases."""
    return SQL(
        """
        UPDATE dcrm_purchase
        SET partner_id = %(partner_id)s, write_date = now() AT TIME ZONE 'UTC'
        WHERE id = ANY(%(ids)s) AND partner_id <> %(partner_id)s
        """,
        ids=purchase_ids,
        partner_id=partner_id,
    )


def reassign(contact_ids: list[int], company_ids: list[int]) -> SQL:
    """Move the purchases of contacts to their present commercial partner.

    :return: ``(contact, before, after, purchases)``: ids, and how many moved
    """
    return SQL(
        """
        WITH moved AS (
            SELECT purchase.id, contact.id AS contact, purchase.partner_id AS before,
                contact.commercial_partner_id AS after
            FROM dcrm_purchase purchase
            JOIN res_partner contact
                ON contact.id = COALESCE(purchase.contact_id, purchase.partner_id)
            WHERE (
                purchase.contact_id = ANY(%(ids)s)
                OR purchase.contact_id IS NULL AND purchase.partner_id = ANY(%(ids)s)
            )
            AND purchase.company_id = ANY(%(company_ids)s)
            AND purchase.partner_id <> contact.commercial_partner_id
        ), written AS (
            UPDATE dcrm_purchase purchase
            SET partner_id = moved.after, write_date = now() AT TIME ZONE 'UTC'
            FROM moved WHERE moved.id = purchase.id
        )
        SELECT contact, before, after, count(*) FROM moved
        GROUP BY contact, before, after ORDER BY contact, before
        """,
        ids=contact_ids,
        company_ids=company_ids,
    )
