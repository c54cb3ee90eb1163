import {registry} from "@web/core/registry";

/* global luxon */
const {DateTime} = luxon;

registry.category("web_tour.tours").add("dcrm_receivable", {
    steps: () => [
        {
            content: "what is owed now stands by age",
            trigger: ".o_group_header:contains('Not due (1)')",
        },
        {
            content: "go back",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            content: "to the end of last month",
            trigger: ".o_filter_menu .o_menu_item:contains('As of Last Month End')",
            run: "click",
        },
        {
            content: "when something else was open",
            trigger: ".o_group_header:contains('31–60 days (1)')",
        },
        {
            content: "come back",
            trigger: ".o_searchview_facet:contains('Last Month') .o_facet_remove",
            run: "click",
        },
        {
            content: "to what is owed now",
            trigger: ".o_group_header:contains('Not due (1)')",
        },
        {
            content: "type that day",
            trigger: ".o_searchview_input",
            run: `edit ${DateTime.now()
                .startOf("month")
                .minus({days: 1})
                .toFormat("MM/dd/yyyy")}`,
        },
        {
            content: "as any day can be typed",
            trigger: ".o-dropdown-item:contains('As Of')",
            run: "click",
        },
        {
            content: "and see the same",
            trigger: ".o_group_header:contains('31–60 days (1)')",
            run: "click",
        },
        {
            content: "see whose it is",
            trigger: ".o_data_row:contains('500.00') td[name=partner_id]",
            run: "click",
        },
        {
            content: "who may read no entry gets the customer",
            trigger: ".o_form_view .o_field_widget[name=name]",
        },
        {
            content: "and sees on it what is owed",
            trigger: "button[name=action_open_customer_receivables]:contains('70.00')",
            run: "click",
        },
        {
            content: "item by item",
            trigger: ".o_list_view .o_data_row:contains('70.00')",
        },
    ],
});
