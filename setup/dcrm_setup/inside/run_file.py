"""Run a Python file with ``env`` in scope: ``run_file.py CONF DB FILE [ARGS…]``.

What the file does is committed when it ends well and rolled back when it does
not. Standard output is the file's alone: the host's goes to standard error.
"""

import os
import sys

_spoken = os.dup(1)  # before the host is imported: it may print
os.dup2(2, 1)

import odoo  # noqa: E402
from odoo.api import SUPERUSER_ID, Environment  # noqa: E402
from odoo.modules.registry import Registry  # noqa: E402
from odoo.tools import config  # noqa: E402


def prepared(conf, database):
    """The registry of ``database``, loaded as the server would."""
    words = ["-c", conf, "-d", database, "--no-http", "--max-cron-threads=0"]
    config.parse_config(words, setup_logging=True)
    return Registry(database)


def run(env, path, arguments):
    """Run the file as ``python path arguments`` would, with ``env`` at hand."""
    with open(path, "rb") as source:
        code = compile(source.read(), path, "exec")
    sys.argv = [path, *arguments]
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    scope = {"__name__": "__main__", "__file__": path, "env": env, "odoo": odoo}
    exec(code, scope)


def ended_well(error):
    """Whether a SystemExit is the ``sys.exit()`` of a file that is content."""
    return isinstance(error, SystemExit) and not error.code


def main(conf, database, path, *arguments):
    registry = prepared(conf, database)
    with registry.cursor() as cr:
        context = Environment(cr, SUPERUSER_ID, {})["res.users"].context_get()
        env = Environment(cr, SUPERUSER_ID, context)
        sys.stdout.flush()
        os.dup2(_spoken, 1)
        try:
            run(env, path, arguments)
            env.flush_all()
            sys.stdout.flush()
        except BaseException as error:
            if not ended_well(error):
                cr.rollback()
                raise
            env.flush_all()
        cr.commit()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
