"""The project's pytest plugin.

A browser test that is skipped has failed: the host skips its browser tests where it
finds no browser, and a run without them would look complete. Where several processes
share the tests, each has the database that was made for it.
"""

import os
import re

import pytest

from odoo.tests.common import HttpCase

MISSING = re.compile(r"chrom|browser|websocket|wkhtmltopdf", re.IGNORECASE)


# Set where the tests were chosen because all that they need is there.
NO_SKIPS = bool(os.environ.get("DCRM_NO_SKIPS"))


def may_not_be_skipped(item, reason):
    owner = getattr(item, "cls", None)
    is_browser_test = bool(owner and issubclass(owner, HttpCase))
    return NO_SKIPS or is_browser_test or bool(MISSING.search(reason))


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_cmdline_main(config):
    """Before the host is told of a database, which it is once a process.

    pytest-odoo would make a copy for each process, but names it in a way that the
    host's tests don't take; it does so where the variable is set.
    """
    worker = os.environ.pop("PYTEST_XDIST_WORKER", None)
    if worker:
        config.option.odoo_database += f"-{worker}"
    yield


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = str(call.excinfo.value) if call.excinfo else ""
    if may_not_be_skipped(item, reason):
        report.outcome = "failed"
        report.longrepr = f"Skipped, and this test may not be: {reason}"
