import {ComboConfiguratorDialog} from "@sale/js/combo_configurator_dialog/combo_configurator_dialog";
import {ProductProduct} from "@sale/js/models/product_product";
import {patch} from "@web/core/utils/patch";

patch(ProductProduct.prototype, {
    /**
     * @param {Object} values
     * @param {Number} values.bundle_extra_price what this choice of a bundle costs more
     *     than the first one, a bundle
     * @override
     */
    setup(values) {
        super.setup(values);
        this.bundle_extra_price = values.bundle_extra_price;
    },
});

patch(ComboConfiguratorDialog.prototype, {
    /**
     * The price of a bundle is that of its first choices: others cost more or less.
     *
     * @override
     */
    setup() {
        for (const item of this.props.combos.flatMap((combo) => combo.combo_items)) {
            item.extra_price = item.product.bundle_extra_price ?? item.extra_price;
        }
        super.setup();
    },
});
