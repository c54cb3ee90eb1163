import {Component, onWillStart, onWillUnmount, useState} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {useService} from "@web/core/utils/hooks";

const OPEN_STATES = ["waiting", "running"];
const POLL_EVERY_MS = 1500;

export function isOpen(run) {
    return OPEN_STATES.includes(run?.state);
}

/**
 * How far a dcrm.run is. Asks the server until the run ends, then calls onEnd(run).
 */
export class RunProgress extends Component {
    static template = "dcrm_analytics.RunProgress";
    static props = {
        runId: Number,
        onEnd: {type: Function, optional: true},
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({run: null});
        onWillStart(() => this.poll());
        onWillUnmount(() => browser.clearTimeout(this.timeout));
    }

    get percent() {
        return Math.round(this.state.run.progress);
    }

    async poll() {
        const [run] = await this.orm.silent.read(
            "dcrm.run",
            [this.props.runId],
            ["name", "state", "phase", "progress", "result", "error"]
        );
        this.state.run = run;
        if (isOpen(run)) {
            this.timeout = browser.setTimeout(() => this.poll(), POLL_EVERY_MS);
        } else {
            this.props.onEnd?.(run);
        }
    }
}
