import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("dcrm_escalation_hand_on", {
    steps: () => [
        {
            content: "what has climbed to the seller",
            trigger:
                ".o_list_view .o_data_row:contains('The oven is cold') .o_data_cell",
            run: "click",
        },
        {
            content: "it says so on the ticket",
            trigger: ".o_form_view [name=escalation]:contains('not accepted yet')",
        },
        {
            content: "who was passed over is told there",
            trigger: ".o_notebook .nav-link:contains('Escalation')",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=escalation_ids] .o_data_row:contains('nobody is named')",
        },
        {
            content: "somebody else is to do it",
            trigger: ".o_form_view button[name=action_hand_on_escalation]",
            run: "click",
        },
        {
            content: "it has climbed on",
            trigger: ".o_form_view:not(:has(button[name=action_hand_on_escalation]))",
        },
        {
            trigger:
                ".o_field_widget[name=escalation_ids] .o_data_row:contains('Handed On')",
        },
    ],
});

registry.category("web_tour.tours").add("dcrm_escalation_accept", {
    steps: () => [
        {
            content: "what has climbed to the lead",
            trigger:
                ".o_list_view .o_data_row:contains('The oven is cold') .o_data_cell",
            run: "click",
        },
        {
            content: "take over",
            trigger: ".o_form_view button[name=action_accept_escalation]",
            run: "click",
        },
        {
            content: "it is the lead's now",
            trigger:
                ".o_form_view [name=escalation_accepted]:contains('Taken over by')",
        },
    ],
});

registry.category("web_tour.tours").add("dcrm_escalation_ladder", {
    steps: () => [
        {
            content: "a new ladder",
            trigger:
                ".o_list_view .o_list_button_add, .o_control_panel .o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=name] input",
            run: "edit Big customers",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=team_id] input",
            run: "edit Care A",
        },
        {
            trigger: ".ui-autocomplete .dropdown-item:contains('Care A')",
            run: "click",
        },
        {
            content: "the usual steps are there",
            trigger: ".o_field_widget[name=step_ids] .o_data_row:nth-child(5)",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_form_saved, .o_form_view:not(.o_form_dirty)",
        },
        {
            trigger: ".breadcrumb-item:contains('Escalation Ladders'), .o_back_button",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('Big customers')",
        },
    ],
});
