import {Component, useState} from "@odoo/owl";
import {localization} from "@web/core/l10n/localization";
import {_t} from "@web/core/l10n/translation";
import {formatInteger} from "@web/views/fields/formatters";

// Pixels: of all bands together, of the smallest label, between labels, of a band.
const HEIGHT = 300;
const LABEL = 30;
const GAP = 6;
const BAND = 2;

function sum(flows) {
    return flows.reduce((total, flow) => total + flow.customers, 0);
}

/** Segments in their order, and last who has none. */
function inOrder(one, other) {
    return !one.id - !other.id || one.sequence - other.sequence || one.id - other.id;
}

/**
 * Customers who flow between segments: on one side where they came from, on the other
 * where they went, bands as thick as they are many. Below, the same in words.
 *
 * `flows` are dicts `from, to` (`{id, name, color, sequence}`, id false: no segment)
 * and `customers`; `onOpen(flow)` is called with the flow that was chosen.
 */
export class SegmentFlow extends Component {
    static template = "dcrm_analytics.SegmentFlow";
    static props = {
        flows: Array,
        onOpen: Function,
        fromTitle: {type: String, optional: true},
        toTitle: {type: String, optional: true},
        listed: {type: Number, optional: true},
    };
    static defaultProps = {listed: 12};

    setup() {
        this.state = useState({stayed: false, all: false, focus: null});
    }

    get moves() {
        return this.props.flows.filter((flow) => flow.from.id !== flow.to.id);
    }

    get hasStayed() {
        return this.moves.length < this.props.flows.length;
    }

    get stayedCount() {
        return sum(this.props.flows) - sum(this.moves);
    }

    get flows() {
        return this.state.stayed ? this.props.flows : this.moves;
    }

    get rows() {
        const rows = [...this.flows].sort(
            (one, other) => other.customers - one.customers
        );
        return this.state.all ? rows : rows.slice(0, this.props.listed);
    }

    get hidden() {
        return this.flows.length - this.rows.length;
    }

    // -- the picture --------------------------------------------------------------

    /** Where each label and band is; heights in pixels, widths in per cent. */
    get picture() {
        const unit = HEIGHT / Math.max(1, sum(this.flows));
        const sides = {
            from: this.side("from", "to", unit),
            to: this.side("to", "from", unit),
        };
        const height = Math.max(sides.from.height, sides.to.height);
        for (const side of Object.values(sides)) {
            const shift = (height - side.height) / 2;
            for (const node of side.nodes) {
                node.top += shift;
                for (const key in node.bands) {
                    node.bands[key] += shift;
                }
            }
        }
        return {
            height,
            from: sides.from.nodes,
            to: sides.to.nodes,
            bands: this.flows.map((flow) => this.band(flow, sides, unit)),
        };
    }

    side(end, other, unit) {
        const found = new Map();
        for (const flow of this.flows) {
            const node = found.get(flow[end].id) || {segment: flow[end], flows: []};
            node.flows.push(flow);
            found.set(flow[end].id, node);
        }
        let top = 0;
        const nodes = [...found.values()]
            .sort((one, two) => inOrder(one.segment, two.segment))
            .map(({segment, flows}) => {
                flows.sort((one, two) => inOrder(one[other], two[other]));
                const thick = flows.map((flow) => this.thickness(flow, unit));
                const total = thick.reduce((all, each) => all + each, 0);
                const height = Math.max(LABEL, total);
                const bands = {};
                let at = top + (height - total) / 2;
                flows.forEach((flow, index) => {
                    bands[flow[other].id] = at;
                    at += thick[index];
                });
                const node = {
                    segment,
                    end,
                    key: `${end}-${segment.id}`,
                    customers: sum(flows),
                    top,
                    height,
                    bands,
                };
                top += height + GAP;
                return node;
            });
        return {nodes, height: Math.max(0, top - GAP)};
    }

    thickness(flow, unit) {
        return Math.max(BAND, flow.customers * unit);
    }

    band(flow, sides, unit) {
        const node = (end) =>
            sides[end].nodes.find(({segment}) => segment.id === flow[end].id);
        const start = node("from").bands[flow.to.id];
        const finish = node("to").bands[flow.from.id];
        const thick = this.thickness(flow, unit);
        const [left, right] = this.isRightToLeft ? [finish, start] : [start, finish];
        return {
            flow,
            key: this.key(flow),
            path:
                `M0,${left} C50,${left} 50,${right} 100,${right} ` +
                `V${right + thick} ` +
                `C50,${right + thick} 50,${left + thick} 0,${left + thick} Z`,
        };
    }

    get isRightToLeft() {
        return localization.direction === "rtl";
    }

    // -- words --------------------------------------------------------------------

    key(flow) {
        return `${flow.from.id}-${flow.to.id}`;
    }

    name(segment, end) {
        if (segment.name) {
            return segment.name;
        }
        return end === "from" ? _t("Not a customer yet") : _t("No segment any more");
    }

    number(value) {
        return formatInteger(value);
    }

    label(flow) {
        return _t("%(from)s to %(to)s: %(customers)s customers", {
            from: this.name(flow.from, "from"),
            to: this.name(flow.to, "to"),
            customers: this.number(flow.customers),
        });
    }

    // -- what one does ------------------------------------------------------------

    isFaded(flow) {
        const focus = this.state.focus;
        return Boolean(focus) && ![this.key(flow), ...this.ends(flow)].includes(focus);
    }

    ends(flow) {
        return [`from-${flow.from.id}`, `to-${flow.to.id}`];
    }

    onKeydown(ev, flow) {
        if (["Enter", " "].includes(ev.key)) {
            ev.preventDefault();
            this.props.onOpen(flow);
        }
    }
}
