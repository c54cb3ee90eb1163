import {onMounted, onWillUnmount} from "@odoo/owl";
import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {FormController} from "@web/views/form/form_controller";
import {formView} from "@web/views/form/form_view";
import {isOpen} from "./run_progress";

const RELOAD_EVERY_MS = 2000;

/** The form of a run, which keeps itself up to date while the run goes on. */
export class RunFormController extends FormController {
    setup() {
        super.setup();
        onMounted(() => this.follow());
        onWillUnmount(() => browser.clearTimeout(this.timeout));
    }

    follow() {
        this.timeout = browser.setTimeout(async () => {
            if (isOpen(this.model.root.data)) {
                await this.model.load();
                this.follow();
            }
        }, RELOAD_EVERY_MS);
    }
}

registry.category("views").add("dcrm_run_form", {
    ...formView,
    Controller: RunFormController,
});
