from odoo import api, models

# The host's colors of segments, as pale as on the screen.
COLORS = (
    "#dee2e6 #f7a0a0 #efc8a4 #f5e099 #b3cff0 #d4b8cd #efc9ba #aad8d5 #a2aef1 #f7a1ca"
    " #b8e4be #d1c0f4"
).split()
# About how many lines of text each block takes on paper, beside a line an item.
HEIGHTS = {
    "figures": 2,
    "scales": 3,
    "path": 3,
    "columns": 5,
    "bars": 0,
    "table": 1,
    "lines": 0,
    "steps": 0,
    "text": 2,
}
# Of these blocks each item is a line, or two.
LISTS = {"bars": 1, "lines": 2, "steps": 2, "table": 1}


class ReportCustomerPage(models.AbstractModel):
    """The customer page on one sheet of A4."""

    _name = "report.dcrm_analytics.report_customer_page"
    _description = "Customer Page, Printed"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the pages of partners, each with its sections in two columns.

        :raises AccessError: the host's, for who may not read one of the pages
        """
        docids = docids or []  # the address may name none
        pages = [self.env["dcrm.customer.page"].page(docid) for docid in docids]
        return {
            "doc_ids": docids,
            "doc_model": "res.partner",
            "docs": self.env["res.partner"].browse(docids),
            "pages": [self._laid_out(page) for page in pages],
            "colors": COLORS,
        }

    @api.model
    def _laid_out(self, page):
        """Return a page with ``strip`` and ``columns``: two lists of sections."""
        sections = page["sections"]
        strip = [each for each in sections if each["key"] == "worth"]
        rest = [each for each in sections if each["key"] != "worth"]
        half = sum(map(_height, rest)) / 2
        columns, height = ([], []), 0
        for section in rest:
            columns[height + _height(section) / 2 > half].append(section)
            height += _height(section)
        return {**page, "strip": strip, "columns": columns}


def _height(section):
    """Return about how many lines of text a section takes."""
    return 2 + sum(
        HEIGHTS[block["type"]]
        + LISTS.get(block["type"], 0) * len(block.get("items") or block.get("rows", ()))
        for block in section["blocks"]
    )
