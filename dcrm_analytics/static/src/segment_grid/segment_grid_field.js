import {Component, onWillStart, useExternalListener, useState} from "@odoo/owl";
import {localization} from "@web/core/l10n/localization";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

/** Return the values from the highest to the lowest, each once. */
function descending(values) {
    return [...new Set(values)].sort((one, other) => other - one);
}

/**
 * The partition of a scheme's cube, painted: recency from left to right, frequency
 * from below to above, one monetary class at a time or all of them together.
 */
export class SegmentGridField extends Component {
    static template = "dcrm_analytics.SegmentGridField";
    static props = standardFieldProps;

    setup() {
        this.orm = useService("orm");
        this.state = useState({segments: [], brush: null, monetary: null});
        this.painting = false;
        useExternalListener(window, "pointerup", () => (this.painting = false));
        onWillStart(async () => {
            this.state.segments = await this.orm.searchRead(
                "dcrm.segment",
                [],
                ["name", "color"]
            );
        });
    }

    /** The arrow to the better recency. */
    get onward() {
        return localization.direction === "rtl" ? "←" : "→";
    }

    get cells() {
        return this.props.record.data[this.props.name].records;
    }

    classes(axis) {
        return descending(this.cells.map((cell) => cell.data[axis]));
    }

    get recencyClasses() {
        return this.classes("recency_class").reverse();
    }

    get frequencyClasses() {
        return this.classes("frequency_class");
    }

    get monetaryClasses() {
        return this.classes("monetary_class").reverse();
    }

    /** The cells behind one square: one for each monetary class that is shown. */
    cellsOf(recency, frequency) {
        return this.cells
            .filter(
                ({data}) =>
                    data.recency_class === recency &&
                    data.frequency_class === frequency &&
                    [null, data.monetary_class].includes(this.state.monetary)
            )
            .sort((one, other) => one.data.monetary_class - other.data.monetary_class);
    }

    segment(id) {
        return this.state.segments.find((segment) => segment.id === id);
    }

    /** The segments of a square, from the lowest monetary class to the highest. */
    segmentsOf(recency, frequency) {
        const ids = this.cellsOf(recency, frequency).map(
            (cell) => cell.data.segment_id.id
        );
        return [...new Set(ids)].map(
            (id) => this.segment(id) || {id, name: _t("Archived"), color: 0}
        );
    }

    label(recency, frequency) {
        return _t("Recency %(recency)s, frequency %(frequency)s: %(segments)s", {
            recency,
            frequency,
            segments: this.segmentsOf(recency, frequency)
                .map((segment) => segment.name)
                .join(", "),
        });
    }

    onPointerdown(ev, recency, frequency) {
        if (ev.button === 0) {
            this.painting = true;
            // A finger keeps the square it began on; let it reach the next ones.
            ev.target.releasePointerCapture?.(ev.pointerId);
            this.paint(recency, frequency);
        }
    }

    onPointerenter(recency, frequency) {
        if (this.painting) {
            this.paint(recency, frequency);
        }
    }

    onKeydown(ev, recency, frequency) {
        if (["Enter", " "].includes(ev.key)) {
            ev.preventDefault();
            this.paint(recency, frequency);
        }
    }

    async paint(recency, frequency) {
        const segment = this.segment(this.state.brush);
        if (this.props.readonly || !segment) {
            return;
        }
        const value = {id: segment.id, display_name: segment.name};
        const cells = this.cellsOf(recency, frequency).filter(
            (cell) => cell.data.segment_id.id !== segment.id
        );
        await Promise.all(cells.map((cell) => cell.update({segment_id: value})));
    }
}

registry.category("fields").add("dcrm_segment_grid", {
    component: SegmentGridField,
    displayName: _t("Segment Grid"),
    supportedTypes: ["one2many"],
    useSubView: true,
});
