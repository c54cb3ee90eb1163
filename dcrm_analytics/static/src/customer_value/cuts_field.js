import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {formatFloat} from "@web/views/fields/formatters";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** The cut points of one axis, from class to class. */
export class CutsField extends Component {
    static template = "dcrm_analytics.CutsField";
    static props = standardFieldProps;

    get cuts() {
        return (this.props.record.data[this.props.name] || []).map((cut) =>
            formatFloat(cut, {digits: [16, Number.isInteger(cut) ? 0 : 2]})
        );
    }
}

registry.category("fields").add("dcrm_cuts", {
    component: CutsField,
    displayName: _t("Cut Points"),
    supportedTypes: ["json"],
});
