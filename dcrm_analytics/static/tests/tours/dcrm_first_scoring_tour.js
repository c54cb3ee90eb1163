import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("dcrm_first_scoring", {
    steps: () => [
        {
            content: "an empty database says what to do first",
            trigger: ".o_dcrm_welcome .o_dcrm_import",
        },
        {
            content: "switch scoring on",
            trigger: ".o_dcrm_welcome .o_dcrm_start",
            run: "click",
        },
        {
            content: "the first build shows how far it is",
            trigger: ".o_dcrm_welcome .o_dcrm_run .progress",
        },
    ],
});

registry.category("web_tour.tours").add("dcrm_scored", {
    steps: () => [
        {
            content: "the scores are there",
            trigger: ".o_dcrm_rfm .o_dcrm_cell:not(.o_dcrm_cell_empty)",
        },
        {
            content: "refresh again",
            trigger: ".o_dcrm_refresh:enabled",
            run: "click",
        },
        {
            content: "which shows how far it is, too",
            trigger: ".o_dcrm_run .progress",
        },
        {
            trigger: ".o_dcrm_refresh:disabled",
        },
    ],
});
