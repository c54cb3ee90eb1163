import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("dcrm_segment_grid", {
    steps: () => [
        {
            content: "take a segment to paint with",
            trigger: ".o_dcrm_brush[data-segment='Tour Segment']",
            run: "click",
        },
        {
            content: "one monetary class alone",
            trigger: ".o_dcrm_monetary [data-monetary='5']",
            run: "click",
        },
        {
            content: "paint one square of it",
            trigger: ".o_dcrm_canvas_cell[data-recency='1'][data-frequency='2']",
            run: "click",
        },
        {
            trigger:
                ".o_dcrm_canvas_cell[data-recency='1'][data-frequency='2']:contains('Tour Segment')",
        },
        {
            content: "all monetary classes together",
            trigger: ".o_dcrm_monetary button:contains('All')",
            run: "click",
        },
        {
            content: "paint a whole square",
            trigger: ".o_dcrm_canvas_cell[data-recency='3'][data-frequency='4']",
            run: "click",
        },
        {
            content: "save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved, .o_form_status_indicator_buttons.invisible",
        },
    ],
});
