import {_t} from "@web/core/l10n/translation";

/** The periods that one may choose, each of a day (a luxon DateTime). */
export const PERIODS = {
    months: {
        label: _t("Last 12 months"),
        of: (day) => [day.minus({months: 12}).plus({days: 1}), day],
    },
    month: {label: _t("This month"), of: (day) => [day.startOf("month"), day]},
    quarter: {label: _t("This quarter"), of: (day) => [day.startOf("quarter"), day]},
    year: {label: _t("This year"), of: (day) => [day.startOf("year"), day]},
    lastMonth: {label: _t("Last month"), of: (day) => past(day, "month")},
    lastQuarter: {label: _t("Last quarter"), of: (day) => past(day, "quarter")},
    lastYear: {label: _t("Last year"), of: (day) => past(day, "year")},
};

function past(day, unit) {
    const first = day.minus({[unit]: 1}).startOf(unit);
    return [first, first.endOf(unit).startOf("day")];
}
