import {registry} from "@web/core/registry";

function expectRows(count) {
    return () => {
        const rows = document.querySelectorAll(".modal .o_data_row, .o_data_row");
        if (rows.length !== count) {
            throw new Error(`${rows.length} rows instead of ${count}`);
        }
    };
}

registry.category("web_tour.tours").add("dcrm_segment_rule", {
    steps: () => [
        {
            content: "a new rule",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='name'] input, [name='name'] textarea",
            run: "edit Big spenders",
        },
        {
            trigger: ".o_field_widget[name='segment_id'] input",
            run: "edit Tour Segment",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Tour Segment')",
            run: "click",
        },
        {
            content: "nobody is asked for anything yet: everybody would move",
            trigger: ".o_dcrm_preview[data-customers='5']",
        },
        {
            content: "ask for who bought for more than 100",
            trigger: ".o_domain_selector_debug_container textarea",
            run: "edit [('rfm_monetary', '>', 100)]",
        },
        {
            content: "leave the field",
            trigger: ".o_field_widget[name='name'] input, [name='name'] textarea",
            run: "click",
        },
        {
            content: "before it is saved, who moves is told",
            trigger: ".o_dcrm_preview[data-customers='3'] .o_dcrm_band",
        },
        {
            content: "exactly these are listed",
            trigger: ".o_dcrm_preview .o_dcrm_flow_row",
            run: "click",
        },
        {
            trigger: ".modal .o_list_view .o_data_row",
            run: expectRows(3),
        },
        {
            trigger: ".modal .btn-close",
            run: "click",
        },
        {
            content: "save",
            trigger: "body:not(:has(.modal)) .o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved, .o_form_status_indicator_buttons.invisible",
        },
    ],
});

registry.category("web_tour.tours").add("dcrm_segment_flow", {
    steps: () => [
        {
            content: "the flow from one to the other is drawn",
            trigger: ".o_dcrm_flow_picture .o_dcrm_band",
        },
        {
            content: "who stayed is left out until asked for",
            trigger: ".o_dcrm_flow_list:not(:has(.o_dcrm_flow_row:eq(1)))",
        },
        {
            trigger: ".o_dcrm_flow_stayed",
            run: "click",
        },
        {
            trigger: ".o_dcrm_flow_list .o_dcrm_flow_row:eq(1)",
        },
        {
            content: "open those who moved",
            trigger: ".o_dcrm_flow_row:contains('Tour Segment')",
            run: "click",
        },
        {
            content: "exactly these are listed",
            trigger: ".o_breadcrumb:contains('Tour Segment')",
        },
        {
            trigger: ".o_list_view .o_data_row",
            run: expectRows(3),
        },
    ],
});
