import {registry} from "@web/core/registry";
import {_t} from "@web/core/l10n/translation";
import {RfmGridController} from "../rfm_grid/rfm_grid_controller";
import {RfmGridModel} from "../rfm_grid/rfm_grid_model";
import {RfmGridRenderer} from "../rfm_grid/rfm_grid_renderer";
import {rfmGridView} from "../rfm_grid/rfm_grid_view";

/** A matrix of today's customers, with named cells; the server knows its domains. */
export class CustomerMatrixModel extends RfmGridModel {
    setup(params) {
        super.setup(params);
        this.matrix = params.matrix;
    }

    fetchGrid() {
        return this.orm.call(
            this.resModel,
            `${this.matrix}_matrix`,
            [{company_id: this.companyId}],
            {domain: this.domain}
        );
    }

    domainOfCell({domain}) {
        return domain;
    }

    domainOfGroup({domain}) {
        return domain;
    }
}

/** Frequency up; across, of those being lost, recency, and of those to invest in, value. */
export class CustomerMatrixRenderer extends RfmGridRenderer {
    get isInvest() {
        return this.model.matrix === "invest";
    }

    get axes() {
        const {row, column} = this.data;
        const across = this.isInvest
            ? {
                  name: _t("Value"),
                  title: _t("Value: what they bought for"),
                  low: _t("Little"),
                  high: _t("Much"),
                  label: (number) => this.valueLabel(number, column.cuts),
              }
            : {
                  name: _t("Recency"),
                  title: _t("Recency: days since the last purchase"),
                  low: _t("Long ago"),
                  high: _t("Lately"),
                  label: (number) => this.recencyLabel(number, column.cuts),
              };
        return {
            x: {key: "column", count: column.classes, ...across},
            y: {
                key: "row",
                count: row.classes,
                name: _t("Frequency"),
                title: _t("Frequency: purchases"),
                low: _t("Seldom"),
                high: _t("Often"),
                label: (number) => this.frequencyLabel(number, row.cuts),
            },
        };
    }

    /** The amounts that make a class, where known. */
    valueLabel(number, cuts) {
        if (!cuts.length) {
            return "";
        }
        return number > cuts.length
            ? _t("over %s", this.amount(cuts[number - 2]))
            : _t("to %s", this.amount(cuts[number - 1]));
    }

    get figures() {
        const total = (name) =>
            this.cells.reduce((figure, cell) => figure + cell[name], 0);
        const customers = [_t("Customers"), this.number(this.customers)];
        return this.isInvest
            ? [
                  customers,
                  [_t("They bring (margin)"), this.amount(total("margin"))],
                  [_t("We spend on them"), this.amount(total("spent"))],
                  [_t("Profit"), this.amount(total("profit"))],
              ]
            : [
                  customers,
                  [_t("In danger"), this.number(total("in_danger"))],
                  [_t("Purchase value"), this.amount(this.monetary)],
              ];
    }

    get measures() {
        return this.isInvest
            ? [
                  ["margin", _t("They bring"), _t("Color: gross margin")],
                  ["spent", _t("We spend"), _t("Color: spent on them")],
                  ["profit", _t("Profit"), _t("Color: profit")],
              ]
            : super.measures;
    }

    money(cell) {
        return this.isInvest ? cell[this.state.measure] : super.money(cell);
    }

    sum(cells) {
        return this.isInvest
            ? this.amount(cells.reduce((figure, cell) => figure + this.money(cell), 0))
            : super.sum(cells);
    }

    moneyOf(cell) {
        const amount = (name) => this.amount(cell[name]);
        return this.isInvest
            ? [
                  [_t("Revenue"), amount("revenue")],
                  [_t("Gross margin"), amount("margin")],
                  [_t("Spent on them"), amount("spent")],
                  [_t("Profit"), amount("profit")],
              ]
            : [[_t("In danger"), this.number(cell.in_danger)], ...super.moneyOf(cell)];
    }

    get emptyCell() {
        const names = ["in_danger", "revenue", "margin", "spent", "profit"];
        return {
            ...super.emptyCell,
            ...Object.fromEntries(names.map((name) => [name, 0])),
            cell_id: null,
        };
    }

    get hasPast() {
        return false;
    }

    get isPast() {
        return false;
    }

    get groups() {
        return this.data.names;
    }

    get groupsTitle() {
        return _t("What to do");
    }

    groupIdsOf(cell) {
        return [cell.cell_id];
    }
}

export class CustomerMatrixController extends RfmGridController {
    static props = {...RfmGridController.props, matrix: String};

    get modelParams() {
        return {...super.modelParams, matrix: this.props.matrix};
    }
}

export const customerMatrixView = {
    ...rfmGridView,
    type: "customer_matrix",
    Controller: CustomerMatrixController,
    Model: CustomerMatrixModel,
    Renderer: CustomerMatrixRenderer,

    props: (genericProps, view) => ({
        ...rfmGridView.props(genericProps, view),
        matrix: genericProps.arch.getAttribute("matrix"),
    }),
};

registry.category("views").add("customer_matrix", customerMatrixView);
