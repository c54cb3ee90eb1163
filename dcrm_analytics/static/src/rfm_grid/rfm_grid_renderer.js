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
        this.state = useState({measure: this.measures[0][0], group: null, focus: null});
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

    /**
     * What is across and what is up: the cells' key of it, its number of classes, what
     * it is called and what its ends are, and what makes one of its classes.
     */
    get axes() {
        return {
            x: {
                key: "recency_class",
                count: this.data.recency_classes,
                name: _t("Recency"),
                title: _t("Recency: days since the last purchase"),
                low: _t("Long ago"),
                high: _t("Lately"),
                label: (number) => this.recencyLabel(number, this.data.recency_cuts),
            },
            y: {
                key: "frequency_class",
                count: this.data.frequency_classes,
                name: _t("Frequency"),
                title: _t("Frequency: purchases"),
                low: _t("Seldom"),
                high: _t("Often"),
                label: (number) =>
                    this.frequencyLabel(number, this.data.frequency_cuts),
            },
        };
    }

    get columns() {
        return descending(this.axes.x.count).reverse();
    }

    get rows() {
        return descending(this.axes.y.count);
    }

    /** The figures over the grid, each a label and a text. */
    get figures() {
        return [
            [_t("Customers"), this.number(this.customers)],
            [_t("Purchase value"), this.amount(this.monetary)],
            [_t("Per customer"), this.amount(this.monetary / (this.customers || 1))],
        ];
    }

    /** What the colour may show: its key, the word of the choice, that of the legend. */
    get measures() {
        return [
            ["total", _t("Total value"), _t("Color: total value")],
            ["average", _t("Per customer"), _t("Color: value per customer")],
        ];
    }

    get measure() {
        return this.measures.find(([key]) => key === this.state.measure);
    }

    get hasPast() {
        return true;
    }

    /** The named groups that cells belong to, and of which the list beside consists. */
    get groups() {
        return this.data.segments;
    }

    get groupsTitle() {
        return _t("Segments");
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
        const recordedFrom = this.data.recorded_from;
        if (this.data.as_of_kind === "unrecorded" && recordedFrom) {
            const day = formatDate(deserializeDate(recordedFrom));
            return _t("Scores have been recorded since %s.", day);
        }
        if (this.model.domain.length) {
            return _t("No customer matches these filters.");
        }
        return this.isPast
            ? _t("None of the customers that you see had a score that day.")
            : _t("None of the customers that you see has a score yet.");
    }

    cellOf(column, row) {
        const {x, y} = this.axes;
        return (
            this.cells.find(
                (cell) => cell[x.key] === column && cell[y.key] === row
            ) || {
                ...this.emptyCell,
                [x.key]: column,
                [y.key]: row,
            }
        );
    }

    get emptyCell() {
        return {customers: 0, monetary: 0, segment_ids: []};
    }

    ofColumn(column) {
        return this.cells.filter((cell) => cell[this.axes.x.key] === column);
    }

    ofRow(row) {
        return this.cells.filter((cell) => cell[this.axes.y.key] === row);
    }

    groupIdsOf(cell) {
        return cell.segment_ids;
    }

    groupsOf(cell) {
        const ids = this.groupIdsOf(cell);
        return this.groups.filter(({id}) => ids.includes(id));
    }

    /** What the colour of a cell says: its money, or that of one customer. */
    money(cell) {
        if (this.state.measure === "total" || !cell.customers) {
            return cell.monetary;
        }
        return cell.monetary / cell.customers;
    }

    count(cells) {
        return this.number(sum(cells, "customers"));
    }

    /** The money of cells together, by what the colour shows. */
    sum(cells) {
        return this.amount(sum(cells, "monetary"));
    }

    get groupTotals() {
        const rows = this.groups;
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
    recencyLabel(recency, cuts) {
        return cuts.length ? this.span(cuts[recency - 1], cuts[recency - 2] - 1) : "";
    }

    /** The numbers of purchases that make a class, where known. */
    frequencyLabel(frequency, cuts) {
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
        const {x, y} = this.axes;
        return `--columns: ${x.count}; --rows: ${y.count}`;
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

    /** Where a cell is, as attributes: data-recency="5" data-frequency="1". */
    place(column, row) {
        const {x, y} = this.axes;
        const name = (axis) => `data-${axis.key.replace("_class", "")}`;
        return {[name(x)]: column, [name(y)]: row, "data-x": column, "data-y": row};
    }

    /** What a cell is called: "Recency 5, frequency 1". */
    title(cell) {
        const {x, y} = this.axes;
        return _t("%(across)s %(column)s, %(up)s %(row)s", {
            across: x.name,
            column: cell[x.key],
            up: y.name.toLowerCase(),
            row: cell[y.key],
        });
    }

    label(cell) {
        return _t("%(cell)s: %(customers)s customers, %(amount)s. %(groups)s", {
            cell: this.title(cell),
            customers: this.number(cell.customers),
            amount: this.amount(this.money(cell)),
            groups: this.groupsOf(cell)
                .map(({name}) => name)
                .join(", "),
        });
    }

    /** The rows of a cell's tooltip, each a label and a text. */
    details(cell) {
        const {x, y} = this.axes;
        const share = Math.round((100 * cell.customers) / (this.customers || 1));
        return [
            [x.name, `${cell[x.key]} / ${x.count}`],
            [y.name, `${cell[y.key]} / ${y.count}`],
            [_t("Customers"), `${this.number(cell.customers)} (${share} %)`],
            ...this.moneyOf(cell),
            ...this.groupsOf(cell).map(({name}, index) => [
                index ? "" : this.groupsTitle,
                name,
            ]),
        ];
    }

    moneyOf(cell) {
        return [
            [_t("Purchase value"), this.amount(cell.monetary)],
            [_t("Per customer"), this.amount(cell.monetary / (cell.customers || 1))],
        ];
    }

    tooltip(cell) {
        return JSON.stringify({rows: this.details(cell)});
    }

    isFaded(cell) {
        return this.state.group && !this.groupIdsOf(cell).includes(this.state.group);
    }

    // -- what one does ------------------------------------------------------------

    isFirst(cell) {
        const {x, y} = this.axes;
        const focus = this.state.focus || [x.count, y.count];
        return cell[x.key] === focus[0] && cell[y.key] === focus[1];
    }

    onKeydown(ev, cell) {
        const arrow = ARROWS[ev.key];
        if (!arrow) {
            return;
        }
        ev.preventDefault();
        const [right, up] = arrow;
        const {x, y} = this.axes;
        const column = cell[x.key] + (this.isRightToLeft ? -right : right);
        const row = cell[y.key] + up;
        const next = this.root.el.querySelector(
            `[data-x="${column}"][data-y="${row}"]`
        );
        if (next) {
            this.state.focus = [column, row];
            next.focus();
        }
    }

    async openCell(cell) {
        if (cell.customers) {
            await this.open(this.title(cell), await this.model.domainOfCell(cell));
        }
    }

    async openGroup(group) {
        await this.open(group.name, await this.model.domainOfGroup(group));
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
