"""Scripts in what strangers send: none runs, in a real browser, wherever shown."""

from markupsafe import escape

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_email import MAIL, OURS, EmailCase
from .common_portal import PortalCase

RUN = "window.ran=1"
# Bodies, each of which would run in a page that lets it.
SCRIPTS = (
    f"<script>{RUN}</script>",
    f'<img src=x onerror="{RUN}">',
    f'<svg onload="{RUN}"></svg>',
    f'<svg><animate onbegin="{RUN}" attributeName=x dur=1s></svg>',
    f'<body onload="{RUN}"><details open ontoggle="{RUN}">x</details>',
    f"<math><mtext></p><style><img src=x onerror={RUN}></style></math>",
    f'<iframe srcdoc="<script>parent.{RUN}</script>"></iframe>',
    f'<a class="evil" href="javascript:{RUN}">click</a>',
    f'<a class="evil" href=" jAvaScript&colon;{RUN}">click</a>',
    f'<form action="javascript:{RUN}"><button class="evil">go</button></form>',
    f'<div t-att-onclick="x" t-out="{RUN}" style="x:expression({RUN})">x</div>',
    f'<input autofocus onfocus="{RUN}"><video><source onerror="{RUN}"></video>',
    f'<noscript><p title="</noscript><img src=x onerror={RUN}>"></noscript>',
    f'<base href="javascript:{RUN}//"><meta http-equiv=refresh content="0;{RUN}">',
)
NAME = f'"><img src=x onerror={RUN}>'
FILE = f"<img src=x onerror={RUN}>.html"
# Ends when the last message is there: no script ran, and no link would run one.
LOOK = """
(async () => {
    const all = (selector, root = document) => {
        const found = [...root.querySelectorAll(selector)];
        for (const each of root.querySelectorAll("*")) {
            if (each.shadowRoot) {
                found.push(...all(selector, each.shadowRoot));
            }
        }
        return found;
    };
    const shown = () => all("*").some((each) => each.textContent.includes("%s"));
    for (let tries = 0; tries < 150 && !shown(); tries++) {
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
    if (!shown()) {
        console.error("the last message is not shown");
        return;
    }
    await new Promise((resolve) => setTimeout(resolve, 1500));
    if (all("a, area").some((each) => each.protocol === "javascript:")) {
        console.error("a link runs a script");
    } else if (window.ran) {
        console.error("a script ran");
    } else {
        console.log("test successful");
    }
})();
"""
LAST = "the-last-word-of-all"


@tagged("post_install", "-at_install")
class TestStoredScripts(PortalCase, EmailCase):
    def setUp(self):
        super().setUp()
        self.ticket_of_scripts = self._receive_scripts()

    @mute_logger(MAIL, OURS)
    def _receive_scripts(self):
        """Return a ticket with each script by e-mail and by portal, and in all else."""
        ticket = self.receive(
            self.email(
                "".join(SCRIPTS),
                From="buyer@example.com",
                Subject=NAME.replace(">", " >"),
                Content_Type="text/html; charset=utf-8",
            )
        )
        self.assertEqual(ticket.commercial_partner_id, self.alba)
        first = self.sent(ticket)[-1:].message_id
        for script in SCRIPTS:
            self.receive(
                self.email(
                    script,
                    From="buyer@example.com",
                    In_Reply_To=first,
                    Content_Type="text/html; charset=utf-8",
                )
            )
        self.receive(
            self.email(
                f"--b\r\nContent-Type: text/html\r\n"
                f'Content-Disposition: attachment; filename="{FILE}"\r\n\r\n'
                f"<script>{RUN}</script>\r\n--b--\r\n",
                From=f'"{escape(NAME)}" <buyer@example.com>',
                In_Reply_To=first,
                Content_Type='multipart/mixed; boundary="b"',
            )
        )
        self.env.flush_all()
        self.login("buyer")
        for body in (*SCRIPTS, f"<p>{LAST}</p>"):
            self.url_open(
                "/mail/message/post",
                json={
                    "params": {
                        "thread_model": "dcrm.ticket",
                        "thread_id": ticket.id,
                        "post_data": {
                            "body": body,
                            "message_type": "comment",
                            "subtype_xmlid": "mail.mt_comment",
                        },
                    }
                },
            )
        self.env.invalidate_all()
        return ticket

    def look(self, url, role, shown=LAST):
        user = self.users[role].login
        self.browser_js(url, LOOK % shown, login=user, timeout=90)

    def test_what_is_kept_holds_no_script(self):
        messages = self.ticket_of_scripts.message_ids
        self.assertGreaterEqual(len(messages), 2 * len(SCRIPTS) + 2)
        for message in messages:
            for word in ("<script", "onerror", "onload", "javascript:", "srcdoc"):
                with self.subTest(word):
                    self.assertNotIn(word, (message.body or "").lower())

    def test_in_the_portal(self):
        self.look(f"/my/tickets/{self.ticket_of_scripts.id}", "buyer")

    def test_in_the_list_of_the_portal(self):
        self.look("/my/tickets", "buyer", shown=self.ticket_of_scripts.number)

    def test_on_the_agents_form(self):
        self.look(f"/odoo/dcrm.ticket/{self.ticket_of_scripts.id}", "agent")

    def test_a_file_is_not_shown_as_a_page(self):
        file = self.ticket_of_scripts.message_ids.attachment_ids
        self.assertTrue(file)
        self.login("agent")
        for url in (f"/web/content/{file.id}", f"/web/content/{file.id}?download=1"):
            answer = self.url_open(url)
            kind = answer.headers["Content-Type"]
            disposition = answer.headers.get("Content-Disposition", "")
            policy = answer.headers.get("Content-Security-Policy", "")
            self.assertTrue(
                "html" not in kind
                or disposition.startswith("attachment")
                or "default-src 'none'" in policy,
                (kind, disposition, policy),
            )
