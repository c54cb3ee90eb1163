import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("dcrm_interaction", {
    steps: () => [
        {
            content: "log from the customer",
            trigger: ".o_form_view .o_dcrm_log",
            run: "click",
        },
        {
            content: "what it was about",
            trigger: ".modal .o_field_widget[name=subject] input",
            run: "edit Autumn assortment",
        },
        {
            content: "it was a visit",
            trigger:
                ".modal .o_field_widget[name=channel] .o_selection_badge:contains('Visit')",
            run: "click",
        },
        {
            content: "what was said",
            trigger: ".modal .o_field_widget[name=said] .odoo-editor-editable",
            run: "editor Wants steel pans for two kitchens",
        },
        {
            content: "what was learned",
            trigger: ".modal .o_field_widget[name=learned] textarea",
            run: "edit Opens a second shop in spring",
        },
        {
            content: "what comes next",
            trigger: ".modal .o_field_widget[name=next_step] input",
            run: "edit Send samples",
        },
        {
            content: "how the customer was",
            trigger:
                ".modal .o_field_widget[name=mood] .o_selection_badge:contains('Content')",
            run: "click",
        },
        {
            content: "what was promised",
            trigger:
                ".modal .o_field_widget[name=promise_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger:
                ".modal .o_field_widget[name=promise_ids] .o_field_widget[name=name] input",
            run: "edit A price by Friday",
        },
        {
            content: "log it",
            trigger: ".modal .o_dcrm_log_save",
            run: "click",
        },
        {
            content: "the customer was in contact today",
            trigger: "body:not(:has(.modal)) .o_dcrm_interactions:contains('Today')",
        },
        {
            content: "what was logged",
            trigger: ".o_dcrm_interactions",
            run: "click",
        },
        {
            content: "is in the timeline, with what was promised",
            trigger:
                ".o_dcrm_timeline .o_kanban_record:contains('Autumn assortment'):contains('Open')",
            run: "click",
        },
        {
            content: "a ticket comes of it",
            trigger:
                ".o_form_view button[name=action_create_ticket]:contains('Create')",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=stage_id]",
        },
    ],
});
