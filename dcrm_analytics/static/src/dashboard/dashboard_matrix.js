import {Component} from "@odoo/owl";
import {Figure} from "./figure";

const STEPS = 6;

/**
 * Rows by columns, each square with its figures and as deep a colour as its shade is
 * great: the RFM grid, danger by value, cohorts.
 */
export class DashboardMatrix extends Component {
    static template = "dcrm_analytics.DashboardMatrix";
    static components = {Figure};
    static props = {block: Object};

    get mostShade() {
        return Math.max(0, ...this.props.block.cells.map((cell) => cell.shade || 0));
    }

    cellOf(row, column) {
        return this.props.block.cells.find(
            (cell) => cell.row === row.key && cell.column === column.key
        );
    }

    /** Return 0 (nothing) to STEPS; the steps grow as squares. */
    step(cell) {
        const most = this.mostShade;
        if (!cell || !(cell.shade > 0) || !most) {
            return 0;
        }
        return Math.max(1, Math.ceil(STEPS * Math.sqrt(cell.shade / most)));
    }

    cellClass(cell) {
        return cell ? `o_dcrm_money_${this.step(cell)}` : "o_dcrm_matrix_none";
    }

    get style() {
        return `--columns: ${this.props.block.columns.length}`;
    }
}
