import {serializeDate} from "@web/core/l10n/dates";
import {user} from "@web/core/user";
import {KeepLast} from "@web/core/utils/concurrency";
import {Model} from "@web/model/model";

/**
 * The customers of the search, counted by recency and frequency class: those of one
 * company, today or as of a past day.
 */
export class RfmGridModel extends Model {
    setup({resModel, asOf, companyId}) {
        this.resModel = resModel;
        this.asOf = asOf || null;
        this.companyId = companyId || user.activeCompany.id;
        this.domain = [];
        // What the server said: the grid, and the refresh that is under way.
        this.data = null;
        this.run = null;
        this.keepLast = new KeepLast();
    }

    async load({domain} = {}) {
        this.domain = domain || this.domain;
        Object.assign(this, await this.keepLast.add(this.fetch()));
    }

    async fetch() {
        const [data, runs] = await Promise.all([
            this.fetchGrid(),
            this.orm.searchRead(
                "dcrm.run",
                [
                    ["kind", "=", "refresh"],
                    ["state", "in", ["waiting", "running"]],
                    ["company_id", "=", this.companyId],
                ],
                ["state"],
                {limit: 1}
            ),
        ]);
        return {data, run: runs[0] || null};
    }

    fetchGrid() {
        return this.orm.call(this.resModel, "rfm_grid", [], {
            ...this.scope,
            domain: this.domain,
        });
    }

    /** Whose grid it is, and of which day. */
    get scope() {
        return {
            as_of: this.asOf && serializeDate(this.asOf),
            company_id: this.companyId,
        };
    }

    get domainOfCompany() {
        return [...this.domain, ["company_id", "=", this.companyId]];
    }

    /** The domain of the scores of exactly the customers that a cell counts. */
    domainOfCell({recency_class, frequency_class}) {
        return this.domainOf(
            [
                ["recency_class", "=", recency_class],
                ["frequency_class", "=", frequency_class],
            ],
            "rfm_cell_customers",
            [recency_class, frequency_class]
        );
    }

    /** The domain of the scores of exactly the customers that a segment counts. */
    domainOfGroup({id}) {
        return this.domainOf([["segment_id", "=", id]], "rfm_segment_customers", [id]);
    }

    /** Live, a domain says who it is; of a past day the server names them. */
    async domainOf(live, method, args) {
        if (this.data.as_of_kind === "live") {
            return [...this.domainOfCompany, ...live];
        }
        const customers = await this.orm.call(this.resModel, method, args, {
            ...this.scope,
            domain: this.domain,
        });
        return [
            ["company_id", "=", this.companyId],
            ["partner_id", "in", customers],
        ];
    }

    /** Show another day (null is today) or another company. */
    async show(scope) {
        Object.assign(this, scope);
        await this.reload();
    }

    async reload() {
        await this.load();
        this.notify();
    }
}
