import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {Dashboard} from "../dashboard/dashboard";
import {DashboardFigures} from "../dashboard/dashboard_blocks";

/** Figures below each other: of the period, of the one before, and the change. */
export class ScorecardTable extends DashboardFigures {
    static template = "dcrm_analytics.ScorecardTable";

    before({baseline, unit}) {
        return this.env.dcrmDashboard.format({value: baseline, unit});
    }
}

/** The scorecard: the dashboard's filters above one table of figures. */
export class Scorecard extends Dashboard {
    static template = "dcrm_analytics.Scorecard";
    static components = {...Dashboard.components, ScorecardTable};
    static path = "dcrm-scorecard";
    static displayName = _t("Scorecard");

    async load(filters) {
        await super.load(filters);
        this.state.figures = this.isReady
            ? await this.keepLast.add(
                  this.orm.call("dcrm.scorecard", "figures", [this.filters])
              )
            : [];
    }
}

registry.category("actions").add("dcrm_scorecard", Scorecard);
