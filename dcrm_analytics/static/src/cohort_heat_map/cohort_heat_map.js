import {Component} from "@odoo/owl";
import {deserializeDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";
import {formatInteger, formatPercentage} from "@web/views/fields/formatters";
import {shortAmount} from "../amount";

const STEPS = 6;

export const COHORT_MEASURES = {
    retention: _t("Retention"),
    customers: _t("Customers"),
    revenue: _t("Revenue"),
    margin: _t("Margin"),
};

/**
 * Cohorts as a heat map: a row those who bought first in the same period, a column an
 * age; the deeper a cell's colour, the more of the measure. Every figure opens exactly
 * the purchases that it counts.
 */
export class CohortHeatMap extends Component {
    static template = "dcrm_analytics.CohortHeatMap";
    static props = {
        /** What `dcrm.cohort.table` says. */
        table: Object,
        measure: {type: String, optional: true},
    };
    static defaultProps = {measure: "retention"};

    setup() {
        this.action = useService("action");
    }

    get table() {
        return this.props.table;
    }

    get cohorts() {
        return [...this.table.cohorts].reverse();
    }

    get ages() {
        const longest = Math.max(
            0,
            ...this.table.cohorts.map((each) => each.cells.length)
        );
        return [...Array(longest).keys()];
    }

    get isRetention() {
        return this.props.measure === "retention";
    }

    /** The most that a cell has: at age 0 everybody is there, which would hide the rest. */
    get most() {
        const cells = this.table.cohorts.flatMap((each) =>
            this.isRetention ? each.cells.slice(1) : each.cells
        );
        return Math.max(0, ...cells.map((cell) => cell[this.props.measure]));
    }

    /** Return 0 (nothing, or less) to STEPS; the steps grow as squares. */
    step(cell) {
        const value = cell[this.props.measure];
        if (value <= 0 || this.most <= 0) {
            return 0;
        }
        const share = Math.min(1, value / this.most);
        return Math.max(1, Math.ceil(STEPS * Math.sqrt(share)));
    }

    name(start) {
        const day = deserializeDate(start);
        return this.table.step === "quarter"
            ? _t("Q%(quarter)s %(year)s", {quarter: day.quarter, year: day.year})
            : day.toFormat("LLL yyyy");
    }

    get ageTitle() {
        return this.table.step === "quarter"
            ? _t("Quarters since the first purchase")
            : _t("Months since the first purchase");
    }

    number(value) {
        return formatInteger(value);
    }

    percent(value) {
        return formatPercentage(value, {digits: [16, 0]});
    }

    show(cell) {
        const value = cell[this.props.measure];
        if (this.isRetention) {
            return this.percent(value);
        }
        return this.props.measure === "customers"
            ? this.number(value)
            : shortAmount(value, this.table.currency_id);
    }

    averageOf(age) {
        const row = this.table.average.find((each) => each.age === age);
        return row ? this.percent(row.retention) : "";
    }

    label(cohort, cell) {
        return _t(
            "%(cohort)s, age %(age)s: %(customers)s of %(size)s customers bought, revenue %(revenue)s, margin %(margin)s",
            {
                cohort: this.name(cohort.start),
                age: cell.age,
                customers: this.number(cell.customers),
                size: this.number(cohort.size),
                revenue: shortAmount(cell.revenue, this.table.currency_id),
                margin: shortAmount(cell.margin, this.table.currency_id),
            }
        );
    }

    tooltip(cohort, cell) {
        const {number, percent} = this;
        const money = (value) => shortAmount(value, this.table.currency_id);
        return JSON.stringify({
            cohort: this.name(cohort.start),
            age: cell.age,
            step: this.table.step,
            customers: `${number(cell.customers)} / ${number(cohort.size)}`,
            retention: percent(cell.retention),
            revenue: money(cell.revenue),
            margin: money(cell.margin),
            unknown: cell.margin_unknown && number(cell.margin_unknown),
            open: cell.is_open,
        });
    }

    /** Open what a figure counts: customers by those who bought, money by all of it. */
    async open(cohort, cell) {
        const {domain} = cell || cohort;
        const isMoney = ["revenue", "margin"].includes(this.props.measure);
        const name = cell
            ? _t("%(cohort)s, age %(age)s", {
                  cohort: this.name(cohort.start),
                  age: cell.age,
              })
            : this.name(cohort.start);
        await this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: this.table.model,
            views: [
                [false, "list"],
                [false, "pivot"],
                [false, "graph"],
            ],
            domain: cell && isMoney ? domain : [...domain, ["bought", "=", true]],
            context: {group_by: ["partner_id"]},
        });
    }
}
