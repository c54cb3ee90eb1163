"""The command line: what may be said, and how failures are told."""

import argparse
import signal
import sys
import traceback

from . import commands, process
from .context import Context
from .errors import SetupError
from .progress import progress
from .serve import PORT

ABOUT = """\
DCRM on a real Odoo 19, from a bare machine.

Odoo, a private PostgreSQL server and the Python packages are fetched once into
a cache folder ($DCRM_CACHE, else ~/.cache/dcrm) and used again afterwards. The
database server listens on no port. Killed processes lose no committed work; a
power cut may: for a company's data use a server of your own (--db-url)."""


def parser() -> argparse.ArgumentParser:
    """All subcommands with their options."""
    common = argparse.ArgumentParser(add_help=False)
    group = common.add_argument_group("common options")
    group.add_argument(
        "--odoo", metavar="PATH", help="use this Odoo 19 (also $DCRM_ODOO)"
    )
    group.add_argument(
        "--db-url",
        metavar="URL",
        help="use this server, postgresql://user:password@host:port/, "
        "rather than the private one",
    )
    group.add_argument(
        "--debug", action="store_true", help="show tracebacks of failures"
    )
    top = argparse.ArgumentParser(
        prog="dcrm",
        description=ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    subs = top.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def add(name: str, help_text: str, detail: str = "", **options):
        sub = subs.add_parser(
            name,
            help=help_text,
            description=f"{help_text[0].upper()}{help_text[1:]}. {detail}".strip(),
            parents=[common],
            **options,
        )
        sub.set_defaults(run=getattr(commands, name))
        return sub

    add_running(add)
    add_checking(add)
    return top


def add_running(add):
    """The commands that make and use databases."""
    demo = add(
        "demo",
        "make and serve a database with a company's purchases scored",
        "Prints the address and the login when the server answers.",
    )
    demo.add_argument(
        "--history", metavar="FILE", help="score this CSV file's purchases instead"
    )
    add_port(demo)
    demo.add_argument(
        "--no-serve", action="store_true", help="make the database and end"
    )
    demo.add_argument("--force", action="store_true", help="make the database anew")

    db = add("db", "create a database with addons installed")
    db.add_argument("name", metavar="NAME")
    db.add_argument(
        "--addons", metavar="A,B", help="these, rather than all of this checkout's"
    )
    db.add_argument("--demo", action="store_true", help="with the addons' demo data")
    db.add_argument("--force", action="store_true", help="replace one of that name")

    shell = add(
        "shell",
        "run a Python file with env in scope, or an interactive shell",
        "What the file does is committed when it ends well and rolled back when it "
        "raises. Standard output is the file's alone.",
    )
    shell.add_argument("--db", metavar="NAME", required=True)
    shell.add_argument("file", metavar="FILE.py", nargs="?")
    shell.add_argument("words", metavar="ARGS", nargs=argparse.REMAINDER)

    serve = add("serve", "serve a database until interrupted")
    serve.add_argument("--db", metavar="NAME", required=True)
    serve.add_argument(
        "--workers",
        type=natural,
        metavar="N",
        default=0,
        help="processes (0, the default: threads in one)",
    )
    add_port(serve)

    add("stop", "stop the servers and the private database server started here")


def add_checking(add):
    """The commands that test, check and measure."""
    test = add(
        "test",
        "run the tests on a fresh copy of a template database",
        "Arguments are pytest's; with paths among them only those are run.",
    )
    test.add_argument(
        "--addons", metavar="A,B", help="have these addons installed as well"
    )
    test.add_argument("words", metavar="PYTEST ARGS", nargs=argparse.REMAINDER)

    lint = add("lint", "check style, structure and licences")
    lint.add_argument("--fix", action="store_true", help="let the formatters write")

    i18n = add(
        "i18n",
        "export the terms to translate and bring the translations up to date",
        "Writes i18n/ADDON.pot and merges it into each i18n/LANG.po, which keeps what "
        "is translated; what a reworded term had is kept as fuzzy. Says what is left.",
    )
    i18n.add_argument("--addons", metavar="A,B", help="of these, rather than of all")
    i18n.add_argument(
        "--languages", metavar="L,M", help="begin these as well, such as nl,zh_CN"
    )

    bench = add(
        "bench",
        "run a benchmark of setup/bench in a database of its own",
        "Without NAME it lists them. Further arguments are the benchmark's.",
    )
    bench.add_argument("name", metavar="NAME", nargs="?")
    bench.add_argument("words", metavar="ARGS", nargs=argparse.REMAINDER)

    audit = add(
        "audit",
        "print the rows that break an invariant",
        "Ends with 1 if there are any.",
    )
    audit.add_argument("--db", metavar="NAME", required=True)


def add_port(sub):
    sub.add_argument(
        "--port", type=natural, default=PORT, metavar="P", help=f"default {PORT}"
    )


def natural(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number")
    return int(text)


def interrupted(number, _frame):
    """Let SIGTERM and SIGHUP end a run as tidily as Ctrl-C does."""
    raise KeyboardInterrupt(signal.Signals(number).name)


def main(argv: list[str]) -> int:
    """Run one command line; returns the exit code."""
    options, rest = parser().parse_known_args(argv)
    if rest:
        if options.command != "test":
            parser().error(f"unrecognized arguments: {' '.join(rest)}")
        options.words = rest + options.words
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupted)
    try:
        return options.run(Context(options.odoo, options.db_url), options) or 0
    except KeyboardInterrupt:
        process.end_all()
        progress.say("dcrm: interrupted; the same command goes on from here.")
        return 130
    except Exception as error:  # whatever it is, no traceback is of use to a user
        process.end_all()
        if options.debug:
            traceback.print_exc()
        progress.say(f"dcrm: {reason(error)}")
        return error.code if isinstance(error, SetupError) else 1
    finally:
        sys.stdout.flush()


def reason(error: Exception) -> str:
    """A failure in one line."""
    if isinstance(error, OSError) and error.errno == 28:
        return "The disk is full: make room, then run the same command again."
    words = " ".join(str(error).split())
    if isinstance(error, (SetupError, OSError)):
        return words
    return f"unexpected {type(error).__name__}: {words} (--debug shows where)"
