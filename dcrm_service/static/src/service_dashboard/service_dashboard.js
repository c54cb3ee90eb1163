import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {Dashboard} from "@dcrm_analytics/dashboard/dashboard";
import {formatFloat} from "@web/views/fields/formatters";

const DAY = 24;

/** The dashboard of service: the manager's, with teams, kinds and classes to choose. */
export class ServiceDashboard extends Dashboard {
    static template = "dcrm_service.ServiceDashboard";
    static model = "dcrm.service.dashboard";
    static path = "dcrm-service";
    static displayName = _t("Service Dashboard");

    /** Each choice: its filter, its name, what "all" is called, what there is. */
    get choices() {
        const {teams, kinds, classes, users} = this.data.options;
        return [
            {name: "team_id", label: _t("Team"), all: _t("All teams"), options: teams},
            {name: "kind_id", label: _t("Kind"), all: _t("All kinds"), options: kinds},
            {
                name: "value_class",
                label: _t("Value class"),
                all: _t("All value classes"),
                options: classes,
            },
            {
                name: "user_id",
                label: _t("Assigned to"),
                all: _t("Whoever it is assigned to"),
                options: users,
            },
        ].filter((choice) => choice.options.length);
    }

    /** Waiting times are hours, and days once they are long. */
    format(figure) {
        const {unit, value} = figure;
        if (unit !== "hours" || value === null) {
            return super.format(figure);
        }
        if (value >= 2 * DAY) {
            return super.format({unit: "days", value: value / DAY});
        }
        return _t("%s h", formatFloat(value, {digits: [16, 1]}));
    }

    async openTeams() {
        await this.action.doAction("dcrm_service.dcrm_ticket_team_action");
    }
}

registry.category("actions").add("dcrm_service_dashboard", ServiceDashboard);
