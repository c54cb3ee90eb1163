"""Whose the rows of an import are: partners that match, or that are made for them."""

from odoo.tools import SQL


def stage_customers() -> SQL:
    """Gather the customers that the rows name, matching nobody yet."""
    return SQL(
        """
        ANALYZE dcrm_import_row;
        CREATE TEMP TABLE dcrm_import_customer ON COMMIT DROP AS
        SELECT customer, 0::bigint AS matches,
               NULL::integer AS partner_id, NULL::integer AS contact_id
          FROM dcrm_import_row
         WHERE valid
         GROUP BY customer;
        ANALYZE dcrm_import_customer
        """
    )


def match_by_reference() -> SQL:
    """Tell which partners' reference is the text of a customer."""
    return SQL("partner.ref = staged.customer")


def match_by_email() -> SQL:
    """Tell which partners' e-mail address is the text of a customer."""
    return SQL("partner.email_normalized = lower(staged.customer)")


def match_by_vat() -> SQL:
    """Tell which partners' tax number, however it is punctuated, is that text."""
    vat = _alphanumeric(SQL("partner.vat"))
    customer = _alphanumeric(SQL("staged.customer"))
    return SQL("%s = %s AND length(%s) > 1", vat, customer, vat)


def _alphanumeric(text: SQL) -> SQL:
    return SQL("upper(regexp_replace(%s, '[^[:alnum:]]', '', 'g'))", text)


def match_customers(company_id: int, condition: SQL, active: bool) -> SQL:
    """Match the customers that nobody matched yet with partners.

    Contacts of one commercial partner are one match.
    """
    return _match(
        SQL(
            """
            SELECT staged.customer,
                   min(partner.commercial_partner_id) AS partner_id,
                   coalesce(min(partner.id) FILTER (
                       WHERE partner.id = partner.commercial_partner_id
                   ), min(partner.id)) AS contact_id,
                   count(DISTINCT partner.commercial_partner_id) AS matches
              FROM dcrm_import_customer staged
              JOIN res_partner partner ON %s
             WHERE staged.matches = 0
               AND (partner.company_id = %s OR partner.company_id IS NULL)
               AND partner.active = %s
               AND partner.commercial_partner_id IS NOT NULL
             GROUP BY staged.customer
            """,
            condition,
            company_id,
            active,
        )
    )


def match_remembered(company_id: int) -> SQL:
    """Match the customers that nobody matched yet with whom earlier imports named so.

    So a customer whose reference changed, or that was merged into another, is found.
    """
    return _match(
        SQL(
            """
            SELECT staged.customer, min(known.partner_id) AS partner_id,
                   min(known.contact_id) AS contact_id,
                   count(DISTINCT known.partner_id) AS matches
              FROM dcrm_import_customer staged
              JOIN dcrm_purchase known ON known.import_customer = staged.customer
             WHERE staged.matches = 0 AND known.company_id = %s
             GROUP BY staged.customer
            """,
            company_id,
        )
    )


def _match(found: SQL) -> SQL:
    return SQL(
        """
        UPDATE dcrm_import_customer staged
           SET partner_id = found.partner_id, contact_id = found.contact_id,
               matches = found.matches
          FROM (%s) found
         WHERE staged.customer = found.customer
        """,
        found,
    )


def missing_customers() -> SQL:
    """Yield the customers that have rows to import and that nobody matches."""
    return SQL(
        """
        SELECT DISTINCT staged.customer
          FROM dcrm_import_customer staged
          JOIN dcrm_import_line line USING (customer)
         WHERE line.state = 'new' AND staged.matches = 0
         ORDER BY staged.customer
        """
    )


def partner_twins(first_id: int, second_id: int, own: list[str]) -> SQL:
    """Tell whether two partners' rows differ in nothing but the columns ``own``."""
    return SQL(
        """
        SELECT to_jsonb(one) - %(own)s::text[] = to_jsonb(other) - %(own)s::text[]
          FROM res_partner one, res_partner other
         WHERE one.id = %(first)s AND other.id = %(second)s
        """,
        own=own,
        first=first_id,
        second=second_id,
    )


def copy_partner(partner_id: int, columns: list[str], names: list[str]) -> SQL:
    """Insert customers of these names, in all else as the host made one partner."""
    copied = [SQL.identifier(column) for column in columns]
    return SQL(
        """
        INSERT INTO res_partner
               (id, name, complete_name, ref, commercial_partner_id, %s)
        SELECT fresh.id, fresh.name, fresh.name, fresh.name, fresh.id, %s
          FROM res_partner made, (
               SELECT nextval(pg_get_serial_sequence('res_partner', 'id')) AS id, name
                 FROM unnest(%s::text[]) AS name
               ) fresh
         WHERE made.id = %s
        RETURNING id
        """,
        SQL(", ").join(copied),
        SQL(", ").join(SQL.identifier("made", column) for column in columns),
        names,
        partner_id,
    )


def match_created(partner_ids: list[int]) -> SQL:
    """Match the customers with the partners that were created for them."""
    return SQL(
        """
        UPDATE dcrm_import_customer staged
           SET partner_id = partner.id, contact_id = partner.id, matches = 1
          FROM res_partner partner
         WHERE partner.id = ANY(%s) AND partner.ref = staged.customer
        """,
        partner_ids,
    )
