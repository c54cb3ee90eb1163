"""Import of purchase history: staged in temporary tables, then set-based.

``dcrm_import_row`` holds the rows as read, ``dcrm_import_customer`` whose they are,
``dcrm_import_rate`` what their money is worth, ``dcrm_import_line`` each row with its
keys, its value in company currency and what is already known of it, and
``dcrm_import_error`` why rows are refused. All are dropped with the transaction.
"""

from odoo.tools import SQL

ROW_COLUMNS = (
    "row",
    "customer",
    "date",
    "amount",
    "reference",
    "product",
    "quantity",
    "margin",
    "currency",
    "channel",
    "valid",
    "occurrence",
)


def install() -> SQL:
    """Create the table by which imports into the same company exclude each other."""
    return SQL(
        """
        CREATE TABLE IF NOT EXISTS dcrm_purchase_import (
            company_id integer PRIMARY KEY
                REFERENCES res_company ON DELETE CASCADE,
            imported_on timestamp NOT NULL
        )
        """
    )


def drop() -> SQL:
    """Drop what :func:`install` created."""
    return SQL("DROP TABLE IF EXISTS dcrm_purchase_import")


def claim(company_id: int) -> SQL:
    """Let one import at a time write the history of a company.

    A second one waits; what it then knows is older than what the first one wrote, so
    the database makes it fail with a serialization failure, and the host tries again.
    """
    return SQL(
        """
        INSERT INTO dcrm_purchase_import VALUES (%s, now() AT TIME ZONE 'UTC')
        ON CONFLICT (company_id) DO UPDATE SET imported_on = excluded.imported_on
        """,
        company_id,
    )


def stage() -> SQL:
    """Create the table that the rows are copied into."""
    return SQL(
        """
        DROP TABLE IF EXISTS dcrm_import_row, dcrm_import_customer, dcrm_import_rate,
                             dcrm_import_line, dcrm_import_error;
        CREATE TEMP TABLE dcrm_import_row (
            row integer, customer text, date date, amount numeric, reference text,
            product text, quantity numeric, margin numeric, currency text,
            channel text, valid boolean, occurrence integer
        ) ON COMMIT DROP
        """
    )


def copy_rows() -> SQL:
    """Copy rows in CSV, in the order of :data:`ROW_COLUMNS`."""
    return SQL("COPY dcrm_import_row FROM STDIN WITH (FORMAT csv)")


def stage_rates(root_company_id: int, currency_id: int) -> SQL:
    """Find what each currency was worth in the company's at each day.

    ``factor`` is missing where the currency had no rate yet. The company's own currency
    needs none, unless it is kept in rates as the others are.
    """
    return SQL(
        """
        CREATE TEMP TABLE dcrm_import_rate ON COMMIT DROP AS
        SELECT pair.currency, pair.date, currency.id AS currency_id,
               CASE WHEN currency.id = own.id THEN 1 ELSE coalesce(%s, CASE
                   WHEN NOT EXISTS (
                       SELECT FROM res_currency_rate rate
                        WHERE rate.currency_id = own.id AND %s
                   ) THEN 1 END) / %s
               END AS factor
          FROM (
               SELECT DISTINCT currency, date FROM dcrm_import_row WHERE valid
               ) pair
          JOIN res_currency own ON own.id = %s
          LEFT JOIN res_currency currency ON currency.name = pair.currency
        """,
        _rate(SQL("own.id"), root_company_id),
        _of_company(root_company_id),
        _rate(SQL("currency.id"), root_company_id),
        currency_id,
    )


def _of_company(root_company_id: int) -> SQL:
    return SQL("(rate.company_id = %s OR rate.company_id IS NULL)", root_company_id)


def _rate(currency: SQL, root_company_id: int) -> SQL:
    """The rate of a day as the host finds it: the company's before the shared one."""
    return SQL(
        """
        (SELECT rate.rate FROM res_currency_rate rate
          WHERE rate.currency_id = %s AND rate.name <= pair.date AND %s
          ORDER BY rate.company_id, rate.name DESC
          LIMIT 1)
        """,
        currency,
        _of_company(root_company_id),
    )


def stage_lines(company_id: int) -> SQL:
    """Give each row its keys, its value and its state: new, known or refused.

    With a reference, a purchase is its reference and channel, and its rows are told
    apart by what they say. Without, a row is a purchase by what it says.
    """
    return SQL(
        """
        CREATE TEMP TABLE dcrm_import_line ON COMMIT DROP AS
        WITH keyed AS MATERIALIZED (
            SELECT *,
                   CASE WHEN reference IS NULL THEN %(purchase)s ELSE %(document)s
                   END AS import_key,
                   CASE WHEN reference IS NOT NULL AND valid THEN %(line)s
                   END AS line_key
              FROM dcrm_import_row
        )
        SELECT keyed.row, keyed.customer, keyed.date, keyed.reference, keyed.channel,
               keyed.product, keyed.quantity, keyed.import_key, keyed.line_key,
               keyed.amount * rate.factor AS amount,
               keyed.margin * rate.factor AS margin,
               rate.currency_id, rate.factor, purchase.id AS purchase_id,
               CASE WHEN NOT keyed.valid THEN 'refused'
                    WHEN purchase.id IS NULL THEN 'new'
                    WHEN keyed.reference IS NULL OR line.id IS NOT NULL THEN 'known'
                    ELSE 'new' END AS state
          FROM keyed
          LEFT JOIN dcrm_import_rate rate USING (currency, date)
          LEFT JOIN dcrm_purchase purchase
            ON purchase.company_id = %(company)s
           AND purchase.import_key = keyed.import_key
          LEFT JOIN dcrm_purchase_line line
            ON line.purchase_id = purchase.id AND line.import_key = keyed.line_key;
        ANALYZE dcrm_import_line
        """,
        purchase=_key(
            "customer", "date", "amount", "currency", "channel", "occurrence"
        ),
        document=_key("reference", "channel"),
        line=_key(
            "customer",
            "date",
            "amount",
            "currency",
            "product",
            "quantity",
            "margin",
            "occurrence",
        ),
        company=company_id,
    )


def _key(*columns: str) -> SQL:
    """Hash columns; their number keeps keys of different kinds apart."""
    texts = [
        # However a number is written, it is the same number.
        SQL("coalesce(trim_scale(%s)::text, '')", SQL.identifier(column))
        if column in {"amount", "quantity", "margin"}
        else SQL("coalesce(%s::text, '')", SQL.identifier(column))
        for column in columns
    ]
    text = SQL(" || chr(31) || ").join(texts)
    return SQL("left(encode(sha256(convert_to(%s, 'UTF8')), 'hex'), 32)", text)


def find_errors() -> SQL:
    """Refuse the new rows whose customer or money cannot be told."""
    return SQL(
        """
        CREATE TEMP TABLE dcrm_import_error ON COMMIT DROP AS
        SELECT line.row, 'customer' AS "column", 'several' AS reason
          FROM dcrm_import_line line
          JOIN dcrm_import_customer staged USING (customer)
         WHERE line.state = 'new' AND staged.matches > 1
         UNION ALL
        SELECT row, 'currency',
               CASE WHEN currency_id IS NULL THEN 'unknown_currency' ELSE 'no_rate' END
          FROM dcrm_import_line
         WHERE state = 'new' AND factor IS NULL
        """
    )


def find_conflicts() -> SQL:
    """Refuse the new rows that contradict each other or what was imported earlier.

    One reference is one customer's. What a later file adds to a purchase is believed
    where that file repeats all of the purchase, or where rows of it were refused;
    otherwise it may as well be a correction, which added would count twice.
    """
    return SQL(
        """
        INSERT INTO dcrm_import_error
        WITH line AS (
            SELECT line.row, line.customer, line.import_key, line.purchase_id,
                   line.state, staged.partner_id,
                   coalesce(staged.partner_id::text, '=' || line.customer) AS whose
              FROM dcrm_import_line line
              JOIN dcrm_import_customer staged USING (customer)
             WHERE line.state IN ('new', 'known') AND line.reference IS NOT NULL
        ), shared AS (
            SELECT import_key FROM line
             WHERE purchase_id IS NULL
             GROUP BY import_key HAVING min(whose) <> max(whose)
        ), changed AS (
            SELECT line.purchase_id FROM line
              JOIN dcrm_purchase purchase ON purchase.id = line.purchase_id
             WHERE purchase.import_incomplete IS NOT TRUE
             GROUP BY line.purchase_id
            HAVING count(*) FILTER (WHERE line.state = 'known') < count(*)
               AND count(*) FILTER (WHERE line.state = 'known') < (
                   SELECT count(*) FROM dcrm_purchase_line imported
                    WHERE imported.purchase_id = line.purchase_id)
        )
        SELECT line.row, 'reference',
               CASE WHEN shared.import_key IS NOT NULL THEN 'two_customers'
                    WHEN another.id IS NOT NULL THEN 'earlier_customer'
                    ELSE 'changed' END
          FROM line
          LEFT JOIN shared USING (import_key)
          LEFT JOIN changed USING (purchase_id)
          LEFT JOIN dcrm_purchase another
            ON another.id = line.purchase_id
           AND another.partner_id IS DISTINCT FROM line.partner_id
           AND another.import_customer IS DISTINCT FROM line.customer
         WHERE line.state = 'new'
           AND num_nonnulls(shared.import_key, another.id, changed.purchase_id) > 0
        """
    )


def mark_errors(state: str) -> SQL:
    """Put the new rows that have an error into a state: refused, or conflict."""
    return SQL(
        """
        UPDATE dcrm_import_line line SET state = %s
          FROM dcrm_import_error error
         WHERE error.row = line.row AND line.state = 'new'
        """,
        state,
    )


def errors() -> SQL:
    """Yield row, column and reason code of what was refused here."""
    return SQL('SELECT row, "column", reason FROM dcrm_import_error ORDER BY row')
