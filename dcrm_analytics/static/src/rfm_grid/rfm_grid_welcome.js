import {Component} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";
import {RunProgress} from "../run_progress/run_progress";

/** What to do first, where no customer has a score; the first build, while it runs. */
export class RfmGridWelcome extends Component {
    static template = "dcrm_analytics.RfmGridWelcome";
    static components = {RunProgress};
    static props = {
        isAnalyst: Boolean,
        isManager: Boolean,
        isScoring: Boolean,
        run: {type: [Object, {value: null}]},
        onRunEnd: Function,
        startScoring: Function,
    };

    setup() {
        this.action = useService("action");
    }

    importHistory() {
        return this.action.doAction("dcrm_analytics.action_history_import", {
            onClose: () => this.env.searchModel?.trigger("update"),
        });
    }
}
