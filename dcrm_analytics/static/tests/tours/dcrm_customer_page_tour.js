import {registry} from "@web/core/registry";

const STEP = ".o_dcrm_page_steps li:has(.o_dcrm_page_schedule):first";

registry.category("web_tour.tours").add("dcrm_customer_page", {
    steps: () => [
        {
            content: "open the page from the contact",
            trigger: ".o_form_view button[name='action_open_customer_page']",
            run: "click",
        },
        {
            content: "it says who that is, and what the customer is worth",
            trigger:
                ".o_dcrm_page:has(h1:contains('Tour Bistro')) [data-section='worth'] b:contains('1,200')",
        },
        {
            content: "each topic has its card",
            trigger:
                ".o_dcrm_page_cards:has([data-section='segment']):has([data-section='rhythm']):has([data-section='contacts'])",
        },
        {
            content: "the documents that were counted are a click away",
            trigger: "[data-section='worth'] button:contains('Purchase value')",
            run: "click",
        },
        {
            trigger: ".o_breadcrumb:contains('Documents Counted')",
        },
        {
            content: "there are the two purchases",
            trigger: ".o_list_view .o_data_row:nth-child(2)",
        },
        {
            content: "back to the page",
            trigger: ".o_back_button, .breadcrumb-item:last a:contains('Tour Bistro')",
            run: "click",
        },
        {
            content: "schedule what is to be done next",
            trigger: `${STEP} .o_dcrm_page_schedule`,
            run: "click",
        },
        {
            content: "the host's dialog knows what it is about",
            trigger: ".modal .o_field_widget[name='summary'] input:value(Tour Segment)",
        },
        {
            content: "and schedules it",
            trigger: ".modal button[name='action_schedule_activities']",
            run: "click",
        },
        {
            content: "the page knows that it is planned",
            trigger: "body:not(:has(.modal)) .o_dcrm_page_planned",
        },
    ],
});
