import {registry} from "@web/core/registry";

const LABELLED = ".o_dcrm_rfm_class:contains('or more')";
let customers = 0;

registry.category("web_tour.tours").add("dcrm_rfm_grid_past", {
    steps: () => [
        {
            content: "the classes say where they begin",
            trigger: `.o_dcrm_rfm ${LABELLED}`,
        },
        {
            content: "go back to a day before anything was recorded",
            trigger: ".o_dcrm_as_of input",
            run: "edit 02/02/2026 && press Enter",
        },
        {
            content: "it says since when scores are recorded",
            trigger: ".o_dcrm_note:contains('recorded since 03/02/2026')",
        },
        {
            content: "look for somebody then",
            trigger: ".o_searchview_input",
            run: "edit Somebody",
        },
        {
            content: "by name",
            trigger: ".o_searchview_autocomplete .o-dropdown-item:first",
            run: "click",
        },
        {
            content: "that nobody is found is for the same reason",
            trigger:
                "body:has(.o_searchview_facet) .o_dcrm_note:contains('recorded since 03/02')",
        },
        {
            content: "look for everybody again",
            trigger: ".o_facet_remove",
            run: "click",
        },
        {
            content: "go back to an earlier day",
            trigger: "body:not(:has(.o_searchview_facet)) .o_dcrm_as_of input",
            run: "edit 03/02/2026 && press Enter",
        },
        {
            content: "it says that it is not today's",
            trigger: ".o_dcrm_note:contains('recorded that day')",
        },
        {
            content: "the classes say where they began then",
            trigger: `.o_dcrm_rfm_class:contains('28 or more')`,
        },
        {
            content: "the segments of that day are listed",
            trigger: ".o_dcrm_segment:first",
            run: ({anchor}) => {
                customers = Number(anchor.querySelector("b").textContent);
                anchor.click();
            },
        },
        {
            content: "the list says of which day it is",
            trigger: ".o_breadcrumb:contains('03/02/2026')",
        },
        {
            content: "and holds exactly the customers of then",
            trigger: ".o_list_view .o_data_row",
            run: () => {
                const rows = document.querySelectorAll(".o_list_view .o_data_row");
                if (rows.length !== customers) {
                    throw new Error(`${rows.length} rows of ${customers} customers`);
                }
            },
        },
    ],
});
