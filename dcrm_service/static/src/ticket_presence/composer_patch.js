import {Composer} from "@mail/core/common/composer";
import {MailComposerFormController} from "@mail/chatter/web/mail_composer_form";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {_t} from "@web/core/l10n/translation";
import {patch} from "@web/core/utils/patch";

const TICKET = "dcrm.ticket";

/**
 * Ask whether to send, where others of us have answered since what the user has seen.
 *
 * @param {Object} services of the environment
 * @param {Number} ticketId
 * @param {Number} seenId the last message that the user had seen when they began
 * @returns {Promise<Boolean>}
 */
async function mayAnswer({orm, dialog}, ticketId, seenId) {
    const answers = await orm.call(TICKET, "answered_since", [[ticketId], seenId]);
    if (!answers.length) {
        return true;
    }
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
            const seenId = this.seenId ?? this.newestSeenId;
            if (!(await mayAnswer(this.env.services, this.thread.id, seenId))) {
                // Now it is seen: whoever sends it again has read the answer.
                await this.thread.fetchNewMessages();
                this.seenId = this.newestSeenId;
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
            const [ticketId] = JSON.parse(data.res_ids);
            if (!(await mayAnswer(this.env.services, ticketId, seenId))) {
                return false;
            }
        }
        return super.beforeExecuteActionButton(...arguments);
    },
});
