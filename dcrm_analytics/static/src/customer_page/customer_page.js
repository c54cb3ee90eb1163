import {Component, onWillStart, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {Layout} from "@web/search/layout";
import {useSetupAction} from "@web/search/action_hook";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";

/**
 * What to know of one customer before a call. The server says everything, in words;
 * here it is laid out, and what can be opened or scheduled is. Whoever shows it says
 * whose it is, and loads it.
 */
export class CustomerPageBody extends Component {
    static template = "dcrm_analytics.CustomerPage.body";
    static props = ["*"];

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({page: null});
    }

    /** The id of the customer or of one of its contacts, if there is one. */
    get customerId() {
        return undefined;
    }

    /** In whose books the page looks, where it is not the company that is chosen. */
    get context() {
        return {};
    }

    async load() {
        const {customerId, context} = this;
        const page = customerId
            ? await this.orm.call("dcrm.customer.page", "page", [customerId], {context})
            : null;
        // Another customer may have been chosen meanwhile.
        if (customerId === this.customerId) {
            this.state.page = page;
        }
    }

    /** What stands across the whole width, above the columns. */
    get strip() {
        return this.state.page.sections.filter(({key}) => key === "worth");
    }

    get cards() {
        return this.state.page.sections.filter(({key}) => key !== "worth");
    }

    template(block) {
        return `dcrm_analytics.CustomerPage.${block.type}`;
    }

    steps(scale) {
        return [...Array(scale.of).keys()].map((index) => index + 1);
    }

    async open(action) {
        if (action?.method) {
            action = await this.orm.call(action.model, action.method, [action.id]);
        }
        return action && this.action.doAction(action);
    }

    openPartner() {
        return this.open({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: this.state.page.id,
            views: [[false, "form"]],
        });
    }

    print() {
        return this.action.doAction("dcrm_analytics.action_report_customer_page", {
            additionalContext: {
                active_model: "res.partner",
                active_id: this.state.page.id,
                active_ids: [this.state.page.id],
            },
        });
    }

    /** The host's own dialog: what, when and for whom can still be changed there. */
    schedule(step) {
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: _t("Schedule Activity"),
                res_model: "mail.activity.schedule",
                views: [[false, "form"]],
                target: "new",
                context: {
                    active_model: "res.partner",
                    active_id: this.state.page.id,
                    active_ids: [this.state.page.id],
                    ...(step
                        ? {
                              default_summary: step.summary,
                              default_note: step.note || false,
                          }
                        : {}),
                },
            },
            {onClose: () => this.load()}
        );
    }
}

/** The page of a customer as a screen of its own. */
export class CustomerPage extends CustomerPageBody {
    static template = "dcrm_analytics.CustomerPage";
    static components = {Layout};
    static props = {...standardActionServiceProps};
    static path = "customer-page";
    static displayName = _t("Customer Page");

    setup() {
        super.setup();
        useSetupAction();
        onWillStart(() => this.load());
    }

    get customerId() {
        const {action, resId} = this.props;
        return action.context.active_id || action.params?.active_id || resId;
    }

    async load() {
        await super.load();
        if (this.state.page) {
            this.env.config.setDisplayName(this.state.page.header.name);
        }
    }

    get display() {
        return {controlPanel: {}};
    }
}

registry.category("actions").add("dcrm_customer_page", CustomerPage);
