"""What keeps the points ledger true inside the database, whoever writes to it.

Moves and uses are only ever added. Adding a move moves the account's balance and the
host's card along, and makes a lot of each credit; adding a use takes the points of a
debit from a lot. What follows from the moves (balances, lots, the host's points) can
not be written by itself.
"""

from odoo.tools import SQL

# Debits of these kinds may take more than there is: what is missing is owed.
OWING = ("opening", "reverse", "transfer")

# Moves of these kinds show that the customer is there.
ACTIVITY = ("earn", "pending", "redeem")

# The tables that only grow.
GROWING = ("dcrm_points_move", "dcrm_points_use")

# What only the triggers of moves and uses write, by table.
PROJECTED = {
    "dcrm_points_account": ("balance", "pending", "debt"),
    "dcrm_points_lot": ("move_id", "account_id", "points", "remaining"),
}


def install() -> SQL:
    """Create the functions and triggers, anew where they are."""
    return SQL("\n").join(
        [
            drop(),
            _functions(),
            _agreeing(),
            *(_only_grows(table) for table in GROWING),
            *(_is_projected(table, names) for table, names in PROJECTED.items()),
            _moves(),
            _agrees(),
        ]
    )


def _functions() -> SQL:
    return SQL(
        """
        CREATE FUNCTION dcrm_points_fixed() RETURNS trigger AS $$
        BEGIN
            RAISE EXCEPTION 'Moves of points are never changed or deleted: '
                'reverse them by another move.' USING ERRCODE = 'raise_exception';
        END $$ LANGUAGE plpgsql;

        CREATE FUNCTION dcrm_points_projected() RETURNS trigger AS $$
        BEGIN
            IF TG_OP = 'DELETE' OR pg_trigger_depth() < 2 THEN
                RAISE EXCEPTION 'Balances follow from the moves of points: '
                    'add a move instead.' USING ERRCODE = 'raise_exception';
            END IF;
            RETURN NEW;
        END $$ LANGUAGE plpgsql;

        CREATE FUNCTION dcrm_points_moved() RETURNS trigger AS $$
        BEGIN
            INSERT INTO dcrm_points_lot (
                move_id, account_id, points, remaining, expires_on,
                create_uid, write_uid, create_date, write_date
            )
            SELECT id, account_id, points, points, expires_on,
                   create_uid, create_uid, create_date, create_date
              FROM after WHERE points > 0 ORDER BY id;
            UPDATE dcrm_points_account account
               SET balance = account.balance + moved.points,
                   pending = account.pending + moved.pending,
                   debt = account.debt + moved.debit,
                   last_activity = GREATEST(account.last_activity, moved.activity)
              FROM (
                    SELECT account_id, sum(points) AS points, sum(pending) AS pending,
                           sum(GREATEST(-points, 0)) AS debit,
                           max(day) FILTER (WHERE kind IN %(activity)s) AS activity
                      FROM after GROUP BY account_id
                   ) moved
             WHERE account.id = moved.account_id;
            UPDATE loyalty_card card
               SET points = account.balance
              FROM dcrm_points_account account
             WHERE card.id = account.card_id
               AND account.id IN (SELECT account_id FROM after)
               AND card.points IS DISTINCT FROM account.balance::float8;
            RETURN NULL;
        END $$ LANGUAGE plpgsql;

        CREATE FUNCTION dcrm_points_used() RETURNS trigger AS $$
        BEGIN
            IF EXISTS (
                SELECT FROM after used
                  JOIN dcrm_points_lot lot ON lot.id = used.lot_id
                  JOIN dcrm_points_move debit ON debit.id = used.debit_id
                 WHERE lot.account_id <> debit.account_id OR debit.points >= 0
            ) THEN
                RAISE EXCEPTION 'A debit uses points of its own account only.'
                    USING ERRCODE = 'check_violation';
            END IF;
            IF EXISTS (
                SELECT FROM dcrm_points_use used
                  JOIN dcrm_points_move debit ON debit.id = used.debit_id
                 WHERE debit.id IN (SELECT debit_id FROM after)
                 GROUP BY debit.id HAVING sum(used.points) > -debit.points
            ) THEN
                RAISE EXCEPTION 'A debit uses no more points than it takes.'
                    USING ERRCODE = 'check_violation';
            END IF;
            UPDATE dcrm_points_lot lot
               SET remaining = lot.remaining - used.points
              FROM (SELECT lot_id, sum(points) AS points FROM after GROUP BY 1) used
             WHERE lot.id = used.lot_id;
            UPDATE dcrm_points_account account
               SET debt = account.debt - used.points
              FROM (
                    SELECT debit.account_id, sum(used.points) AS points
                      FROM after used
                      JOIN dcrm_points_move debit ON debit.id = used.debit_id
                     GROUP BY 1
                   ) used
             WHERE account.id = used.account_id;
            RETURN NULL;
        END $$ LANGUAGE plpgsql;

        CREATE FUNCTION dcrm_points_covered() RETURNS trigger AS $$
        DECLARE used numeric;
        BEGIN
            SELECT COALESCE(sum(points), 0) INTO used
              FROM dcrm_points_use WHERE debit_id = NEW.id;
            IF used < -NEW.points THEN
                RAISE EXCEPTION 'Move %% takes %% points and uses %%.',
                    NEW.id, -NEW.points, used USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        END $$ LANGUAGE plpgsql SET enable_seqscan TO off;
        """,
        activity=ACTIVITY,
    )


def _agreeing() -> SQL:
    """Look, at the end of the transaction, whether card, balance and debt agree.

    A new card of a program that is kept comes without points.

    Each row is looked up by its key, whatever the planner thought of the tables when
    they were empty: a session keeps its plans, and many rows come at once.
    """
    return SQL(
        """
        CREATE FUNCTION dcrm_points_agree() RETURNS trigger AS $$
        DECLARE account_id integer := NEW.id;
        BEGIN
            IF TG_TABLE_NAME = 'loyalty_card' THEN
                SELECT id INTO account_id
                  FROM dcrm_points_account WHERE card_id = NEW.id;
            END IF;
            IF EXISTS (
                SELECT FROM dcrm_points_account account
                  JOIN loyalty_card card ON card.id = account.card_id
                 WHERE account.id = account_id
                   AND card.points IS DISTINCT FROM account.balance::float8
            ) THEN
                RAISE EXCEPTION 'The points of a card are kept by their ledger: '
                    'add a move instead.' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        END $$ LANGUAGE plpgsql SET enable_seqscan TO off;

        CREATE FUNCTION dcrm_points_kept() RETURNS trigger AS $$
        BEGIN
            IF EXISTS (SELECT FROM dcrm_club WHERE program_id = NEW.program_id) THEN
                RAISE EXCEPTION 'The points of a card are kept by their ledger: '
                    'make the card without, then add a move.'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        END $$ LANGUAGE plpgsql;

        CREATE FUNCTION dcrm_points_settled() RETURNS trigger AS $$
        BEGIN
            IF EXISTS (
                SELECT FROM dcrm_points_account
                 WHERE id = NEW.id AND debt > 0 AND balance + debt > 0
            ) THEN
                RAISE EXCEPTION 'Account %% owes points and has some: '
                    'work off what is owed.', NEW.id USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        END $$ LANGUAGE plpgsql SET enable_seqscan TO off;
        """
    )


def _only_grows(table: str) -> SQL:
    return SQL(
        """
        CREATE TRIGGER %(name)s BEFORE UPDATE OR DELETE ON %(table)s
            FOR EACH ROW EXECUTE FUNCTION dcrm_points_fixed();
        CREATE TRIGGER %(whole)s BEFORE TRUNCATE ON %(table)s
            FOR EACH STATEMENT EXECUTE FUNCTION dcrm_points_fixed();
        """,
        name=SQL.identifier(f"{table}_fixed"),
        whole=SQL.identifier(f"{table}_whole"),
        table=SQL.identifier(table),
    )


def _is_projected(table: str, names) -> SQL:
    """Let nobody but the triggers write what follows from the moves."""
    return SQL(
        """
        CREATE TRIGGER %(write)s BEFORE UPDATE OF %(columns)s ON %(table)s
            FOR EACH ROW WHEN (%(differs)s)
            EXECUTE FUNCTION dcrm_points_projected();
        CREATE TRIGGER %(add)s BEFORE INSERT ON %(table)s
            FOR EACH ROW WHEN (%(filled)s)
            EXECUTE FUNCTION dcrm_points_projected();
        CREATE TRIGGER %(drop)s BEFORE DELETE ON %(table)s
            FOR EACH ROW WHEN (%(held)s)
            EXECUTE FUNCTION dcrm_points_projected();
        """,
        write=SQL.identifier(f"{table}_write"),
        add=SQL.identifier(f"{table}_add"),
        drop=SQL.identifier(f"{table}_drop"),
        table=SQL.identifier(table),
        columns=SQL(", ").join(map(SQL.identifier, names)),
        differs=SQL(" OR ").join(
            SQL("OLD.%(name)s IS DISTINCT FROM NEW.%(name)s", name=SQL.identifier(name))
            for name in names
        ),
        filled=SQL(" OR ").join(
            SQL("NEW.%s <> 0", SQL.identifier(name)) for name in names
        ),
        held=SQL(" OR ").join(
            SQL("OLD.%s <> 0", SQL.identifier(name)) for name in names
        ),
    )


def _moves() -> SQL:
    return SQL(
        """
        CREATE TRIGGER dcrm_points_move_moved
            AFTER INSERT ON dcrm_points_move REFERENCING NEW TABLE AS after
            FOR EACH STATEMENT EXECUTE FUNCTION dcrm_points_moved();
        CREATE TRIGGER dcrm_points_use_used
            AFTER INSERT ON dcrm_points_use REFERENCING NEW TABLE AS after
            FOR EACH STATEMENT EXECUTE FUNCTION dcrm_points_used();
        CREATE CONSTRAINT TRIGGER dcrm_points_move_covered
            AFTER INSERT ON dcrm_points_move
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
            WHEN (NEW.points < 0 AND NEW.kind NOT IN %(owing)s)
            EXECUTE FUNCTION dcrm_points_covered();
        """,
        owing=OWING,
    )


def _agrees() -> SQL:
    return SQL(
        """
        CREATE CONSTRAINT TRIGGER dcrm_points_card_agree
            AFTER UPDATE OF points ON loyalty_card
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
            WHEN (OLD.points IS DISTINCT FROM NEW.points)
            EXECUTE FUNCTION dcrm_points_agree();
        CREATE TRIGGER dcrm_points_card_kept
            AFTER INSERT ON loyalty_card FOR EACH ROW WHEN (NEW.points <> 0)
            EXECUTE FUNCTION dcrm_points_kept();
        CREATE CONSTRAINT TRIGGER dcrm_points_account_agree
            AFTER INSERT OR UPDATE OF card_id ON dcrm_points_account
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
            EXECUTE FUNCTION dcrm_points_agree();
        CREATE CONSTRAINT TRIGGER dcrm_points_account_settled
            AFTER UPDATE OF balance, debt ON dcrm_points_account
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.debt > 0)
            EXECUTE FUNCTION dcrm_points_settled();
        """
    )


def drop() -> SQL:
    """Drop what :func:`install` created; the triggers go with their functions."""
    return SQL(
        """
        DROP FUNCTION IF EXISTS dcrm_points_fixed() CASCADE;
        DROP FUNCTION IF EXISTS dcrm_points_projected() CASCADE;
        DROP FUNCTION IF EXISTS dcrm_points_moved() CASCADE;
        DROP FUNCTION IF EXISTS dcrm_points_used() CASCADE;
        DROP FUNCTION IF EXISTS dcrm_points_covered() CASCADE;
        DROP FUNCTION IF EXISTS dcrm_points_agree() CASCADE;
        DROP FUNCTION IF EXISTS dcrm_points_kept() CASCADE;
        DROP FUNCTION IF EXISTS dcrm_points_settled() CASCADE;
        """
    )
