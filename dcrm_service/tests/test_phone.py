"""On a phone no page is wider than the screen: nobody scrolls sideways to read."""

from odoo.tests import tagged

from .common_portal import PortalCase

# Ends once what is named is shown, and nothing beside a scroller of its own sticks out.
LOOK = """
(async () => {
    const shown = () => document.querySelector(%r);
    for (let tries = 0; tries < 150 && !shown(); tries++) {
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
    if (!shown()) {
        console.error("the page is not shown");
        return;
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const wide = [
        document.documentElement,
        ...document.querySelectorAll("#wrapwrap, .o_form_view, .o_dcrm_board_sections"),
        ...document.querySelectorAll(".o_content:not(:has(.o_kanban_grouped))"),
    ].filter((each) => each.scrollWidth > each.clientWidth + 1);
    if (window.innerWidth !== 390 || wide.length) {
        const sizes = wide.map((each) => `${each.className}: ${each.scrollWidth}`);
        console.error(`wider than the screen of ${window.innerWidth}: ${sizes}`);
    } else {
        console.log("test successful");
    }
})();
"""
LONG = "The_machine_of_the_kitchen_on_the_second_floor_does_not_heat_any_more"


@tagged("post_install", "-at_install")
class TestPhone(PortalCase):
    browser_size = "390x844"
    touch_enabled = True

    def setUp(self):
        super().setUp()
        self.env["dcrm.sla.policy"].create(
            {
                "name": "Everyone",
                "company_id": self.company_a.id,
                "first_response_hours": 8,
                "resolution_hours": 40,
            }
        )
        self.long = self.ticket(self.buyer, name=LONG)
        self.long.message_post(
            body=f"https://example.com/{LONG}/{LONG}",
            author_id=self.buyer.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.env.flush_all()

    def look(self, url, shown, role):
        login = role and self.users[role].login
        self.browser_js(url, LOOK % shown, login=login, timeout=90)

    def test_the_queue(self):
        action = "/odoo/action-dcrm_service.dcrm_ticket_action_mine"
        self.long.user_id = self.users["agent"]
        self.env.flush_all()
        self.look(action, ".o_kanban_record .o_dcrm_deadline", "agent")

    def test_the_ticket(self):
        self.look(f"/odoo/dcrm.ticket/{self.long.id}", ".o_dcrm_deadline", "agent")

    def test_the_dashboard(self):
        self.look("/odoo/dcrm-service", ".o_dcrm_board_sections canvas", "agent")

    def test_the_portal(self):
        self.look("/my/tickets", "a[href='/my/tickets/new']", "buyer")

    def test_the_ticket_in_the_portal(self):
        self.look(f"/my/tickets/{self.long.id}", "#chatterRoot", "buyer")

    def test_a_solved_ticket_in_the_portal(self):
        self.long.stage_id = self.stage_solved
        self.env.flush_all()
        url = f"/my/tickets/{self.long.id}"
        self.look(url, ".o_portal_ticket_rate", "buyer")

    def test_the_form_of_the_portal(self):
        self.look("/my/tickets/new", "#ticket_files", "buyer")

    def test_the_web_form(self):
        self.team_a.has_form = True
        self.env.flush_all()
        self.look(f"/tickets/new/{self.team_a.id}", "#ticket_text", None)
