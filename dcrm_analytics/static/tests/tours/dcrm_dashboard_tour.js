import {registry} from "@web/core/registry";

const section = (key) => `.o_dcrm_board_section[data-section='${key}'][data-loaded]`;
const OVERDUE = `${section("receivables")} .o_dcrm_board_figure:contains('Overdue') .o_dcrm_figure`;
let overdue = 0;

registry.category("web_tour.tours").add("dcrm_dashboard", {
    steps: () => [
        {
            content: "each section loads by itself",
            trigger: `.o_dcrm_board_sections:has(${section("rfm")}):has(${section("segments")})`,
        },
        {
            content: "look at the customers of one salesperson only",
            trigger: ".o_dcrm_board_filters select[name='seller']",
            run: "selectByLabel dcrm_seller (dcrm_analytics.group_dcrm_seller)",
        },
        {
            content: "what they owe is one invoice",
            trigger: `${OVERDUE}[data-value='250']`,
            run: ({anchor}) => {
                overdue = Number(anchor.dataset.value);
                anchor.click();
            },
        },
        {
            content: "exactly the item that the figure counts is listed",
            trigger: ".o_list_view .o_data_row",
            run: () => {
                const rows = document.querySelectorAll(".o_list_view .o_data_row");
                const text = rows[0].innerText;
                if (rows.length !== 1 || !text.includes(overdue.toFixed(2))) {
                    throw new Error(`${rows.length} rows, the first: ${text}`);
                }
            },
        },
        {
            content: "open its document",
            trigger: ".o_data_row .o_data_cell[name='partner_id']",
            run: "click",
        },
        {
            content: "the invoice; note what was agreed",
            trigger: ".o_form_view .o-mail-Chatter-logNote",
            run: "click",
        },
        {
            trigger: ".o-mail-Composer-input",
            run: "edit Pays on Friday",
        },
        {
            trigger: ".o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            trigger: ".o-mail-Message:contains('Pays on Friday')",
        },
        {
            content: "back on the dashboard the filter is kept",
            trigger: ".breadcrumb-item:contains('Dashboard') a",
            run: "click",
        },
        {
            trigger: `${OVERDUE}[data-value='250']`,
        },
    ],
});
