from .queries import purchase_change


def uninstall_hook(env):
    """Drop what the host does not drop with the tables: our trigger function."""
    env.cr.execute(purchase_change.drop())
