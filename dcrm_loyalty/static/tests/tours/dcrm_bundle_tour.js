import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";
import tourUtils from "@sale/js/tours/tour_utils";

registry.category("web_tour.tours").add("dcrm_bundle", {
    steps: () => [
        ...tourUtils.createNewSalesOrder(),
        ...tourUtils.selectCustomer("Bistro"),
        ...tourUtils.addProduct("Starter Kit"),
        {
            content: "the parts are there, in their quantities",
            trigger:
                ".o_data_row:contains('Whisk') td[name='product_uom_qty']:contains('3.00')",
        },
        {
            content: "what it saves is shown",
            trigger: ".o_field_widget[name='bundle_saving']:contains('13.50')",
        },
        {
            content: "three of them",
            trigger: ".o_data_row:contains('Starter Kit') td[name='product_uom_qty']",
            run: "click",
        },
        {
            trigger: ".o_selected_row div[name='product_uom_qty'] input",
            run: "edit 3",
        },
        ...tourUtils.clickSomewhereElse(),
        {
            trigger:
                ".o_data_row:contains('Whisk') td[name='price_subtotal']:contains('59.44')",
        },
        {
            trigger: ".o_field_widget[name='bundle_saving']:contains('40.49')",
        },
        ...stepUtils.saveForm(),
        {
            content: "without the whisks",
            trigger: ".o_data_row:contains('Whisk') .o_list_record_remove button",
            run: "click",
        },
        {
            content: "no bundle discount any more, and the line says so",
            trigger: ".o_data_row:contains('Incomplete')",
        },
        {
            trigger:
                ".o_data_row:contains('Pan') td[name='price_subtotal']:contains('199.98')",
        },
        ...stepUtils.saveForm(),
    ],
});
