"""Import of balances: staged in a temporary table, then posted set-based.

``dcrm_points_row`` holds the rows as read, one a key; ``dcrm_import_customer`` (see the
import of history) whose they are. Both are dropped with the transaction.
"""

from odoo.tools import SQL

ROW_COLUMNS = ("row", "customer", "points", "expires_on", "reference", "key")


def stage() -> SQL:
    """Create the table that the rows are copied into."""
    return SQL(
        """
        DROP TABLE IF EXISTS dcrm_points_row;
        CREATE TEMP TABLE dcrm_points_row (
            row integer, customer text, points numeric(16, 4), expires_on date,
            reference text, key text, asked jsonb, partner_id integer,
            move_id integer, fresh boolean NOT NULL DEFAULT FALSE
        ) ON COMMIT DROP
        """
    )


def copy_rows() -> SQL:
    """Copy rows in CSV, in the order of :data:`ROW_COLUMNS`."""
    return SQL(
        "COPY dcrm_points_row (row, customer, points, expires_on, reference, key)"
        " FROM STDIN WITH (FORMAT csv)"
    )


def stage_customers() -> SQL:
    """Hand the customers on to who matches them with partners."""
    return SQL(
        """
        INSERT INTO dcrm_import_row (row, customer, valid)
        SELECT row, customer, TRUE FROM dcrm_points_row
        """
    )


def take_customers(club_id: int) -> SQL:
    """Note whose the rows are, and what is asked by each."""
    return SQL(
        """
        UPDATE dcrm_points_row staged
           SET partner_id = found.partner_id,
               asked = jsonb_build_object(
                   'club', %s, 'partner', found.partner_id, 'kind', 'import',
                   'points', staged.points::float8, 'expires_on', staged.expires_on
               )
          FROM dcrm_import_customer found
         WHERE found.customer = staged.customer AND found.matches = 1
        """,
        club_id,
    )


def wrong_customers() -> SQL:
    """Yield ``(row, whether several partners match)`` where not exactly one does."""
    return SQL(
        """
        SELECT staged.row, found.matches > 1
          FROM dcrm_points_row staged JOIN dcrm_import_customer found USING (customer)
         WHERE found.matches <> 1 ORDER BY staged.row
        """
    )


def claim(company_id: int, uid: int) -> SQL:
    """Note the rows whose keys are new: they are posted, the others were before.

    Of two imports at once one fails as a serialization failure, and is tried again.
    """
    return SQL(
        """
        WITH claimed AS (
            INSERT INTO dcrm_points_request (
                company_id, key, asked, create_uid, write_uid, create_date, write_date
            )
            SELECT %(company)s, key, asked, %(uid)s, %(uid)s,
                   now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
              FROM dcrm_points_row WHERE partner_id IS NOT NULL ORDER BY key
            ON CONFLICT (company_id, key) DO NOTHING
            RETURNING key
        )
        UPDATE dcrm_points_row staged SET fresh = TRUE
          FROM claimed WHERE claimed.key = staged.key
        """,
        company=company_id,
        uid=uid,
    )


def changed(company_id: int) -> SQL:
    """Yield the rows whose keys are those of other requests."""
    return SQL(
        """
        SELECT staged.row
          FROM dcrm_points_row staged
          JOIN dcrm_points_request known
            ON known.company_id = %s AND known.key = staged.key
         WHERE NOT staged.fresh AND known.asked IS DISTINCT FROM staged.asked
         ORDER BY staged.row
        """,
        company_id,
    )


def new_members(club_id: int) -> SQL:
    """Yield the customers with points to come and without an account."""
    return SQL(
        """
        SELECT DISTINCT partner_id FROM dcrm_points_row staged
         WHERE fresh AND NOT EXISTS (
                SELECT FROM dcrm_points_account account
                 WHERE account.club_id = %s AND account.partner_id = staged.partner_id
               )
         ORDER BY partner_id
        """,
        club_id,
    )


def open_accounts(club_id: int, company_id: int, uid: int, partner_ids) -> SQL:
    """Yield ``(account_id, partner_id)`` of accounts made for customers without one."""
    return SQL(
        """
        INSERT INTO dcrm_points_account (
            club_id, partner_id, company_id, balance, pending, debt,
            create_uid, write_uid, create_date, write_date
        )
        SELECT %(club)s, partner_id, %(company)s, 0, 0, 0, %(uid)s, %(uid)s,
               now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
          FROM unnest(%(partners)s) partner_id ORDER BY partner_id
        ON CONFLICT (partner_id, club_id) DO NOTHING
        RETURNING id, partner_id
        """,
        club=club_id,
        company=company_id,
        uid=uid,
        partners=list(partner_ids),
    )


def accounts(club_id: int) -> SQL:
    """Yield the ids of the accounts on which points come."""
    return SQL(
        """
        SELECT DISTINCT account.id
          FROM dcrm_points_row staged
          JOIN dcrm_points_account account
            ON account.club_id = %s AND account.partner_id = staged.partner_id
         WHERE staged.fresh ORDER BY account.id
        """,
        club_id,
    )


def number_moves() -> SQL:
    """Give the rows that bring points the ids of their moves."""
    return SQL(
        """
        UPDATE dcrm_points_row
           SET move_id = nextval(pg_get_serial_sequence('dcrm_points_move', 'id'))
         WHERE fresh AND points > 0
        """
    )


def add_moves(club_id: int, day, expires_on, reason: str, uid: int) -> SQL:
    """Add the moves of the rows.

    :param expires_on: the last day of points whose rows name none
    """
    return SQL(
        """
        INSERT INTO dcrm_points_move (
            id, account_id, card_id, club_id, company_id, kind, date, day, points,
            pending, expires_on, reference, reason,
            create_uid, write_uid, create_date, write_date
        )
        SELECT staged.move_id, account.id, account.card_id, account.club_id,
               account.company_id, 'import', now() AT TIME ZONE 'UTC', %(day)s,
               staged.points, 0, COALESCE(staged.expires_on, %(expires_on)s::date),
               staged.reference, %(reason)s, %(uid)s, %(uid)s,
               now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
          FROM dcrm_points_row staged
          JOIN dcrm_points_account account
            ON account.club_id = %(club)s AND account.partner_id = staged.partner_id
         WHERE staged.move_id IS NOT NULL
         ORDER BY staged.move_id
        """,
        club=club_id,
        day=day,
        expires_on=expires_on or None,
        reason=reason,
        uid=uid,
    )


def note_moves(company_id: int) -> SQL:
    """Tell the requests which moves they brought."""
    return SQL(
        """
        UPDATE dcrm_points_request request
           SET move_id = staged.move_id,
               answer = jsonb_build_object('move_id', staged.move_id)
          FROM dcrm_points_row staged
         WHERE request.company_id = %s AND request.key = staged.key AND staged.fresh
        """,
        company_id,
    )


def count() -> SQL:
    """Yield ``(rows, customers)``: how many are new."""
    return SQL(
        "SELECT count(*), count(DISTINCT partner_id) FROM dcrm_points_row WHERE fresh"
    )
