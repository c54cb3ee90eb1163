/* global DataTransfer, Event */
import {registry} from "@web/core/registry";

const chatter = "#chatterRoot:shadow";

/** Put a text file into a file input, as choosing one does. */
function choose(name, text) {
    return ({anchor}) => {
        const files = new DataTransfer();
        files.items.add(new File([text], name, {type: "text/plain"}));
        anchor.files = files.files;
        anchor.dispatchEvent(new Event("change", {bubbles: true}));
    };
}

registry.category("web_tour.tours").add("dcrm_ticket_portal", {
    steps: () => [
        {
            content: "ask something",
            trigger: "a[href='/my/tickets/new']:visible",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "#ticket_subject",
            run: "edit The pan is bent",
        },
        {
            trigger: "#ticket_text",
            run: "edit It came like that.",
        },
        {
            content: "with a file",
            trigger: "#ticket_files",
            run: choose("bent.txt", "as bent as this"),
        },
        {
            trigger: ".o_portal_new_ticket button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "it is there, with the file",
            trigger: `${chatter} .o-mail-Message:contains('It came like that.'):contains('bent')`,
        },
        {
            content: "say more",
            trigger: `${chatter} .o-mail-Composer-input`,
            run: "edit And it is the second one.",
        },
        {
            content: "with another file",
            trigger: `${chatter} .o-mail-Composer button[name=upload-files]`,
        },
        {
            trigger: `${chatter} .o-mail-Composer-send:enabled`,
            run: "click",
        },
        {
            trigger: `${chatter} .o-mail-Message:contains('And it is the second one.')`,
        },
        {
            content: "it is solved",
            trigger: "form[action$='/close'] button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "not after all",
            trigger: ".o_portal_ticket_reopen textarea",
            run: "edit The new one is bent, too.",
        },
        {
            trigger: ".o_portal_ticket_reopen button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: `${chatter} .o-mail-Message:contains('The new one is bent, too.')`,
        },
        {
            content: "now it is",
            trigger: "form[action$='/close'] button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "and it was good",
            trigger: ".o_portal_ticket_rate label[for=rate_5]",
            run: "click",
        },
        {
            trigger: ".o_portal_ticket_rate textarea",
            run: "edit Quick.",
        },
        {
            trigger: ".o_portal_ticket_rate button",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_portal_ticket_rate:contains('this is what you said')",
        },
        {
            content: "back to the list",
            trigger: ".o_portal_submenu a[href^='/my/tickets']:contains('Tickets')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "tr:contains('The pan is bent'):contains('Solved')",
        },
    ],
});
