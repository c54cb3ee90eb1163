"""Write what an import has that is new, and count it."""

from odoo.tools import SQL


def insert_purchases(company_id: int, rounding: float) -> SQL:
    """Write the purchases that are new, rounded once each."""
    return SQL(
        """
        INSERT INTO dcrm_purchase (
            partner_id, contact_id, company_id, date, amount, margin, margin_known,
            source, reference, channel, import_key, import_customer,
            create_date, write_date)
        SELECT min(staged.partner_id), min(staged.contact_id), %(company)s,
               min(line.date), %(amount)s, %(margin)s,
               bool_and(line.margin IS NOT NULL),
               'import', min(line.reference), min(line.channel), line.import_key,
               min(line.customer),
               now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
          FROM dcrm_import_line line
          JOIN dcrm_import_customer staged USING (customer)
         WHERE line.state = 'new' AND line.purchase_id IS NULL
         GROUP BY line.import_key
         ORDER BY min(line.row)
        """,
        company=company_id,
        **_totals(rounding),
    )


def insert_lines(company_id: int) -> SQL:
    """Write the lines that are new, unrounded, with the product that they name.

    A row without reference, product and quantity says no more than its purchase.
    """
    return SQL(
        """
        INSERT INTO dcrm_purchase_line (
            purchase_id, company_id, product, product_id, quantity, amount, margin,
            import_key, create_date, write_date)
        SELECT purchase.id, %(company)s, line.product, product.id, line.quantity,
               line.amount, line.margin, line.line_key,
               now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
          FROM dcrm_import_line line
          JOIN dcrm_purchase purchase
            ON purchase.company_id = %(company)s
           AND purchase.import_key = line.import_key
          LEFT JOIN (%(products)s) product USING (product)
         WHERE line.state = 'new'
           AND num_nonnulls(line.reference, line.product, line.quantity) > 0
         ORDER BY line.row
        """,
        company=company_id,
        products=_products(company_id),
    )


def _products(company_id: int) -> SQL:
    """Find the one product of each name, by internal reference or barcode."""
    return SQL(
        """
        SELECT named.product, min(variant.id) AS id
          FROM (
               SELECT DISTINCT product FROM dcrm_import_line
                WHERE state = 'new' AND product IS NOT NULL
               ) named
          JOIN (
               SELECT id, product_tmpl_id, default_code AS code FROM product_product
                UNION
               SELECT id, product_tmpl_id, barcode FROM product_product
               ) variant ON variant.code = named.product
          JOIN product_template template ON template.id = variant.product_tmpl_id
         WHERE template.company_id = %s OR template.company_id IS NULL
         GROUP BY named.product HAVING count(*) = 1
        """,
        company_id,
    )


def update_grown(rounding: float) -> SQL:
    """Total the purchases again that got further lines."""
    return SQL(
        """
        UPDATE dcrm_purchase purchase
           SET date = least(purchase.date, grown.date), amount = total.amount,
               margin = total.margin, margin_known = total.margin_known,
               write_date = now() AT TIME ZONE 'UTC'
          FROM (
               SELECT purchase_id, min(date) AS date FROM dcrm_import_line
                WHERE state = 'new' AND purchase_id IS NOT NULL
                GROUP BY purchase_id
               ) grown
          CROSS JOIN LATERAL (
               SELECT %(amount)s AS amount, %(margin)s AS margin,
                      bool_and(line.margin IS NOT NULL) AS margin_known
                 FROM dcrm_purchase_line line
                WHERE line.purchase_id = grown.purchase_id
               ) total
         WHERE purchase.id = grown.purchase_id
        """,
        **_totals(rounding),
    )


def _totals(rounding: float) -> dict:
    """The totals of lines named ``line``, rounded half away from zero as the host."""
    return {
        "amount": _rounded(SQL("sum(line.amount)"), rounding),
        "margin": SQL(
            "CASE WHEN bool_and(line.margin IS NOT NULL) THEN %s END",
            _rounded(SQL("sum(line.margin)"), rounding),
        ),
    }


def _rounded(value: SQL, rounding: float) -> SQL:
    step = SQL("%s::numeric", str(rounding))
    return SQL("round(%s / %s) * %s", value, step, step)


def mark_incomplete(company_id: int) -> SQL:
    """Remember which purchases lack refused rows: later files may add them.

    Not where rows conflict with what was imported: these would be let in next time.
    """
    return SQL(
        """
        UPDATE dcrm_purchase purchase SET import_incomplete = TRUE
          FROM (
               SELECT import_key FROM dcrm_import_line
                WHERE reference IS NOT NULL
                GROUP BY import_key
               HAVING bool_or(state = 'refused') AND NOT bool_or(state = 'conflict')
               ) refused
         WHERE purchase.company_id = %s AND purchase.import_key = refused.import_key
           AND purchase.import_incomplete IS NOT TRUE
        """,
        company_id,
    )


def count_accepted() -> SQL:
    """Yield how many rows are new, and of how many customers."""
    return SQL(
        """
        SELECT count(*), count(DISTINCT staged.partner_id)
          FROM dcrm_import_line line
          JOIN dcrm_import_customer staged USING (customer)
         WHERE line.state = 'new'
        """
    )
