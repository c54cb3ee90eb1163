import {formatFloat} from "@web/views/fields/formatters";
import {FloatField, floatField} from "@web/views/fields/float/float_field";
import {registry} from "@web/core/registry";

/** A number of points: to four digits, and none of them for nothing. */
export function formatPoints(value) {
    return formatFloat(value, {digits: [16, 4], trailingZeros: false});
}

export class PointsField extends FloatField {
    static defaultProps = {...FloatField.defaultProps, trailingZeros: false};
}

export const pointsField = {
    ...floatField,
    component: PointsField,
    extractProps: (fieldInfo, dynamicInfo) => ({
        ...floatField.extractProps(fieldInfo, dynamicInfo),
        trailingZeros: false,
    }),
};

registry.category("fields").add("dcrm_points", pointsField);
registry.category("formatters").add("dcrm_points", formatPoints);
