/* global luxon */
import {registry} from "@web/core/registry";

const {Settings} = luxon;

/** Let the browser's clock go so many minutes ahead of the present. */
function later(minutes) {
    return () => {
        Settings.now = () => Date.now() + minutes * 60000;
    };
}

const rows = ".o_list_view .o_data_row";

registry.category("web_tour.tours").add("dcrm_ticket_queue", {
    steps: () => [
        {
            content: "what is due next is first",
            trigger: `${rows}:nth-child(1):contains('Leaks') .o_dcrm_deadline[data-standing=running]:contains('2 h')`,
        },
        {
            content: "of what is due at once the better customer's",
            trigger: `${rows}:nth-child(2):contains('Asked by the best')`,
        },
        {
            trigger: `${rows}:nth-child(3):contains('Asked by another')`,
        },
        {
            content: "what waits for the customer is last, and says so",
            trigger: `${rows}:nth-child(4):contains('Which one?') .o_dcrm_deadline[data-standing=paused]:contains('Paused')`,
        },
        {
            content: "time passes",
            trigger: ".o_list_view",
            run: later(150),
        },
        {
            content: "it is near, without a reload",
            trigger: `${rows}:nth-child(1) .o_dcrm_deadline.text-bg-warning[data-standing=at_risk]:contains('min')`,
        },
        {
            trigger: ".o_list_view",
            run: later(250),
        },
        {
            content: "it is late",
            trigger: `${rows}:nth-child(1) .o_dcrm_deadline.text-bg-danger[data-standing=late]:contains('1 h'):contains('late')`,
        },
        {
            content: "the others are not",
            trigger: `${rows}:nth-child(2) .o_dcrm_deadline[data-standing=running]`,
        },
        {
            content: "as cards",
            trigger: ".o_cp_switch_buttons .o_kanban",
            run: "click",
        },
        {
            trigger:
                ".o_kanban_view .o_kanban_record:contains('Leaks') .o_dcrm_deadline[data-standing=late]",
        },
        {
            content: "who is in danger is told",
            trigger:
                ".o_kanban_view .o_kanban_record:contains('Asked by the best'):contains('In danger')",
        },
        {
            content: "the first one",
            trigger: ".o_kanban_view .o_kanban_record:contains('Leaks')",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_dcrm_deadline[data-standing=late]",
        },
        {
            content: "take it",
            trigger: ".o_form_view button[name=action_assign_to_me]",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_close]",
        },
        {
            content: "it waits for the customer",
            trigger:
                ".o_statusbar_status button:not(.dropdown-toggle):contains('Waiting for Customer')",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_dcrm_deadline[data-standing=paused]",
        },
        {
            trigger: ".o_form_view",
            run: () => {
                Settings.now = () => Date.now();
            },
        },
    ],
});
