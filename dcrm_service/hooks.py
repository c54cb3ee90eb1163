from .models.res_company import SEQUENCE


def uninstall_hook(env):
    """Take back what the host does not: the numbering that companies were given."""
    env["ir.sequence"].search([("code", "=", SEQUENCE)]).unlink()
