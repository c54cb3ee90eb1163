"""Find out what the columns of a table of history mean, and make a frame of them."""

import re
from datetime import UTC, date

import numpy as np
import pandas as pd

from . import history

#: What columns are called, best name first; letters and digits only.
NAMES = {
    "customer": (
        "customer customerid customerno customernumber customercode customerref "
        "customerkey client clientid clientno clientcode buyer buyerid account "
        "accountid accountno accountcode partner partnerid member memberid userid "
        "kunde kundennr kundennummer kundenid clientref cliente idcliente "
        "customeremail email customername clientname"
    ),
    "date": (
        "date invoicedate orderdate purchasedate transactiondate saledate salesdate "
        "documentdate postingdate orderdatetime invoicedatetime datetime timestamp "
        "day datum rechnungsdatum fecha datefacture"
    ),
    "amount": (
        "amount amountuntaxed untaxedamount netamount amountnet net netvalue nettotal "
        "subtotal total totalamount linetotal lineamount dollarvalue value salesamount "
        "revenue sales turnover ordertotal invoicetotal betrag umsatz netto "
        "nettobetrag montant importe"
    ),
    "unit_price": "unitprice priceunit priceperunit priceeach price einzelpreis preis",
    "reference": (
        "reference ref invoice invoiceno invoicenumber invoiceid invoiceref order "
        "orderno ordernumber orderid orderref document documentno documentnumber "
        "documentid transaction transactionid transactionno receipt receiptno ticket "
        "ticketno belegnr rechnungsnr rechnung factura facture"
    ),
    "product": (
        "product stockcode sku productcode productid productno item itemcode itemid "
        "itemno article articleno articlecode artikel artikelnr productname "
        "description itemdescription"
    ),
    "quantity": (
        "quantity qty numberofunits units pieces pcs count numberofcds numberofitems "
        "items quantityordered menge anzahl cantidad quantite"
    ),
    "margin": "margin grossmargin grossprofit profit marge contribution",
    "currency": "currency currencycode currencyid waehrung devise moneda",
    "channel": "channel saleschannel store shop branch storeid source kanal filiale",
}
#: What a column may mean: the columns of a history, and a price to multiply.
MEANINGS = tuple(NAMES)
KEYS = ("customer", "reference", "product", "channel", "currency")

DAY = r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?:[ T,].*)?$"
#: Orders of day, month and year in text.
ORDERS = ("ymd", "dmy", "mdy")


def guess(table: pd.DataFrame) -> dict[str, str]:
    """Return {meaning: column}, by the names of the columns, else by what is in them.

    >>> guess(pd.DataFrame(columns=["InvoiceNo", "UnitPrice", "Customer ID"]))
    {'customer': 'Customer ID', 'unit_price': 'UnitPrice', 'reference': 'InvoiceNo'}
    """
    plain = {}
    for column in table.columns:
        plain.setdefault(re.sub(r"[\W_]+", "", column).lower(), column)
    found = {}
    for meaning, names in NAMES.items():
        column = next((plain[name] for name in names.split() if name in plain), None)
        if column is not None:
            found[meaning] = column
    if "amount" in found:
        found.pop("unit_price", None)
    if not found:
        found = guess_by_content(table)
    return found


def guess_by_content(table: pd.DataFrame) -> dict[str, str]:
    """Return the meanings that the cells themselves show.

    The first column of days is the date, the last one of decimal numbers is the amount,
    the first of the others is the customer.

    >>> guess_by_content(pd.DataFrame({
    ...     "1": ["00004"], "2": ["0001"], "3": ["19970101"], "4": ["2"], "5": ["29.33"]
    ... }))
    {'customer': '1', 'date': '3', 'amount': '5'}
    """
    head = table.head(1000)
    days = [name for name in head if _mostly(_is_day(head[name]))]
    decimals = [
        name
        for name in head
        if name not in days and _mostly(head[name].str.fullmatch(r"-?\d*[.,]\d{1,4}"))
    ]
    found = {}
    others = [name for name in head if name not in days[:1] + decimals[-1:]]
    if others:
        found["customer"] = others[0]
    if days:
        found["date"] = days[0]
    if decimals:
        found["amount"] = decimals[-1]
    return found


def _is_day(values: pd.Series) -> np.ndarray:
    days, reasons = history.days(values, UTC, date(2100, 1, 1))
    text = values.str.fullmatch(DAY).fillna(False).to_numpy(dtype=bool)
    return text | (~np.isnat(days) & (reasons == ""))


def _mostly(flags) -> bool:
    return len(flags) > 0 and np.mean(np.asarray(flags, dtype=float)) > 0.9


def date_order(values: pd.Series) -> str | None:
    """Return the order of day, month and year in a column of text.

    None is returned where the cells could be read either way.

    >>> date_order(pd.Series(["2024-01-02"])), date_order(pd.Series(["1/31/2024 8:26"]))
    ('ymd', 'mdy')
    >>> date_order(pd.Series(["1/2/2024"]))
    """
    parts = _uniques(values).str.extract(DAY, expand=True).dropna().astype(int)
    if parts.empty:
        return "ymd"
    first, second = (parts[0] > 12).any(), (parts[1] > 12).any()
    if first == second:
        return None
    return "dmy" if first else "mdy"


def decimal_mark(values: pd.Series) -> str:
    """Return the decimal mark of a column of text: the point, unless commas show it.

    >>> decimal_mark(pd.Series(["1.234,50", "7"])), decimal_mark(pd.Series(["1,234"]))
    (',', '.')
    """
    text = _uniques(values).str.strip()
    comma = text.str.fullmatch(r"[^,]*,(?:\d{1,2}|\d{4,})\D*").any()
    point = text.str.contains(r"\.\d{1,2}\D*$").any()
    return "," if comma and not point else "."


def make_frame(
    table: pd.DataFrame, meanings: dict[str, str], order="ymd", mark="."
) -> pd.DataFrame:
    """Return the frame that a table means.

    :param meanings: {meaning: column}, see :data:`MEANINGS`
    :param order: of day, month and year, see :data:`ORDERS`
    :param mark: the decimal mark of numbers
    """
    frame = pd.DataFrame(index=table.index)
    for meaning, column in meanings.items():
        values = table[column]
        if meaning in KEYS:
            frame[meaning] = _keys(values)
        elif meaning == "date":
            frame[meaning] = _days(values, order)
        else:
            frame[meaning] = _plain_numbers(values, mark)
    if "unit_price" in frame:
        if "amount" not in frame and "quantity" in frame:
            frame["amount"] = _product(frame["quantity"], frame["unit_price"])
        frame = frame.drop(columns="unit_price")
    return frame


def _product(quantity: pd.Series, price: pd.Series) -> pd.Series:
    """Multiply two columns of text; where either is no number, say so by its text."""
    numbers = [pd.to_numeric(values, errors="coerce") for values in (quantity, price)]
    amount = numbers[0] * numbers[1]
    wrong = amount.isna()
    amount = amount.astype(object)
    amount[wrong] = price.where(numbers[1].isna(), quantity)[wrong]
    return amount


def _uniques(values: pd.Series) -> pd.Series:
    return pd.Series(values.dropna().unique(), dtype="str")


def _keys(values: pd.Series) -> pd.Series:
    """Take numbers that were written as decimals (12345.0) for what they are.

    >>> _keys(pd.Series(["12345.0", None, "7.0"])).tolist()[::2]
    ['12345', '7']
    """
    if _uniques(values).str.fullmatch(r"\d+\.0").all():
        return values.str.removesuffix(".0")
    return values


def _days(values: pd.Series, order: str) -> pd.Series:
    """Write days year first; what is no day in this order stays as it is."""
    if order == "ymd":
        return values.str.replace(
            r"^(\d{4})[/.](\d{2})[/.](\d{2})", r"\1-\2-\3", regex=True
        )
    texts = _uniques(values)
    parts = texts.str.extract(DAY, expand=True).dropna()
    day, month = (0, 1) if order == "dmy" else (1, 0)
    year = parts[2].where(parts[2].str.len() == 4, "20" + parts[2])
    texts[parts.index] = (
        year + "-" + parts[month].str.zfill(2) + "-" + parts[day].str.zfill(2)
    )
    return values.map(dict(zip(_uniques(values), texts, strict=True)))


def _plain_numbers(values: pd.Series, mark: str) -> pd.Series:
    """Take currency signs and the marks of thousands out of numbers.

    >>> _plain_numbers(pd.Series(["€ 1.234,50", "−7"]), ",").tolist()
    ['1234.50', '-7']
    """
    thousands = "." if mark == "," else ","
    text = values.str.replace(r"[\s€$£¥'’]", "", regex=True)
    text = text.str.replace("−", "-").str.replace(thousands, "", regex=False)
    return text.str.replace(mark, ".", regex=False)
