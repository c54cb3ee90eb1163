import {SaleOrderLineListRenderer} from "@sale/js/sale_order_line_field/sale_order_line_field";
import {patch} from "@web/core/utils/patch";

patch(SaleOrderLineListRenderer.prototype, {
    /**
     * A part of a bundle can be left out: the bundle then gives no discount.
     *
     * @override
     */
    displayDeleteIcon(record) {
        return super.displayDeleteIcon(record) || record.data.is_bundle_part;
    },

    /**
     * @override
     */
    getRowClass(record) {
        const warning = record.data.bundle_broken ? "text-warning" : "";
        return `${super.getRowClass(record)} ${warning}`;
    },
});
