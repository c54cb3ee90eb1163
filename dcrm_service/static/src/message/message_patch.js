import {Message} from "@mail/core/common/message";
import {_t} from "@web/core/l10n/translation";
import {patch} from "@web/core/utils/patch";

patch(Message.prototype, {
    /** In words, what is doubtful of who wrote the e-mail; empty: nothing. */
    get senderDoubt() {
        const words = {
            failed: _t("Forged sender"),
            ours: _t("Not proven to be from us"),
            unproven: _t("Not proven to be from us: the customer did not get it"),
            envelope: _t("Handed in by another sender"),
            form: _t("Wrote in a form with an address that we know"),
        };
        return words[this.message.sender_doubt] || "";
    },
});
