import {Component} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {useBus} from "@web/core/utils/hooks";
import {useModel} from "@web/model/model";
import {useSetupAction} from "@web/search/action_hook";
import {CogMenu} from "@web/search/cog_menu/cog_menu";
import {Layout} from "@web/search/layout";
import {SearchBar} from "@web/search/search_bar/search_bar";
import {useSearchBarToggler} from "@web/search/search_bar/search_bar_toggler";
import {standardViewProps} from "@web/views/standard_view_props";
import {formatInteger, formatPercentage} from "@web/views/fields/formatters";
import {COHORT_MEASURES, CohortHeatMap} from "./cohort_heat_map";
import {CohortHeatMapModel} from "./cohort_heat_map_model";

export class CohortHeatMapController extends Component {
    static template = "dcrm_analytics.CohortHeatMapView";
    static components = {CogMenu, CohortHeatMap, Layout, SearchBar};
    static props = {...standardViewProps, Model: Function};

    setup() {
        this.model = useModel(this.props.Model, {
            resModel: this.props.resModel,
            state: this.props.state,
        });
        useBus(this.model.bus, "update", () => this.render(true));
        useSetupAction({getLocalState: () => this.model.state});
        this.companies = user.activeCompanies;
        this.measures = Object.entries(COHORT_MEASURES);
        this.searchBarToggler = useSearchBarToggler();
    }

    get table() {
        return this.model.data;
    }

    /** What is kept of all cohorts after a while, as far as it is known. */
    get retained() {
        return this.table.average.filter(({age}) => [1, 3, 12].includes(age));
    }

    number(value) {
        return formatInteger(value);
    }

    percent(value) {
        return formatPercentage(value, {digits: [16, 0]});
    }

    setCompany(ev) {
        return this.model.show({companyId: Number(ev.target.value)});
    }
}

export const cohortHeatMapView = {
    type: "cohort_heat_map",
    Controller: CohortHeatMapController,
    Model: CohortHeatMapModel,
    searchMenuTypes: ["filter", "favorite"],

    props: (genericProps, view) => ({...genericProps, Model: view.Model}),
};

registry.category("views").add("cohort_heat_map", cohortHeatMapView);
