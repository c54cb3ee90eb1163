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
        // What the server said: the grid, and what goes with it.
        this.data = null;
        this.run = null;
        this.segments = {};
        this.segmentTotals = [];
        this.cuts = null;
        this.keepLast = new KeepLast();
    }

    async load({domain} = {}) {
        this.domain = domain || this.domain;
        Object.assign(this, await this.keepLast.add(this.fetch()));
    }

    async fetch() {
        const [data, runs] = await Promise.all([
            this.orm.call(this.resModel, "rfm_grid", [], {
                ...this.scope,
                domain: this.domain,
            }),
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
        const isLive = data.as_of_kind === "live";
        const [segments, groups, cuts] = await Promise.all([
            this.fetchSegments(data),
            isLive ? this.fetchSegmentTotals() : [],
            isLive ? this.fetchCuts() : [],
        ]);
        return {
            data,
            run: runs[0] || null,
            segments,
            segmentTotals: groups.map((group) => ({
                ...segments[group.segment_id[0]],
                customers: group.__count,
                monetary: group["monetary:sum"],
            })),
            // The classes begin alike for everybody only where one scheme counts.
            cuts: cuts.length === 1 ? cuts[0] : null,
        };
    }

    async fetchSegments(data) {
        const ids = new Set(data.cells.flatMap((cell) => cell.segment_ids));
        const segments = await this.orm.searchRead(
            "dcrm.segment",
            [["id", "in", [...ids]]],
            ["name", "color", "sequence"],
            {context: {active_test: false}}
        );
        return Object.fromEntries(segments.map((segment) => [segment.id, segment]));
    }

    fetchSegmentTotals() {
        return this.orm.formattedReadGroup(
            this.resModel,
            [...this.domainOfCompany, ["segment_id", "!=", false]],
            ["segment_id"],
            ["__count", "monetary:sum"]
        );
    }

    fetchCuts() {
        return this.orm.searchRead(
            "dcrm.rfm.cut",
            [
                ["company_id", "=", this.companyId],
                ["current", "=", true],
            ],
            ["recency_cuts", "frequency_cuts"]
        );
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
    async domainOfCell({recency_class, frequency_class}) {
        if (this.data.as_of_kind === "live") {
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
            {...this.scope, domain: this.domain}
        );
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
