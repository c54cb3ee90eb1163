import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {Dashboard} from "@dcrm_analytics/dashboard/dashboard";
import {formatPoints} from "../points/points_field";

/** The dashboard of points: the manager's, with clubs and tiers to choose. */
export class PointsDashboard extends Dashboard {
    static template = "dcrm_loyalty.PointsDashboard";
    static model = "dcrm.points.dashboard";
    static path = "dcrm-points";
    static displayName = _t("Points");

    /** Tiers of the club that is chosen, of all while none is. */
    get tiers() {
        const club = this.filters.club_id;
        return this.data.options.tiers.filter((tier) => !club || tier.club_id === club);
    }

    /** Another club has other tiers. */
    async setClub(ev) {
        await this.load({...this.filters, club_id: ev.target.value, tier_id: false});
    }

    /** Points are shown to their last digit, so that they add up. */
    format(figure) {
        return figure.unit === "points"
            ? formatPoints(figure.value)
            : super.format(figure);
    }

    async openClubs() {
        await this.action.doAction("dcrm_loyalty.dcrm_club_action");
    }
}

registry.category("actions").add("dcrm_points_dashboard", PointsDashboard);
