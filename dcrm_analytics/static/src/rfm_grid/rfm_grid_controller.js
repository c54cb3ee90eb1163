import {Component, onWillStart} from "@odoo/owl";
import {user} from "@web/core/user";
import {useBus, useService} from "@web/core/utils/hooks";
import {useModel} from "@web/model/model";
import {useSetupAction} from "@web/search/action_hook";
import {CogMenu} from "@web/search/cog_menu/cog_menu";
import {Layout} from "@web/search/layout";
import {SearchBar} from "@web/search/search_bar/search_bar";
import {useSearchBarToggler} from "@web/search/search_bar/search_bar_toggler";
import {standardViewProps} from "@web/views/standard_view_props";
import {RunProgress} from "../run_progress/run_progress";
import {RfmGridWelcome} from "./rfm_grid_welcome";

export class RfmGridController extends Component {
    static template = "dcrm_analytics.RfmGridView";
    static components = {CogMenu, Layout, RfmGridWelcome, RunProgress, SearchBar};
    static props = {
        ...standardViewProps,
        Model: Function,
        Renderer: Function,
    };

    setup() {
        this.action = useService("action");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.model = useModel(this.props.Model, this.modelParams);
        useBus(this.model.bus, "update", () => this.render(true));
        useSetupAction({
            getLocalState: () => ({
                asOf: this.model.asOf,
                companyId: this.model.companyId,
            }),
        });
        this.companies = user.activeCompanies;
        this.searchBarToggler = useSearchBarToggler();
        onWillStart(async () => {
            this.isAnalyst = await user.hasGroup("dcrm_analytics.group_dcrm_analyst");
            this.isManager = await user.hasGroup("dcrm_analytics.group_dcrm_manager");
        });
    }

    get modelParams() {
        return {
            resModel: this.props.resModel,
            asOf: this.props.state?.asOf,
            companyId: this.props.state?.companyId,
        };
    }

    get isEmpty() {
        return this.model.data.state !== "ready";
    }

    async setCompany(ev) {
        await this.model.show({asOf: null, companyId: Number(ev.target.value)});
    }

    async refreshNow() {
        await this.orm.call(this.props.resModel, "start_refresh", [
            this.model.companyId,
        ]);
        await this.model.reload();
    }

    async startScoring() {
        await this.orm.call(this.props.resModel, "start_scoring", [
            this.model.companyId,
        ]);
        await this.model.reload();
    }

    async onRunEnd(run) {
        const failed = run.state === "failed";
        const message = failed ? run.error : run.result;
        if (message) {
            this.notification.add(message, {
                title: run.name,
                type: failed ? "danger" : "success",
                sticky: failed,
            });
        }
        await this.model.reload();
    }
}
