import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {
    formatFloat,
    formatInteger,
    formatPercentage,
} from "@web/views/fields/formatters";
import {shortAmount} from "../amount";

/** What a figure says, by its unit, short enough for a square. */
export function formatFigure({value, unit}, currencyId) {
    if (value === null || value === undefined || value === false) {
        return "–";
    }
    switch (unit) {
        case "money":
            return shortAmount(value, currencyId);
        case "percent":
            return formatPercentage(value, {digits: [16, value < 0.1 ? 1 : 0]});
        case "days":
            return _t("%s days", formatFloat(value, {digits: [16, 1]}));
        case "factor":
            return formatFloat(value, {digits: [16, 2]});
        default:
            return formatInteger(Math.round(value));
    }
}

/** A figure that opens what it counts. */
export class Figure extends Component {
    static template = "dcrm_analytics.Figure";
    static props = {
        figure: Object,
        className: {type: String, optional: true},
    };

    get text() {
        return this.env.dcrmDashboard.format(this.props.figure);
    }

    /** A share of nothing, or what nothing is known of, leads nowhere. */
    get isLink() {
        return Boolean(this.props.figure.model);
    }

    open() {
        this.env.dcrmDashboard.open(this.props.figure);
    }
}
