import {registry} from "@web/core/registry";
import {inputFiles} from "@web/../tests/utils";

const HISTORY = `Client;Day;Total;Remark
T001;2025-03-31;100,50;first
T001;2025-04-30;200,00;second
T002;2025-05-31;not a number;third
T003;2025-06-30;300,00;fourth
`;

registry.category("web_tour.tours").add("dcrm_history_import", {
    steps: () => [
        {
            content: "an empty database offers to import",
            trigger: ".o_dcrm_welcome .o_dcrm_import",
            run: "click",
        },
        {
            content: "choose a file",
            trigger: ".modal .o_field_binary .o_select_file_button",
            run: () =>
                inputFiles(".modal .o_field_binary input[type=file]", [
                    new File([HISTORY], "history.csv", {type: "text/csv"}),
                ]),
        },
        {
            content: "it is there",
            trigger: ".modal .o_field_binary .o_clear_file_button",
        },
        {
            trigger: ".modal button[name='action_read']",
            run: "click",
        },
        {
            content: "say what a column is that has an odd name",
            trigger:
                ".modal .o_data_row:has([name='name']:contains('Total')) [name='meaning']",
            run: "click",
        },
        {
            content: "open what a column may mean",
            trigger: ".modal .o_selected_row [name='meaning'] input",
            run: "click",
        },
        {
            content: "it is the amount",
            trigger: ".o_select_menu_item:contains('Amount')",
            run: "click",
        },
        {
            content: "import",
            trigger: ".modal button[name='action_start']",
            run: "click",
        },
        {
            content: "the import is under way",
            trigger: ".o_form_view .o_field_statusbar:contains('Waiting')",
        },
    ],
});

registry.category("web_tour.tours").add("dcrm_history_imported", {
    steps: () => [
        {
            content: "what came of it",
            trigger: ".o_form_view .alert-success:contains('3')",
        },
        {
            content: "what was rejected can be downloaded",
            trigger: ".o_field_widget[name='rejected_file'] .o_form_uri",
        },
    ],
});
