import {cookie} from "@web/core/browser/cookie";
import {registry} from "@web/core/registry";

/** Answer as the other agent, who sits elsewhere and is in no session of this one. */
async function answerElsewhere() {
    const response = await fetch("/json/2/dcrm.ticket/message_post", {
        method: "POST",
        credentials: "omit",
        headers: {
            Authorization: `bearer ${cookie.get("other_agent_key")}`,
            "Content-Type": "application/json",
        },
        body: JSON.stringify({
            ids: [Number(window.location.pathname.split("/").at(-1))],
            body: "It left yesterday",
            message_type: "comment",
            subtype_xmlid: "mail.mt_comment",
        }),
    });
    if (!response.ok) {
        throw new Error(await response.text());
    }
}

registry.category("web_tour.tours").add("dcrm_ticket_presence", {
    steps: () => [
        {
            content: "the other one is on the ticket, and writes",
            trigger: ".o_dcrm_writing:contains('Bora')",
        },
        {
            content: "answer the customer",
            trigger: ".o-mail-Chatter-sendMessage",
            run: "click",
        },
        {
            content: "begin to write",
            trigger: ".o-mail-Composer-input:not([readonly])",
            run: "edit It is on its way",
        },
        {
            content: "the other one answers meanwhile",
            trigger: ".o-mail-Composer-send:enabled",
            run: answerElsewhere,
        },
        {
            content: "send",
            trigger: ".o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            content: "somebody was faster: read it",
            trigger: ".modal:contains('It left yesterday') .modal-footer .btn-secondary",
            run: "click",
        },
        {
            content: "it is there",
            trigger: ".o-mail-Message:contains('It left yesterday')",
        },
        {
            content: "nothing was lost: send it all the same",
            trigger: ".o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            content: "sent",
            trigger: ".o-mail-Message:contains('It is on its way')",
        },
    ],
});
