"""The project's pytest plugin: a browser test that is skipped has failed.

The host skips its browser tests where it finds no browser, and a run without
them would look complete.
"""

import re

import pytest

from odoo.tests.common import HttpCase

MISSING = re.compile(r"chrom|browser|websocket|wkhtmltopdf", re.IGNORECASE)


def is_browser_test(item, reason):
    """Whether a skipped item is one that must not be skipped."""
    owner = getattr(item, "cls", None)
    return bool(owner and issubclass(owner, HttpCase)) or bool(MISSING.search(reason))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = str(call.excinfo.value) if call.excinfo else ""
    if is_browser_test(item, reason):
        report.outcome = "failed"
        report.longrepr = f"Skipped, and browser tests may not be: {reason}"
