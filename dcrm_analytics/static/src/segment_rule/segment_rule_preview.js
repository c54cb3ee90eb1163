import {Component, onWillStart, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {KeepLast} from "@web/core/utils/concurrency";
import {useOwnedDialogs, useService} from "@web/core/utils/hooks";
import {debounce} from "@web/core/utils/timing";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {formatInteger} from "@web/views/fields/formatters";
import {SelectCreateDialog} from "@web/views/view_dialogs/select_create_dialog";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {SegmentFlow} from "../segment_flow/segment_flow";

/** Who would move at the next refresh if the rule were saved as it stands. */
export class SegmentRulePreview extends Component {
    static template = "dcrm_analytics.SegmentRulePreview";
    static components = {SegmentFlow};
    static props = standardWidgetProps;

    setup() {
        this.orm = useService("orm");
        this.addDialog = useOwnedDialogs();
        this.keepLast = new KeepLast();
        this.state = useState({preview: null, busy: false});
        this.loadSoon = debounce(() => this.load(), 400);
        onWillStart(async () => {
            this.isManager = await user.hasGroup("dcrm_analytics.group_dcrm_manager");
        });
        useRecordObserver((record) => {
            const asked = JSON.stringify(this.values(record));
            if (asked !== this.asked) {
                this.asked = asked;
                this.loadSoon();
            }
        });
    }

    /** The rule as it stands in the form. */
    values({data}) {
        return {
            sequence: data.sequence,
            active: data.active,
            segment_id: data.segment_id?.id || false,
            company_id: data.company_id?.id || false,
            domain: data.domain,
        };
    }

    get arguments() {
        return [JSON.parse(this.asked), this.props.record.resId || null];
    }

    async load() {
        const {segment_id, domain} = JSON.parse(this.asked);
        if (!this.isManager || !segment_id || !domain) {
            this.state.preview = null;
            return;
        }
        this.state.busy = true;
        try {
            this.state.preview = await this.keepLast.add(
                this.orm.silent.call("dcrm.segment.rule", "preview", this.arguments)
            );
        } finally {
            this.state.busy = false;
        }
    }

    get preview() {
        return this.state.preview;
    }

    number(value) {
        return formatInteger(value);
    }

    /** In a dialog, so that the form is neither left nor saved. */
    async open(flow) {
        const customers = await this.orm.call(
            "dcrm.segment.rule",
            "preview_customers",
            [...this.arguments, flow.from.id, flow.to.id]
        );
        this.addDialog(SelectCreateDialog, {
            title: `${flow.from.name || _t("No segment")} → ${
                flow.to.name || _t("No segment")
            }`,
            noCreate: true,
            multiSelect: false,
            resModel: "dcrm.customer.score",
            domain: [
                ["company_id", "=", this.preview.company_id],
                ["partner_id", "in", customers],
            ],
            context: {},
        });
    }
}

registry.category("view_widgets").add("dcrm_segment_rule_preview", {
    component: SegmentRulePreview,
    fieldDependencies: [
        {name: "sequence", type: "integer"},
        {name: "active", type: "boolean"},
        {name: "segment_id", type: "many2one"},
        {name: "company_id", type: "many2one"},
        {name: "domain", type: "char"},
    ],
});
