"""The project's pytest plugin: a browser test that is skipped has failed.

The host skips its browser tests where it finds no browser, and a run without
them would look complete.
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
