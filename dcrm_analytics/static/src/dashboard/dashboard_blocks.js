import {Component} from "@odoo/owl";
import {DashboardChart} from "./dashboard_chart";
import {DashboardMatrix} from "./dashboard_matrix";
import {Figure} from "./figure";
import {SegmentFlow} from "../segment_flow/segment_flow";

/** Whether a change is still one when it is rounded as it is shown. */
function isSeen(change) {
    return Math.abs(change) >= 0.0005;
}

/** Figures side by side, each with what it is and how it changed. */
export class DashboardFigures extends Component {
    static template = "dcrm_analytics.DashboardFigures";
    static components = {Figure};
    static props = {block: Object};

    /** How much a figure changed, as text; empty where that is not known. */
    changeOf({change}) {
        if (typeof change !== "number") {
            return "";
        }
        const value = isSeen(change) ? change : 0;
        const text = this.env.dcrmDashboard.format({value, unit: "percent"});
        return value > 0 ? `+${text}` : text;
    }

    changeClass({change, better}) {
        if (!isSeen(change) || !better) {
            return "text-muted";
        }
        return change > 0 === (better === "more") ? "text-success" : "text-danger";
    }
}

/** Rows with a bar as long as their first figure. */
export class DashboardBars extends Component {
    static template = "dcrm_analytics.DashboardBars";
    static components = {Figure};
    static props = {block: Object};

    get rows() {
        const sizes = this.props.block.rows.map((row) =>
            Math.abs(row.figures[0].value)
        );
        const most = Math.max(...sizes) || 1;
        return this.props.block.rows.map((row, index) => ({
            ...row,
            share: (100 * sizes[index]) / most,
        }));
    }
}

/** Customers who moved between segments, as bands. */
export class DashboardFlow extends Component {
    static template = "dcrm_analytics.DashboardFlow";
    static components = {SegmentFlow};
    static props = {block: Object};

    open(flow) {
        this.env.dcrmDashboard.open(flow.figure);
    }
}

export const BLOCKS = {
    bars: DashboardBars,
    chart: DashboardChart,
    figures: DashboardFigures,
    flow: DashboardFlow,
    matrix: DashboardMatrix,
};
