import {Component, onWillUpdateProps, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";
import {BLOCKS} from "./dashboard_blocks";

const ACCESS_ERROR = "odoo.exceptions.AccessError";

/**
 * A section, which loads by itself: what takes long or fails here stays here. One that
 * the user may not see is left out.
 */
export class DashboardSection extends Component {
    static template = "dcrm_analytics.DashboardSection";
    static props = {section: Object, filters: Object};

    setup() {
        this.orm = useService("orm");
        this.state = useState({
            data: null,
            error: null,
            isLoading: true,
            isHidden: false,
        });
        this.asked = 0;
        this.load(this.props.filters);
        onWillUpdateProps(({filters}) => {
            if (filters !== this.props.filters) {
                this.load(filters);
            }
        });
    }

    blockOf(block) {
        return BLOCKS[block.kind];
    }

    /** Ask for the figures; an answer that later filters made stale is dropped. */
    async load(filters) {
        const asked = ++this.asked;
        const changes = {error: null, isLoading: false, isHidden: false};
        this.state.isLoading = true;
        try {
            changes.data = await this.orm.silent.call(
                this.env.dcrmDashboard.model,
                "section",
                [this.props.section.key, filters]
            );
        } catch (error) {
            changes.isHidden = error.exceptionName === ACCESS_ERROR;
            changes.error =
                error.data?.message || _t("The server could not be reached.");
        }
        if (asked === this.asked) {
            Object.assign(this.state, changes);
        }
    }

    retry() {
        return this.load(this.props.filters);
    }
}
