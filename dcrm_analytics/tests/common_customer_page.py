"""The page of a customer as a seller reads it: its sections, blocks and items."""

from .common import DcrmCase


class CustomerPageCase(DcrmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["seller"].group_ids |= cls.env.ref("base.group_partner_manager")
        cls.users["seller"].group_ids |= cls.env.ref("sales_team.group_sale_salesman")

    def page(self, partner, role="seller", *companies):
        pages = self.env_as(role, *companies)["dcrm.customer.page"]
        self.env.flush_all()
        return pages.page(partner.id)

    def section(self, page, key):
        return next((each for each in page["sections"] if each["key"] == key), None)

    def items(self, page, key, block_type):
        """Return the items of the blocks of a type of a section."""
        return [
            item
            for block in self.section(page, key)["blocks"]
            if block["type"] == block_type
            for item in block["items"]
        ]

    def figures(self, page, key):
        """Return {label: text} of the figures of a section."""
        return {
            item["label"]: item["text"] for item in self.items(page, key, "figures")
        }

    def texts(self, page, key, block_type="lines"):
        return [item["text"] for item in self.items(page, key, block_type)]
