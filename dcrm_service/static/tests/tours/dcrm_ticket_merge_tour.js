import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("dcrm_ticket_merge", {
    steps: () => [
        {
            content: "what can be done to the ticket",
            trigger:
                ".o_form_view:contains('The oven is cold') .o_cp_action_menus button",
            run: "click",
        },
        {
            content: "merge it",
            trigger: ".o-dropdown--menu .o-dropdown-item:contains('Merge Tickets')",
            run: "click",
        },
        {
            content: "with the customer's others",
            trigger: ".modal button[name=action_add_same_customer]",
            run: "click",
        },
        {
            content: "both are there, and this one goes on",
            trigger:
                ".modal .o_field_widget[name=ticket_ids]:has(.o_data_row:contains('The oven is cold')) .o_data_row:contains('Oven broken')",
        },
        {
            content: "merge them",
            trigger: ".modal button[name=action_merge]",
            run: "click",
        },
        {
            content: "the one that goes on is shown",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=merged_ids]:contains('Oven broken')",
        },
        {
            content: "with what was said in the other, which is shown apart: an e-mail",
            trigger: ".o-mail-Message:contains('Mia')",
        },
        {
            content: "run a macro on it",
            trigger: ".o_dcrm_ticket_macros",
            run: "click",
        },
        {
            content: "the one that asks for a photo",
            trigger: ".o-dropdown--menu .o-dropdown-item:contains('Ask for a photo')",
            run: "click",
        },
        {
            content: "the customer has been asked",
            trigger: ".o-mail-Message:contains('Please send a photo')",
        },
        {
            content: "and is waited for",
            trigger:
                ".o_statusbar_status .o_arrow_button_current:contains('Waiting for Customer')",
        },
        {
            content: "write an answer",
            trigger: ".o-mail-Chatter-sendMessage",
            run: "click",
        },
        {
            content: "by a canned one",
            trigger: ".o-mail-Composer-input",
            run: "edit ::warran",
        },
        {
            content: "which is offered",
            trigger: ".o-mail-Composer-suggestionList .o-mail-Composer-suggestion",
            run: "click",
        },
        {
            content: "and put in",
            trigger: ".o-mail-Composer-input:value('The warranty covers it.')",
        },
        {
            content: "send it",
            trigger: ".o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            content: "it was said",
            trigger: ".o-mail-Message:contains('The warranty covers it.')",
        },
    ],
});
