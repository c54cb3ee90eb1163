import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("dcrm_scorecard", {
    steps: () => [
        {
            content: "the figures stand against those of the period before",
            trigger: ".o_dcrm_scorecard tr[data-key=sales]:contains('+100%')",
        },
        {
            content: "open what was sold",
            trigger: ".o_dcrm_scorecard tr[data-key=sales] .o_dcrm_figure",
            run: "click",
        },
        {
            content: "it is exactly that",
            trigger: ".o_list_view .o_list_footer:contains('200')",
            run: () => {
                const rows = document.querySelectorAll(".o_list_view .o_data_row");
                if (rows.length !== 2) {
                    throw new Error(`${rows.length} purchases, not 2`);
                }
            },
        },
    ],
});
