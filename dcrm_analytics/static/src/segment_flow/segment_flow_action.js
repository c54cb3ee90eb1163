import {Component, onWillStart, useState} from "@odoo/owl";
import {DateTimeInput} from "@web/core/datetime/datetime_input";
import {deserializeDate, formatDate, serializeDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {SegmentFlow} from "./segment_flow";

// How far back one may look at once, before the second day.
const SPANS = {
    month: {label: _t("1 month"), back: {months: 1}},
    quarter: {label: _t("3 months"), back: {months: 3}},
    year: {label: _t("1 year"), back: {years: 1}},
};

/** The screen of flows: between which days, of which company, and who. */
export class SegmentFlowAction extends Component {
    static template = "dcrm_analytics.SegmentFlowAction";
    static components = {DateTimeInput, Layout, SegmentFlow};
    static props = {...standardActionServiceProps};
    static path = "dcrm-flows";
    static displayName = _t("Segment Flows");

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.companies = user.activeCompanies;
        this.spans = SPANS;
        this.state = useState({data: null});
        useSetupAction({getLocalState: () => ({filters: this.filters})});
        onWillStart(() => this.load(this.props.state?.filters || {}));
    }

    get filters() {
        return this.state.data.filters;
    }

    get display() {
        return {controlPanel: {}};
    }

    get first() {
        return deserializeDate(this.filters.date_from);
    }

    get last() {
        return deserializeDate(this.filters.date_to);
    }

    get today() {
        return deserializeDate(this.state.data.today);
    }

    async load(filters) {
        this.state.data = await this.keepLast.add(
            this.orm.call("dcrm.segment.stay", "flow_screen", [filters])
        );
    }

    setCompany(ev) {
        return this.load({company_id: Number(ev.target.value)});
    }

    /** Whichever day is set, the other gives way. */
    setDay(name, day) {
        if (!day) {
            return;
        }
        const days = {first: this.first, last: this.last, [name]: day};
        if (days.first > days.last) {
            days[name === "first" ? "last" : "first"] = day;
        }
        return this.load({
            ...this.filters,
            date_from: serializeDate(days.first),
            date_to: serializeDate(days.last),
        });
    }

    setSpan({back}) {
        return this.setDay("first", this.last.minus(back));
    }

    isSpan({back}) {
        return this.last.minus(back).hasSame(this.first, "day");
    }

    day(value) {
        return formatDate(value);
    }

    get note() {
        const from = this.state.data.entered_from;
        return from && from > this.filters.date_from
            ? _t("Segments are known since %s.", formatDate(deserializeDate(from)))
            : "";
    }

    open(flow) {
        const from = flow.from.name || _t("Not a customer yet");
        const to = flow.to.name || _t("No segment any more");
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: `${from} → ${to}`,
            res_model: flow.model,
            views: [
                [false, "list"],
                [false, "kanban"],
                [false, "form"],
            ],
            domain: flow.domain,
            context: {active_test: false, create: false},
        });
    }
}

registry.category("actions").add("dcrm_segment_flow", SegmentFlowAction);
