import {registry} from "@web/core/registry";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {CustomerPageBody} from "@dcrm_analytics/customer_page/customer_page";

/** The page of a ticket's customer, beside the ticket. */
export class TicketCustomer extends CustomerPageBody {
    static template = "dcrm_service.TicketCustomer";
    static props = {...standardWidgetProps};

    setup() {
        super.setup();
        useRecordObserver(async ({data}) => {
            const customerId = data.commercial_partner_id?.id;
            if (customerId !== this.shownId) {
                this.shownId = customerId;
                await this.load();
            }
        });
    }

    get customerId() {
        return this.props.record.data.commercial_partner_id?.id;
    }

    get context() {
        return {allowed_company_ids: [this.props.record.data.company_id.id]};
    }
}

registry.category("view_widgets").add("dcrm_ticket_customer", {
    component: TicketCustomer,
    fieldDependencies: [
        {name: "commercial_partner_id", type: "many2one", relation: "res.partner"},
        {name: "company_id", type: "many2one", relation: "res.company"},
    ],
});
