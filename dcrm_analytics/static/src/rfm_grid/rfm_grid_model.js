import {serializeDate} from "@web/core/l10n/dates";
import {user} from "@web/core/user";
import {KeepLast} from "@web/core/utils/concurrency";
import {Model} from "@web/model/model";

/**
 * The customers of the search, counted by recency and frequency class, today or as of
 * a past day.
 */
export class RfmGridModel extends Model {
    setup({resModel, asOf}) {
        this.resModel = resModel;
        this.asOf = asOf || null;
        this.data = null;
        this.run = null;
        this.segments = {};
        this.segmentTotals = [];
        this.cuts = null;
        this.domain = [];
        this.keepLast = new KeepLast();
    }

    async load({domain} = {}) {
        this.domain = domain || this.domain;
        const asOf = this.asOf && serializeDate(this.asOf);
        const [data, runs] = await this.keepLast.add(
            Promise.all([
                this.orm.call(this.resModel, "rfm_grid", [this.domain, asOf]),
                this.orm.searchRead("dcrm.run", this.openRunDomain, ["state"], {
                    limit: 1,
                }),
            ])
        );
        await this.loadSegments(data);
        [this.segmentTotals, this.cuts] = await Promise.all([
            this.loadSegmentTotals(data),
            this.loadCuts(data),
        ]);
        this.data = data;
        this.run = runs[0] || null;
    }

    domainOf(data) {
        return [...this.domain, ["company_id", "=", data.company_id]];
    }

    get domainOfCompany() {
        return this.domainOf(this.data);
    }

    /** The domain of the scores of exactly the customers that a cell counts. */
    async domainOfCell({recency_class, frequency_class}) {
        const {as_of, as_of_kind, company_id} = this.data;
        if (as_of_kind === "live") {
            return [
                ...this.domainOfCompany,
                ["recency_class", "=", recency_class],
                ["frequency_class", "=", frequency_class],
            ];
        }
        const customers = await this.orm.call(
            this.resModel,
            "rfm_cell_customers",
            [recency_class, frequency_class],
            {domain: this.domain, as_of, company_id}
        );
        return [
            ["company_id", "=", company_id],
            ["partner_id", "in", customers],
        ];
    }

    get openRunDomain() {
        return [
            ["kind", "=", "refresh"],
            ["state", "in", ["waiting", "running"]],
            ["company_id", "=", user.activeCompany.id],
        ];
    }

    async loadSegments(data) {
        const known = new Set(Object.keys(this.segments).map(Number));
        const ids = new Set(data.cells.flatMap((cell) => cell.segment_ids));
        const missing = [...ids].filter((id) => !known.has(id));
        if (!missing.length) {
            return;
        }
        const segments = await this.orm.searchRead(
            "dcrm.segment",
            [["id", "in", missing]],
            ["name", "color", "sequence"],
            {context: {active_test: false}}
        );
        for (const segment of segments) {
            this.segments[segment.id] = segment;
        }
    }

    /** Of a past day the cells alone are known. */
    async loadSegmentTotals(data) {
        if (data.as_of_kind !== "live") {
            return [];
        }
        const groups = await this.orm.formattedReadGroup(
            this.resModel,
            [...this.domainOf(data), ["segment_id", "!=", false]],
            ["segment_id"],
            ["__count", "monetary:sum"]
        );
        return groups.map((group) => ({
            ...this.segments[group.segment_id[0]],
            customers: group.__count,
            monetary: group["monetary:sum"],
        }));
    }

    /** The cut points behind the classes, where all customers have the same. */
    async loadCuts(data) {
        const cuts = await this.orm.searchRead(
            "dcrm.rfm.cut",
            [
                ["company_id", "=", data.company_id],
                ["current", "=", true],
            ],
            ["recency_cuts", "frequency_cuts"]
        );
        return cuts.length === 1 && data.as_of_kind === "live" ? cuts[0] : null;
    }

    /** Show another day; null is today. */
    async setAsOf(day) {
        this.asOf = day;
        await this.load();
        this.notify();
    }

    async reload() {
        await this.load();
        this.notify();
    }
}
