import {user} from "@web/core/user";
import {KeepLast} from "@web/core/utils/concurrency";
import {Model} from "@web/model/model";

/** The cohorts of one company, of the purchases of the search. */
export class CohortHeatMapModel extends Model {
    setup({resModel, state}) {
        this.resModel = resModel;
        this.step = "month";
        this.measure = "retention";
        this.companyId = user.activeCompany.id;
        Object.assign(this, state);
        this.domain = [];
        // What the server said.
        this.data = null;
        this.keepLast = new KeepLast();
    }

    /** What is shown, to come back to. */
    get state() {
        const {step, measure, companyId} = this;
        return {step, measure, companyId};
    }

    async load({domain} = {}) {
        this.domain = domain || this.domain;
        this.data = await this.keepLast.add(
            this.orm.call(this.resModel, "table", [{company_id: this.companyId}], {
                step: this.step,
                domain: this.domain,
            })
        );
    }

    async show(values) {
        const {step, companyId} = this;
        Object.assign(this, values);
        if (step !== this.step || companyId !== this.companyId) {
            await this.load();
        }
        this.notify();
    }
}
