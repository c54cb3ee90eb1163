import {Component, onWillStart, useState, useSubEnv} from "@odoo/owl";
import {DateTimeInput} from "@web/core/datetime/datetime_input";
import {deserializeDate, serializeDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {RfmGridWelcome} from "../rfm_grid/rfm_grid_welcome";
import {DashboardSection} from "./dashboard_section";
import {PERIODS} from "./dashboard_period";
import {formatFigure} from "./figure";

const VIEWS = ["list", "pivot", "graph", "form"];

/** The manager's dashboard: filters above, sections below, everything leads on. */
export class Dashboard extends Component {
    static template = "dcrm_analytics.Dashboard";
    static components = {DashboardSection, DateTimeInput, Layout, RfmGridWelcome};
    static props = {...standardActionServiceProps};
    static model = "dcrm.dashboard";
    static path = "dcrm-dashboard";
    static displayName = _t("Dashboard");

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.keepLast = new KeepLast();
        this.periods = PERIODS;
        this.companies = user.activeCompanies;
        this.state = useState({data: null, period: "months"});
        useSubEnv({
            dcrmDashboard: {
                model: this.constructor.model,
                format: (figure) => this.format(figure),
                open: (figure) => this.open(figure),
            },
        });
        useSetupAction({
            getLocalState: () => ({filters: this.filters, period: this.state.period}),
        });
        onWillStart(async () => {
            this.state.period = this.props.state?.period || "months";
            this.isAnalyst = await user.hasGroup("dcrm_analytics.group_dcrm_analyst");
            this.isManager = await user.hasGroup("dcrm_analytics.group_dcrm_manager");
            await this.load(this.props.state?.filters);
        });
    }

    get data() {
        return this.state.data;
    }

    get filters() {
        return this.data.filters;
    }

    get display() {
        return {controlPanel: {layoutActions: true}};
    }

    get isReady() {
        return this.data.state === "ready";
    }

    get run() {
        return this.data.run_id ? {id: this.data.run_id} : null;
    }

    get dates() {
        return {
            from: deserializeDate(this.filters.date_from),
            to: deserializeDate(this.filters.date_to),
            today: deserializeDate(this.data.today),
        };
    }

    async load(filters = {}) {
        this.state.data = await this.keepLast.add(
            this.orm.call(this.constructor.model, "sections", [filters])
        );
    }

    // -- filters ------------------------------------------------------------------

    /** Another company has other people, and maybe another day. */
    async setCompany(ev) {
        const company_id = Number(ev.target.value);
        this.state.period = "months";
        await this.load({company_id, baseline: this.filters.baseline});
    }

    async setFilter(name, value) {
        await this.load({...this.filters, [name]: value});
    }

    async setPeriod(ev) {
        this.state.period = ev.target.value;
        const period = PERIODS[this.state.period];
        if (period) {
            const [from, to] = period.of(this.dates.today);
            await this.setDates(from, to);
        }
    }

    async setDates(from, to) {
        if (!from || !to) {
            return;
        }
        if (from > to) {
            this.notification.add(_t("The period ends before it begins."), {
                type: "warning",
            });
            return;
        }
        await this.load({
            ...this.filters,
            date_from: serializeDate(from),
            date_to: serializeDate(to),
        });
    }

    format(figure) {
        return formatFigure(figure, this.data.currency_id);
    }

    // -- where it leads -----------------------------------------------------------

    async open({model, domain, name, context}) {
        await this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: model,
            views: VIEWS.map((type) => [false, type]),
            domain,
            context: {...context, create: false},
        });
    }

    async startScoring() {
        await this.orm.call("dcrm.customer.score", "start_scoring", [
            this.filters.company_id,
        ]);
        await this.load(this.filters);
    }

    async onRunEnd(run) {
        if (run.state === "failed") {
            this.notification.add(run.error, {
                title: run.name,
                type: "danger",
                sticky: true,
            });
        }
        await this.load(this.filters);
    }
}

registry.category("actions").add("dcrm_dashboard", Dashboard);
