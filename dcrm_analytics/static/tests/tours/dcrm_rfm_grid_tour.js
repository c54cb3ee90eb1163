import {registry} from "@web/core/registry";

const BEST = ".o_dcrm_cell[data-recency='5'][data-frequency='5']";
let customers = 0;

registry.category("web_tour.tours").add("dcrm_rfm_grid", {
    steps: () => [
        {
            content: "the best cell has customers",
            trigger: `${BEST}:not(.o_dcrm_cell_empty)`,
            run: ({anchor}) => {
                customers = Number(anchor.dataset.customers);
                anchor.focus();
                anchor.dispatchEvent(
                    new window.KeyboardEvent("keydown", {
                        key: "ArrowLeft",
                        bubbles: true,
                    })
                );
            },
        },
        {
            content: "arrows move between cells",
            trigger: ".o_dcrm_cell[data-recency='4'][data-frequency='5']:focus",
        },
        {
            content: "open the best cell",
            trigger: BEST,
            run: "click",
        },
        {
            content: "exactly its customers are listed",
            trigger: ".o_list_view .o_data_row",
            run: () => {
                const rows = document.querySelectorAll(".o_list_view .o_data_row");
                if (rows.length !== customers) {
                    throw new Error(`${rows.length} rows of ${customers} customers`);
                }
            },
        },
        {
            content: "open the first",
            trigger: ".o_data_row:first .o_data_cell[name='partner_id']",
            run: "click",
        },
        {
            content: "see what the customer is worth",
            trigger: ".o_form_view .nav-link[name='customer_value']",
            run: "click",
        },
        {
            content: "each axis is explained",
            trigger:
                ".o_dcrm_value:has([data-axis='recency']):has([data-axis='frequency']):has([data-axis='monetary'])",
        },
        {
            content: "open the purchases that were counted",
            trigger: ".o_dcrm_documents",
            run: "click",
        },
        {
            trigger: ".o_breadcrumb:contains('Documents Counted')",
        },
        {
            trigger: ".o_list_view .o_data_row",
        },
        {
            content: "and back to the grid",
            trigger: ".o_back_button, .breadcrumb-item:contains('RFM Grid') a",
        },
    ],
});
