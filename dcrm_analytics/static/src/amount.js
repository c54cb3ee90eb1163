import {formatCurrency} from "@web/core/currency";

/** An amount short enough for a square: 1.2k, 34k, 5.6M. */
export function shortAmount(value, currencyId) {
    const size = Math.abs(value);
    let thousands = Math.max(0, Math.floor(Math.log10(size || 1) / 3));
    if (Math.round(size / 1000 ** thousands) >= 1000) {
        thousands += 1;
    }
    const unit = 1000 ** thousands;
    const decimals = thousands > 0 && size / unit < 9.95 ? 1 : 0;
    const shown = (Math.round((value / unit) * 10 ** decimals) * unit) / 10 ** decimals;
    return formatCurrency(shown, currencyId, {
        humanReadable: thousands > 0,
        digits: [16, decimals],
    });
}
