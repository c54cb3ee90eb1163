import {Component, useState} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {DropdownItem} from "@web/core/dropdown/dropdown_item";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useService} from "@web/core/utils/hooks";

/** The macros that may be run on the ticket in view, each by one click. */
export class TicketMacros extends Component {
    static template = "dcrm_service.TicketMacros";
    static components = {Dropdown, DropdownItem};
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.state = useState({macros: []});
    }

    /** Ask for them when they are to be seen: team and stage may have changed. */
    async load() {
        if (!(await this.props.record.save())) {
            return;
        }
        this.state.macros = await this.orm.call("dcrm.ticket.macro", "of_tickets", [
            [this.props.record.resId],
        ]);
    }

    async run(macro) {
        const record = this.props.record;
        if (!(await record.save())) {
            return;
        }
        await this.orm.call("dcrm.ticket.macro", "run", [[macro.id], [record.resId]]);
        this.notification.add(_t("Done: %s", macro.name), {type: "success"});
        await record.load();
    }
}

export const ticketMacros = {
    component: TicketMacros,
};

registry.category("view_widgets").add("dcrm_ticket_macros", ticketMacros);
