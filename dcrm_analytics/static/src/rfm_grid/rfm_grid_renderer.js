import {Component, useRef, useState} from "@odoo/owl";
import {DateTimeInput} from "@web/core/datetime/datetime_input";
import {localization} from "@web/core/l10n/localization";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";
import {formatInteger} from "@web/views/fields/formatters";
import {shortAmount} from "../amount";

/* global luxon */
const {DateTime} = luxon;

const MONEY_STEPS = 6;
const ARROWS = {
    ArrowUp: [0, 1],
    ArrowDown: [0, -1],
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
};

function sum(cells, measure) {
    return cells.reduce((total, cell) => total + cell[measure], 0);
}

function descending(count) {
    return [...Array(count).keys()].map((index) => count - index);
}

/**
 * The grid: recency from left (long ago) to right (lately), frequency from below
 * (seldom) to above (often), so that the best customers are at the upper right.
 * A square's area is its customers, its colour their money.
 */
export class RfmGridRenderer extends Component {
    static template = "dcrm_analytics.RfmGridRenderer";
    static components = {DateTimeInput};
    static props = {model: Object};

    setup() {
        this.action = useService("action");
        this.root = useRef("root");
        this.state = useState({measure: "total", segment: null, focus: null});
    }

    // -- data ---------------------------------------------------------------------

    get model() {
        return this.props.model;
    }

    get data() {
        return this.model.data;
    }

    get cells() {
        return this.data.cells;
    }

    get recencyClasses() {
        return descending(this.data.recency_classes).reverse();
    }

    get frequencyClasses() {
        return descending(this.data.frequency_classes);
    }

    get customers() {
        return sum(this.cells, "customers");
    }

    get monetary() {
        return sum(this.cells, "monetary");
    }

    get maxCustomers() {
        return Math.max(1, ...this.cells.map((cell) => cell.customers));
    }

    get maxMoney() {
        return Math.max(0, ...this.cells.map((cell) => this.money(cell)));
    }

    /** The company's day; of a past grid it isn't known, and the browser's serves. */
    get today() {
        return this.isPast
            ? DateTime.now().startOf("day")
            : deserializeDate(this.data.as_of);
    }

    get day() {
        return deserializeDate(this.data.as_of);
    }

    get isPast() {
        return this.data.as_of_kind !== "live";
    }

    get asOfNote() {
        return this.data.as_of_kind === "replayed"
            ? _t("Replayed from the purchases known today, segments by the grid alone.")
            : _t("As it was recorded that day.");
    }

    get nobodyNote() {
        if (this.model.domain.length) {
            return _t("No customer matches these filters.");
        }
        const recordedFrom = this.data.recorded_from;
        if (this.isPast && recordedFrom > this.data.as_of) {
            const day = formatDate(deserializeDate(recordedFrom));
            return _t("Scores have been recorded since %s.", day);
        }
        return this.isPast
            ? _t("None of the customers that you see had a score that day.")
            : _t("None of the customers that you see has a score yet.");
    }

    cellOf(recency, frequency) {
        return (
            this.cells.find(
                (cell) =>
                    cell.recency_class === recency && cell.frequency_class === frequency
            ) || {
                recency_class: recency,
                frequency_class: frequency,
                customers: 0,
                monetary: 0,
                segment_ids: [],
            }
        );
    }

    ofRecency(recency) {
        return this.cells.filter((cell) => cell.recency_class === recency);
    }

    ofFrequency(frequency) {
        return this.cells.filter((cell) => cell.frequency_class === frequency);
    }

    segmentsOf(cell) {
        return this.data.segments.filter(({id}) => cell.segment_ids.includes(id));
    }

    /** What the colour of a cell says: its money, or that of one customer. */
    money(cell) {
        if (this.state.measure === "total" || !cell.customers) {
            return cell.monetary;
        }
        return cell.monetary / cell.customers;
    }

    total(cells, measure) {
        return sum(cells, measure);
    }

    get segmentTotals() {
        const rows = this.data.segments;
        const most = Math.max(1, ...rows.map((row) => row.customers));
        return rows.map((row) => ({...row, share: (100 * row.customers) / most}));
    }

    // -- looks --------------------------------------------------------------------

    /** Return 0 (no or negative money) to MONEY_STEPS; the steps grow as squares. */
    step(cell) {
        const money = this.money(cell);
        if (money <= 0 || this.maxMoney <= 0) {
            return 0;
        }
        return Math.max(1, Math.ceil(MONEY_STEPS * Math.sqrt(money / this.maxMoney)));
    }

    get legend() {
        return [...Array(MONEY_STEPS).keys()].map((index) => ({
            step: index + 1,
            from: this.maxMoney * (index / MONEY_STEPS) ** 2,
            to: this.maxMoney * ((index + 1) / MONEY_STEPS) ** 2,
        }));
    }

    side(customers) {
        return (100 * Math.sqrt(customers / this.maxCustomers)).toFixed(1);
    }

    /** The days since the last purchase that make a class, where known. */
    recencyLabel(recency) {
        const cuts = this.data.recency_cuts;
        return cuts.length ? this.span(cuts[recency - 1], cuts[recency - 2] - 1) : "";
    }

    /** The numbers of purchases that make a class, where known. */
    frequencyLabel(frequency) {
        const cuts = this.data.frequency_cuts;
        return cuts.length
            ? this.span(cuts[frequency - 2] + 1, cuts[frequency - 1])
            : "";
    }

    /** Whole numbers from one to another; what is no number is no bound. */
    span(from, to) {
        const [least, most] = [this.number(from), this.number(to)];
        if (to < Math.max(from || 0, 0)) {
            return _t("none");
        }
        if (isNaN(to)) {
            return _t("%s or more", least);
        }
        if (!from || isNaN(from)) {
            return _t("up to %s", most);
        }
        return from === to ? least : _t("%(from)s–%(to)s", {from: least, to: most});
    }

    get gridStyle() {
        const {recency_classes, frequency_classes} = this.data;
        return `--recency-classes: ${recency_classes}; --frequency-classes: ${frequency_classes}`;
    }

    number(value) {
        return formatInteger(Math.round(value));
    }

    amount(value) {
        return shortAmount(value, this.data.currency_id);
    }

    get isRightToLeft() {
        return localization.direction === "rtl";
    }

    // -- one cell -----------------------------------------------------------------

    label(cell) {
        return _t(
            "Recency %(recency)s, frequency %(frequency)s: %(customers)s customers, %(amount)s. %(segments)s",
            {
                recency: cell.recency_class,
                frequency: cell.frequency_class,
                customers: this.number(cell.customers),
                amount: this.amount(cell.monetary),
                segments: this.segmentsOf(cell)
                    .map((segment) => segment.name)
                    .join(", "),
            }
        );
    }

    tooltip(cell) {
        return JSON.stringify({
            recency: `${cell.recency_class} / ${this.data.recency_classes}`,
            frequency: `${cell.frequency_class} / ${this.data.frequency_classes}`,
            customers: this.number(cell.customers),
            share: `${Math.round((100 * cell.customers) / (this.customers || 1))} %`,
            total: this.amount(cell.monetary),
            average: this.amount(cell.monetary / (cell.customers || 1)),
            segments: this.segmentsOf(cell).map((segment) => segment.name),
        });
    }

    isFaded(cell) {
        return this.state.segment && !cell.segment_ids.includes(this.state.segment);
    }

    // -- what one does ------------------------------------------------------------

    isFirst(cell) {
        const focus = this.state.focus || [
            this.data.recency_classes,
            this.data.frequency_classes,
        ];
        return cell.recency_class === focus[0] && cell.frequency_class === focus[1];
    }

    onKeydown(ev, cell) {
        const arrow = ARROWS[ev.key];
        if (!arrow) {
            return;
        }
        ev.preventDefault();
        const [right, up] = arrow;
        const recency = cell.recency_class + (this.isRightToLeft ? -right : right);
        const frequency = cell.frequency_class + up;
        const next = this.root.el.querySelector(
            `[data-recency="${recency}"][data-frequency="${frequency}"]`
        );
        if (next) {
            this.state.focus = [recency, frequency];
            next.focus();
        }
    }

    async openCell(cell) {
        if (!cell.customers) {
            return;
        }
        const name = _t("Recency %(recency)s, frequency %(frequency)s", {
            recency: cell.recency_class,
            frequency: cell.frequency_class,
        });
        await this.open(name, await this.model.domainOfCell(cell));
    }

    async openSegment(segment) {
        await this.open(segment.name, await this.model.domainOfSegment(segment));
    }

    async open(name, domain) {
        await this.action.doAction({
            type: "ir.actions.act_window",
            name: this.isPast
                ? _t("%(name)s on %(day)s", {name, day: formatDate(this.day)})
                : name,
            res_model: this.model.resModel,
            views: [
                [false, "list"],
                [false, "kanban"],
                [false, "pivot"],
                [false, "form"],
            ],
            domain,
        });
    }

    async setAsOf(day) {
        const isToday = !day || day.startOf("day") >= this.today;
        await this.model.show({asOf: isToday ? null : day.startOf("day")});
    }
}
