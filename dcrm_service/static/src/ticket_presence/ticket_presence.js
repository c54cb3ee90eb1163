import {Component, onWillUnmount, useEffect, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {useBus, useService} from "@web/core/utils/hooks";

const TELL_EVERY_MS = 20000;
const WRITING_ENDS_AFTER_MS = 30000;

/**
 * Who else has the ticket on the screen, whether they write an answer, and that
 * somebody has answered: before one answers twice.
 */
export class TicketPresence extends Component {
    static template = "dcrm_service.TicketPresence";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.busService = useService("bus_service");
        this.store = useService("mail.store");
        this.state = useState({people: [], answered: null});
        this.isWriting = false;
        const onPresence = ({ticket_id: id, people}) => {
            if (id === this.ticketId) {
                this.state.people = people;
            }
        };
        const onAnswered = (answer) => {
            if (answer.ticket_id === this.ticketId) {
                this.onAnswered(answer);
            }
        };
        this.busService.subscribe("dcrm.ticket/presence", onPresence);
        this.busService.subscribe("dcrm.ticket/answered", onAnswered);
        this.busService.start();
        onWillUnmount(() => {
            this.busService.unsubscribe("dcrm.ticket/presence", onPresence);
            this.busService.unsubscribe("dcrm.ticket/answered", onAnswered);
        });
        useBus(this.env.bus, "DCRM_TICKET:WRITING", ({detail}) => {
            if (detail.ticketId === this.ticketId) {
                this.setWriting(detail.isWriting);
            }
        });
        useEffect(
            (ticketId) => this.enter(ticketId),
            () => [this.props.record.resId]
        );
    }

    /** Be there until another ticket is on the screen, or none. */
    enter(ticketId) {
        this.ticketId = ticketId;
        Object.assign(this.state, {people: [], answered: null});
        if (!ticketId) {
            return;
        }
        this.tell();
        const interval = browser.setInterval(() => this.tell(), TELL_EVERY_MS);
        const leave = () =>
            this.orm.silent.call("dcrm.ticket", "note_absence", [[ticketId]]);
        browser.addEventListener("pagehide", leave);
        return () => {
            browser.clearInterval(interval);
            browser.clearTimeout(this.writingEnds);
            browser.removeEventListener("pagehide", leave);
            this.isWriting = false;
            leave().catch(() => undefined);
        };
    }

    async tell() {
        const ticketId = this.ticketId;
        if (!ticketId || document.visibilityState === "hidden") {
            return;
        }
        // Whoever is offline for a moment, or was logged out, works on all the same.
        const people = await this.orm.silent
            .call("dcrm.ticket", "note_presence", [[ticketId]], {
                is_writing: this.isWriting,
            })
            .catch(() => []);
        if (ticketId === this.ticketId) {
            this.state.people = people;
        }
    }

    setWriting(isWriting) {
        browser.clearTimeout(this.writingEnds);
        if (isWriting) {
            this.writingEnds = browser.setTimeout(
                () => this.setWriting(false),
                WRITING_ENDS_AFTER_MS
            );
        }
        if (this.isWriting !== isWriting) {
            this.isWriting = isWriting;
            this.tell();
        }
    }

    async onAnswered(answer) {
        this.state.answered = answer;
        const thread = this.store.Thread.get({
            model: "dcrm.ticket",
            id: answer.ticket_id,
        });
        await thread?.fetchNewMessages();
    }

    get writers() {
        return this.names(this.state.people.filter((each) => each.is_writing));
    }

    get watchers() {
        return this.names(this.state.people.filter((each) => !each.is_writing));
    }

    get answeredText() {
        const {name, is_ours: isOurs} = this.state.answered;
        return isOurs
            ? _t("%s has just answered the customer: read it before you do.", name)
            : _t("%s has just written: read it before you answer.", name);
    }

    names(people) {
        return people.map((each) => each.name).join(", ");
    }
}

registry.category("view_widgets").add("dcrm_ticket_presence", {
    component: TicketPresence,
});
