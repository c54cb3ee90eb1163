import {cookie} from "@web/core/browser/cookie";
import {registry} from "@web/core/registry";
import {rpc} from "@web/core/network/rpc";

/** An answer of the other agent arrives, while the first one is writing. */
function answerElsewhere() {
    return rpc("/web/dataset/call_kw", {
        model: "dcrm.ticket",
        method: "message_post",
        args: [[Number(window.location.pathname.split("/").at(-1))]],
        kwargs: {
            body: "It left yesterday",
            author_id: Number(cookie.get("other_agent")),
            message_type: "comment",
            subtype_xmlid: "mail.mt_comment",
        },
    });
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
            trigger:
                ".modal:contains('It left yesterday') .modal-footer .btn-secondary",
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
