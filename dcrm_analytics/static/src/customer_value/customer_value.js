import {Component, onWillStart, onWillUpdateProps, useState} from "@odoo/owl";
import {formatCurrency} from "@web/core/currency";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {formatInteger} from "@web/views/fields/formatters";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

/* global luxon */
const {DateTime} = luxon;

const QUESTIONS = {
    recency: _t("How recently?"),
    frequency: _t("How often?"),
    monetary: _t("For how much?"),
};

/**
 * What the score of a customer says, what made it, how far the next class is and what
 * it was before.
 */
export class CustomerValue extends Component {
    static template = "dcrm_analytics.CustomerValue";
    static props = {
        ...standardWidgetProps,
        scoreField: String,
    };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({value: null});
        onWillStart(() => this.load(this.props));
        onWillUpdateProps((nextProps) => {
            if (this.scoreId(nextProps) !== this.loadedId) {
                return this.load(nextProps);
            }
        });
    }

    scoreId({record, scoreField}) {
        return scoreField === "id" ? record.resId : record.data[scoreField]?.id;
    }

    async load(props) {
        this.loadedId = this.scoreId(props);
        this.state.value = this.loadedId
            ? await this.orm.call("dcrm.customer.score", "customer_value", [
                  this.loadedId,
              ])
            : null;
    }

    get score() {
        return this.state.value.score;
    }

    get stays() {
        return this.state.value.stays;
    }

    question(axis) {
        return QUESTIONS[axis.axis];
    }

    steps(axis) {
        return [...Array(axis.classes).keys()].map((index) => index + 1);
    }

    stepsLabel(axis) {
        return _t("Class %(number)s of %(classes)s", {
            number: axis.class,
            classes: axis.classes,
        });
    }

    /** A cut point in few letters; its title says it in full. */
    cutText(axis, index) {
        const cut = axis.cuts[index];
        if (axis.axis !== "monetary") {
            return this.number(cut);
        }
        return formatCurrency(cut, this.score.currency_id, {
            humanReadable: Math.abs(cut) >= 1000,
            digits: [16, Math.abs(cut) >= 1000 ? 1 : 0],
        });
    }

    number(value) {
        return formatInteger(value);
    }

    money(value) {
        return formatCurrency(value, this.score.currency_id);
    }

    get valueClassTitle() {
        const {value_a_text, value_b_text, basis, basis_text, by_group} =
            this.score.value_class;
        const title = _t("A from %(a)s, B from %(b)s", {
            a: value_a_text,
            b: value_b_text,
        });
        const by = basis === "monetary" ? "" : basis_text;
        const whose = by_group ? _t("of the group") : "";
        return [title, by, whose].filter(Boolean).join(" · ");
    }

    get counted() {
        const {count} = this.score.documents;
        return count === 1
            ? _t("1 document counted")
            : _t("%s documents counted", this.number(count));
    }

    /** What the score rests on: scheme, window, basis, cut points. */
    get basis() {
        const {scheme, population, cut_date, documents} = this.score;
        const method = population
            ? _t("%(method)s of %(population)s customers", {
                  method: scheme.method_text,
                  population: this.number(population),
              })
            : scheme.method_text;
        const parts = [scheme.name, scheme.window_text, scheme.basis_text, method];
        parts.push(_t("cut points of %s", this.date(cut_date)));
        if (documents.margin_unknown) {
            parts.push(
                _t("margin unknown for %s", this.number(documents.margin_unknown))
            );
        }
        return parts.join(" · ");
    }

    date(value) {
        return value ? formatDate(deserializeDate(value)) : "";
    }

    /** How much of the time since the first stay a stay took, in per cent. */
    share(stay) {
        const instant = (day) => (day ? deserializeDate(day) : DateTime.now());
        const first = instant(this.stays[0].entered_on);
        const whole = Math.max(1, DateTime.now().diff(first, "days").days);
        const own = instant(stay.left_on).diff(instant(stay.entered_on), "days").days;
        return Math.max(2, (100 * own) / whole);
    }

    stayTitle(stay) {
        return stay.left_on
            ? _t("%(segment)s, %(from)s to %(until)s", {
                  segment: stay.segment_id[1],
                  from: this.date(stay.entered_on),
                  until: this.date(stay.left_on),
              })
            : _t("%(segment)s since %(from)s", {
                  segment: stay.segment_id[1],
                  from: this.date(stay.entered_on),
              });
    }

    async openPurchases() {
        const action = await this.orm.call(
            "dcrm.customer.score",
            "action_open_purchases",
            [this.loadedId]
        );
        return this.action.doAction(action);
    }

    openHistory() {
        return this.action.doAction(
            "dcrm_analytics.dcrm_customer_score_history_action",
            {
                additionalContext: {search_default_partner_id: this.score.partner.id},
            }
        );
    }
}

registry.category("view_widgets").add("dcrm_customer_value", {
    component: CustomerValue,
    extractProps: ({attrs}) => ({scoreField: attrs.score_field || "id"}),
    fieldDependencies: ({attrs}) =>
        attrs.score_field && attrs.score_field !== "id"
            ? [{name: attrs.score_field, type: "many2one"}]
            : [],
});
