import {registry} from "@web/core/registry";

function same(count, what) {
    return {
        content: `exactly ${what} are listed`,
        trigger: ".o_list_view .o_group_header, .o_list_view .o_data_row",
        run: () => {
            const rows = document.querySelectorAll(
                ".o_list_view .o_group_header, .o_list_view .o_data_row"
            );
            if (rows.length !== count()) {
                throw new Error(`${rows.length} rows of ${count()}`);
            }
        },
    };
}

let customers = 0;
const CELL = ".o_dcrm_cohort_cell[data-age='1']:not(.o_dcrm_money_0)";

registry.category("web_tour.tours").add("dcrm_cohorts", {
    steps: () => [
        {
            content: "count the customers who came back",
            trigger: "button[data-measure='customers']",
            run: "click",
        },
        {
            content: "open them",
            trigger: `button[data-measure='customers'].active`,
        },
        {
            content: "who came back after a month",
            trigger: CELL,
            run: ({anchor}) => {
                customers = Number(anchor.textContent);
                anchor.click();
            },
        },
        same(() => customers, "those who came back"),
    ],
});

registry.category("web_tour.tours").add("dcrm_lost_matrix", {
    steps: () => [
        {
            content: "the named cells are listed with their customers",
            trigger: ".o_dcrm_segment:contains('Regular')",
        },
        {
            content: "open a cell",
            trigger: ".o_dcrm_cell[data-row][data-column]:not(.o_dcrm_cell_empty)",
            run: ({anchor}) => {
                customers = Number(anchor.dataset.customers);
                anchor.click();
            },
        },
        same(() => customers, "its customers"),
    ],
});
