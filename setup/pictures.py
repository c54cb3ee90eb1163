"""Take the pictures of the README and of the addons from the demo company's screens.

    ./setup/dcrm demo --no-serve
    ./setup/dcrm shell --db demo setup/pictures.py [NAME ...]

Serves the database on a free port of this machine while a headless Chromium looks at
it. Each picture is of what one of the company's people sees.
"""

import argparse
import base64
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
import websocket

import odoo.http
from odoo.service.server import ThreadedServer
from odoo.tools import config

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS = 60


@dataclass(frozen=True)
class Picture:
    """Where it is kept, who looks, at what, and what says that it is there.

    ``subject`` makes the record's id for the address, of what the person may see;
    ``click`` is the text of a tab to open.
    """

    path: str
    login: str
    address: str
    ready: str
    subject: tuple = ()
    click: str = ""
    size: tuple = (1366, 860)


PICTURES = {
    "grid": Picture(
        "dcrm_analytics/static/description/rfm_grid.png",
        "orla",
        "/odoo/action-dcrm_analytics.dcrm_customer_score_grid_action",
        ".o_dcrm_rfm",
    ),
    "dashboard": Picture(
        "dcrm_analytics/static/description/dashboard.png",
        "orla",
        "/odoo/dcrm-dashboard",
        ".o_dcrm_board_sections"
        ":not(:has(.o_dcrm_board_section:not([data-loaded])))"
        ":has(.o_dcrm_board_section)",
        size=(1366, 1500),
    ),
    "customer": Picture(
        "dcrm_loyalty/static/description/customer.png",
        "aoife",
        "/odoo/res.partner/{}",
        ".o_form_view .o_notebook",
        ("dcrm.membership", [("tier_id.name", "=", "Gold")], "partner_id"),
        "Customer Value",
    ),
    "page": Picture(
        "dcrm_analytics/static/description/customer_page.png",
        "aoife",
        "/odoo/res.partner/{}/customer-page",
        ".o_dcrm_page",
        ("dcrm.membership", [("tier_id.name", "=", "Gold")], "partner_id"),
        size=(1366, 1100),
    ),
    "tickets": Picture(
        "dcrm_service/static/description/tickets.png",
        "grace",
        "/odoo/action-dcrm_service.dcrm_ticket_action",
        ".o_kanban_renderer .o_kanban_record",
    ),
}


class Tab:
    """A tab of the browser, driven by its debugging protocol."""

    def __init__(self, address, size):
        self.socket = websocket.create_connection(address, timeout=SECONDS)
        self.number = 0
        width, height = size
        self.send("Page.enable")
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def send(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        self.socket.send(json.dumps(message))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == self.number:
                return answer.get("result", {})

    def value(self, expression):
        answer = self.send(
            "Runtime.evaluate", expression=expression, returnByValue=True
        )
        return answer.get("result", {}).get("value")

    def wait(self, expression):
        """Wait until an expression is true; raise TimeoutError where it never is."""
        end = time.monotonic() + SECONDS
        while not self.value(f"Boolean({expression})"):
            if time.monotonic() > end:
                raise TimeoutError(f"The page never had {expression}.")
            time.sleep(0.2)

    def click(self, text):
        """Click the tab of a form that says so."""
        tabs = "[...document.querySelectorAll('.o_notebook .nav-link')]"
        found = f"{tabs}.find(tab => tab.innerText.trim() == {json.dumps(text)})"
        self.wait(found)
        self.value(f"{found}.click()")


@contextmanager
def served():
    """Serve the database of this process; yields the address."""
    config["http_port"], config["http_interface"] = free_port(), "127.0.0.1"
    server = ThreadedServer(odoo.http.root)
    server.http_spawn()
    try:
        yield f"http://127.0.0.1:{config['http_port']}"
    finally:
        server.httpd.shutdown()


@contextmanager
def browsed():
    """Start a browser of this machine; yields the address that it is driven at."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not program:
        sys.exit("There is no Chromium on this machine's PATH.")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        options = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--remote-debugging-port=0",
            "--remote-allow-origins=*",
            f"--user-data-dir={folder}",
        ]
        child = subprocess.Popen(
            [program, *options, "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield f"http://127.0.0.1:{debugging_port(Path(folder))}"
        finally:
            child.terminate()
            child.wait(SECONDS)


def debugging_port(folder):
    """Return the port that the browser chose, once it says so."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        try:
            return int((folder / "DevToolsActivePort").read_text().split()[0])
        except (OSError, IndexError):
            time.sleep(0.2)
    sys.exit("The browser did not start.")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def take(env, picture, site, browser):
    """Take one picture and write it where it is kept."""
    session = requests.Session()
    answer = session.post(
        f"{site}/web/session/authenticate",
        json={
            "params": {
                "db": env.cr.dbname,
                "login": picture.login,
                "password": picture.login,
            }
        },
        timeout=SECONDS,
    ).json()
    if "error" in answer:
        sys.exit(f"{picture.login} can't log in: is this the demo company?")
    page = requests.put(f"{browser}/json/new?about:blank", timeout=SECONDS).json()
    tab = Tab(page["webSocketDebuggerUrl"], picture.size)
    tab.send(
        "Network.setCookie",
        name="session_id",
        value=session.cookies["session_id"],
        url=site,
    )
    tab.send("Page.navigate", url=site + picture.address.format(*seen(env, picture)))
    tab.wait(f"document.querySelector({json.dumps(picture.ready)})")
    if picture.click:
        tab.click(picture.click)
    # What is drawn last, and faces.
    time.sleep(3)
    shot = tab.send("Page.captureScreenshot", format="png")["data"]
    path = ROOT / picture.path
    path.write_bytes(base64.b64decode(shot))
    requests.get(f"{browser}/json/close/{page['id']}", timeout=SECONDS)
    print(f"{picture.path} as {picture.login} sees it")


def seen(env, picture):
    """Return the ids for the address: of the first record that the person may see."""
    if not picture.subject:
        return []
    model, domain, name = picture.subject
    user = env["res.users"].search([("login", "=", picture.login)])
    mine = [("partner_id.user_id", "=", user.id)]
    return env[model].search(domain + mine, order="id", limit=1)[name].ids


def main(env):
    parser = argparse.ArgumentParser(prog="pictures", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *PICTURES], metavar="NAME")
    names = parser.parse_args().names or list(PICTURES)
    with served() as site, browsed() as browser:
        for name in names:
            take(env, PICTURES[name], site, browser)


main(env)  # noqa: F821 - whoever runs the file gives it its environment
