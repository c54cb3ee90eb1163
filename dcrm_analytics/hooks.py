from .queries import (
    profit_change,
    purchase_change,
    purchase_import,
    receivable,
    worth_change,
)


def uninstall_hook(env):
    """Drop what the host does not drop with the tables: what we made by SQL."""
    env.cr.execute(purchase_change.drop())
    env.cr.execute(purchase_import.drop())
    env.cr.execute(worth_change.drop())
    env.cr.execute(profit_change.drop())
    env.cr.execute(receivable.drop())
