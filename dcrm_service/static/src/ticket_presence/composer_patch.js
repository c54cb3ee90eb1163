import {Composer} from "@mail/core/common/composer";
import {MailComposerFormController} from "@mail/chatter/web/mail_composer_form";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {_t} from "@web/core/l10n/translation";
import {patch} from "@web/core/utils/patch";

const TICKET = "dcrm.ticket";

/** The answers that others of us gave since what the user has seen, a promise. */
function answersSince({orm}, ticketId, seenId) {
    return orm.call(TICKET, "answered_since", [[ticketId], seenId]);
}

/** Ask whether to send though others of us have answered; a promise of a boolean. */
function sendsAllTheSame({dialog}, answers) {
    const {author, text} = answers.at(-1);
    return new Promise((resolve) => {
        dialog.add(
            ConfirmationDialog,
            {
                title: _t("Answered already"),
                body: _t("%(author)s answered meanwhile: “%(text)s”", {author, text}),
                confirmLabel: _t("Send All the Same"),
                cancelLabel: _t("Read First"),
                confirm: () => resolve(true),
                cancel: () => resolve(false),
            },
            {onClose: () => resolve(false)}
        );
    });
}

patch(Composer.prototype, {
    get isAnswerToTicket() {
        return this.thread?.model === TICKET && this.props.type !== "note";
    },

    get newestSeenId() {
        return this.thread.newestPersistentMessage?.id ?? 0;
    },

    onInput(ev) {
        super.onInput(ev);
        if (this.isAnswerToTicket) {
            this.seenId ??= this.newestSeenId;
            this.tellWriting(true);
        }
    },

    clear() {
        super.clear();
        if (this.isAnswerToTicket) {
            this.seenId = undefined;
            this.tellWriting(false);
        }
    },

    tellWriting(isWriting) {
        this.env.bus.trigger("DCRM_TICKET:WRITING", {
            ticketId: this.thread.id,
            isWriting,
        });
    },

    async sendMessage() {
        if (this.isAnswerToTicket && !this.props.composer.message) {
            const {services} = this.env;
            const seenId = this.seenId ?? this.newestSeenId;
            const answers = await answersSince(services, this.thread.id, seenId);
            if (answers.length && !(await sendsAllTheSame(services, answers))) {
                // Whoever sends it again after that has had them on the screen.
                this.seenId = answers.at(-1).id;
                await this.thread.fetchNewMessages();
                return;
            }
        }
        return super.sendMessage(...arguments);
    },

    get fullComposerAdditionalContext() {
        const context = super.fullComposerAdditionalContext;
        if (this.isAnswerToTicket) {
            context.dcrm_seen_message_id = this.seenId ?? this.newestSeenId;
        }
        return context;
    },
});

patch(MailComposerFormController.prototype, {
    async beforeExecuteActionButton(clickParams) {
        const {data} = this.model.root;
        const seenId = this.props.context.dcrm_seen_message_id;
        if (
            clickParams.name === "action_send_mail" &&
            data.model === TICKET &&
            seenId !== undefined
        ) {
            const {services} = this.env;
            const [ticketId] = JSON.parse(data.res_ids);
            const answers = await answersSince(services, ticketId, seenId);
            if (answers.length && !(await sendsAllTheSame(services, answers))) {
                return false;
            }
        }
        return super.beforeExecuteActionButton(...arguments);
    },
});
