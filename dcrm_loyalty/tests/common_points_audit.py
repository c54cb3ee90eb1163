"""How tests break what the database guards: with triggers and constraints off."""

from odoo.tools import SQL

TABLES = ("account", "lot", "move", "use")


class Breaking:
    """Goes around what guards the ledger, and asks what the audit tells of it."""

    def assertBroken(self, invariant, records):
        """The audit tells of these records, as the one who breaks the invariant."""
        self.env.flush_all()
        found = [
            violation
            for violation in self.env["dcrm.audit"].run()
            if violation["invariant"] == invariant
            and violation["model"] == records._name
        ]
        self.assertEqual([each["ids"] for each in found], [sorted(records.ids)])
        self.assertIn(str(len(records)), found[0]["message"])

    def settle(self):
        """Have the database check now what it checks when the transaction ends."""
        self.env.flush_all()
        self.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")
        self.cr.execute("SET CONSTRAINTS ALL DEFERRED")

    def unguarded(self, statement, *values):
        """Do by SQL what the database lets nobody do, with nothing that guards it."""
        self.settle()
        self.guard(SQL("DISABLE"))
        self.cr.execute(statement, values or None)
        self.settle()
        self.guard(SQL("ENABLE"))
        self.env.invalidate_all()

    def guard(self, how):
        """Switch off or on what guards the tables of points."""
        for table in ("loyalty_card", *(f"dcrm_points_{name}" for name in TABLES)):
            self.cr.execute(
                SQL("ALTER TABLE %s %s TRIGGER USER", SQL.identifier(table), how)
            )

    def put(self, records, **values):
        """Write by SQL what only the database writes, or nobody."""
        self.unconstrain(records._table)
        self.unguarded(
            SQL(
                "UPDATE %s SET %s WHERE id = ANY(%s)",
                SQL.identifier(records._table),
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value)
                    for name, value in values.items()
                ),
                records.ids,
            )
        )

    def unconstrain(self, table):
        """Drop the checks of a table until the test ends."""
        self.settle()
        self.cr.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass"
            " AND contype = 'c'",
            [table],
        )
        for [name] in self.cr.fetchall():
            self.cr.execute(
                SQL(
                    "ALTER TABLE %s DROP CONSTRAINT %s",
                    SQL.identifier(table),
                    SQL.identifier(name),
                )
            )

    def add_move(self, account, kind, points, pending=0, **values):
        """Add a move of an account by SQL from which nothing follows."""
        self.unconstrain("dcrm_points_move")
        values = {
            "account_id": account.id,
            "card_id": account.card_id.id,
            "club_id": account.club_id.id,
            "company_id": account.company_id.id,
            "kind": kind,
            "date": "2026-01-01",
            "day": "2026-01-01",
            "points": points,
            "pending": pending,
            **values,
        }
        self.unguarded(
            SQL(
                "INSERT INTO dcrm_points_move (%s) VALUES (%s)",
                SQL(", ").join(map(SQL.identifier, values)),
                SQL(", ").join(SQL("%s", value) for value in values.values()),
            )
        )
        return self.env["dcrm.points.move"].search([], order="id desc", limit=1)

    def add_use(self, debit, lot, points):
        self.unguarded(
            "INSERT INTO dcrm_points_use (debit_id, lot_id, points)"
            " VALUES (%s, %s, %s)",
            debit.id,
            lot.id,
            points,
        )
