from .models.mail_thread_sender import SERVERS
from .models.res_company import SEQUENCE


def uninstall_hook(env):
    """Take back what the host does not: the numbering of companies, and a setting.

    To-dos on customers stay: they are somebody's, whatever promised them.
    """
    env["ir.sequence"].search([("code", "=", SEQUENCE)]).unlink()
    env["ir.config_parameter"].search([("key", "=", SERVERS)]).unlink()
