import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("dcrm_ticket_course", {
    steps: () => [
        {
            content: "what came by e-mail is in the queue, to be answered",
            trigger:
                ".o_list_view .o_data_row:contains('It leaks'):has(.o_dcrm_deadline[data-standing=running]) .o_data_cell[name=name]",
            run: "click",
        },
        {
            content: "with the customer's words, which are shown apart",
            trigger: ".o-mail-Message:contains('Ann')",
        },
        {
            content: "whom it is about",
            trigger: ".o_form_view .o_notebook .nav-link[name=customer]",
            run: "click",
        },
        {
            trigger:
                ".o_dcrm_ticket_customer .o_dcrm_page_card[data-section=tickets]:contains('It leaks')",
        },
        {
            content: "another contact is another customer",
            trigger: ".o_field_widget[name=partner_id] input",
            run: "edit Another Kitchen",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Another Kitchen')",
            run: "click",
        },
        {
            trigger:
                ".o_dcrm_ticket_customer .o_dcrm_page_who:contains('Another Kitchen')",
        },
        {
            content: "and is not",
            trigger: ".o_form_button_cancel",
            run: "click",
        },
        {
            trigger:
                ".o_dcrm_ticket_customer:not(:contains('Another Kitchen')) .o_dcrm_page_card[data-section=tickets]:contains('It leaks')",
        },
        {
            content: "take it",
            trigger: ".o_form_view button[name=action_assign_to_me]",
            run: "click",
        },
        {
            content: "answer",
            trigger:
                ".o_form_view:has(button[name=action_close]) .o-mail-Chatter-sendMessage",
            run: "click",
        },
        {
            content: "the customer is who is written to",
            trigger: ".o-mail-Chatter:contains('Ann')",
        },
        {
            trigger: ".o-mail-Composer-input:not([readonly])",
            run: "edit A part is on its way to you.",
        },
        {
            trigger: ".o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            trigger: ".o-mail-Message:contains('A part is on its way to you.')",
        },
        {
            content: "it is a fault of a machine: a macro asks for a photo, and waits",
            trigger: ".o_dcrm_ticket_macros",
            run: "click",
        },
        {
            trigger: ".o-dropdown--menu .o-dropdown-item:contains('Ask for a photo')",
            run: "click",
        },
        {
            trigger: ".o-mail-Message:contains('Please send us a photo')",
        },
        {
            content: "the clocks stand still",
            trigger: ".o_form_view .o_dcrm_deadline[data-standing=paused]",
        },
        {
            content: "solve it",
            trigger: ".o_form_view button[name=action_close]",
            run: "click",
        },
        {
            content: "something is left to be done",
            trigger:
                ".modal:contains('Read the serial number') .modal-footer .btn-primary",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o_notebook .nav-link:contains('Checklist')",
            run: "click",
        },
        {
            content: "do it",
            trigger:
                ".o_field_widget[name=check_ids] .o_data_row:contains('Read the serial number') .o_data_cell[name=is_done] .o-checkbox",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=check_ids] .o_data_cell[name=is_done] input:checked",
        },
        {
            content: "and solve it",
            trigger: ".o_form_view button[name=action_close]",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_reopen]",
        },
        {
            content: "nothing is due any more",
            trigger: ".o_form_view:not(:has(.o_dcrm_deadline))",
        },
    ],
});
