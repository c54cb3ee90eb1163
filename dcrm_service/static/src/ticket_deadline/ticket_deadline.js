/* global luxon */
import {Component, onWillUnmount, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";

const {DateTime} = luxon;

const TICK = 5000;
const HOUR = 60;
const DAY = 24 * HOUR;

/** How long that is, short enough for a badge. */
function spanText(minutes) {
    if (minutes < 1) {
        return _t("< 1 min");
    }
    if (minutes < HOUR) {
        return _t("%s min", Math.floor(minutes));
    }
    if (minutes < DAY) {
        const hours = Math.floor(minutes / HOUR);
        return _t("%(hours)s h %(minutes)s min", {
            hours,
            minutes: Math.floor(minutes - hours * HOUR),
        });
    }
    const days = Math.floor(minutes / DAY);
    return _t("%(days)s d %(hours)s h", {
        days,
        hours: Math.floor((minutes - days * DAY) / HOUR),
    });
}

/** What is due next, counted down while one looks at it. */
export class TicketDeadline extends Component {
    static template = "dcrm_service.TicketDeadline";
    static props = {...standardFieldProps};

    setup() {
        this.state = useState({now: DateTime.now()});
        const timer = browser.setInterval(() => {
            this.state.now = DateTime.now();
        }, TICK);
        onWillUnmount(() => browser.clearInterval(timer));
    }

    get data() {
        return this.props.record.data;
    }

    get deadline() {
        return this.data[this.props.name];
    }

    /** Minutes that are left, below zero once it is late. */
    get left() {
        return this.deadline.diff(this.state.now, "minutes").minutes;
    }

    /** How it stands: late, at_risk, running or paused; empty where nothing is due. */
    get standing() {
        if (!this.deadline) {
            // What stands still has no deadline, and is told all the same.
            return this.data.deadline_text ? "paused" : "";
        }
        if (this.left < 0) {
            return "late";
        }
        const risky = this.data.next_at_risk_at;
        return risky && risky <= this.state.now ? "at_risk" : "running";
    }

    get text() {
        switch (this.standing) {
            case "paused":
                return _t("Paused");
            case "late":
                return _t("%s late", spanText(-this.left));
            default:
                return spanText(this.left);
        }
    }

    get look() {
        return {
            late: "text-bg-danger fa-exclamation-triangle",
            at_risk: "text-bg-warning fa-hourglass-end",
            running: "text-bg-info fa-clock-o",
            paused: "text-bg-secondary fa-pause",
        }[this.standing].split(" ");
    }
}

registry.category("fields").add("dcrm_deadline", {
    component: TicketDeadline,
    displayName: _t("Deadline, counted down"),
    supportedTypes: ["datetime"],
    fieldDependencies: [
        {name: "next_at_risk_at", type: "datetime"},
        {name: "deadline_text", type: "char"},
    ],
});
