import {Many2OneReferenceField} from "@web/views/fields/many2one_reference/many2one_reference_field";
import {registry} from "@web/core/registry";

/** The piece that a ticket is about: one of its product, where that is known. */
export class TicketLot extends Many2OneReferenceField {
    get m2oProps() {
        const product = this.props.record.data.product_id;
        return {
            ...super.m2oProps,
            domain: () => (product ? [["product_id", "=", product.id]] : []),
        };
    }
}

const fields = registry.category("fields");
fields.add("dcrm_ticket_lot", {
    ...fields.get("many2one_reference"),
    component: TicketLot,
});
