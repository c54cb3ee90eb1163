"""What the tests of loyalty stand on, beside what those of analytics do: clubs."""

from contextlib import contextmanager

from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.dcrm_analytics.tests.common import DcrmCase

PRICELISTS = "product.group_product_pricelist"


class LoyaltyCase(DcrmCase):
    """Clubs whose tiers take off so many per cent; a pot costs 100 without."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A product of no company has its price in the currency of the first one.
        cls.pots = {
            company: cls.env["product.product"].create(
                {
                    "name": f"Pot of {company.name}",
                    "company_id": company.id,
                    "list_price": 100.0,
                    "taxes_id": [Command.clear()],
                }
            )
            for company in cls.companies
        }

    def club(self, name="Kitchen Club", tiers=(("Silver", 5), ("Gold", 10)), **values):
        """Return a club of company A, or ``company``; tiers are (name, per cent off)
        or (name, price list or None), the first is where members enter."""
        company = values.pop("company", self.company_a)
        return (
            self.env["dcrm.club"]
            .with_company(company)
            .create(
                {
                    "name": name,
                    "company_id": company.id,
                    "tier_ids": [
                        Command.create(
                            {
                                "name": tier,
                                "sequence": 10 * number,
                                "pricelist_id": self._list_of(off, company).id,
                            }
                        )
                        for number, (tier, off) in enumerate(tiers, 1)
                    ],
                    **values,
                }
            )
        )

    def _list_of(self, off, company):
        if isinstance(off, int):
            return self.pricelist(off, company)
        return off or self.env["product.pricelist"]

    def pricelist(self, off, company=None, **values):
        """Return a price list of company A, or of another, so many per cent off."""
        return self.env["product.pricelist"].create(
            {
                "name": f"{off} % off {next(self.numbers)}",
                "company_id": (company or self.company_a).id,
                "currency_id": (company or self.company_a).currency_id.id,
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "3_global",
                            "compute_price": "percentage",
                            "percent_price": off,
                        }
                    )
                ],
                **values,
            }
        )

    @contextmanager
    def assertRefused(self, sentence, error=UserError):
        """The work inside is refused in these words, and leaves nothing behind."""
        with self.assertRaisesRegex(error, sentence), self.cr.savepoint():
            yield
        self.env.invalidate_all()

    def tier(self, club, name):
        return club.tier_ids.filtered(lambda tier: tier.name == name)

    def join(self, partner, club, tier=None, **values):
        """Return the membership of a partner who joins a club, as its seller would."""
        if tier:
            values["tier_id"] = self.tier(club, tier).id
        membership = self.env["dcrm.membership"].create(
            {"partner_id": partner.id, "club_id": club.id, **values}
        )
        self.env.flush_all()
        return membership

    def price(self, partner, company=None, env=None):
        """Return what a new order asks a partner for a pot."""
        company = company or self.company_a
        order = (
            (env or self.env)["sale.order"]
            .with_company(company)
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "order_line": [
                        Command.create(
                            {"product_id": self.pots[company].id, "product_uom_qty": 1}
                        )
                    ],
                }
            )
        )
        return order.amount_untaxed

    def list_of(self, partner, company=None):
        """Return the price list that a partner has of its own in a company."""
        partner = partner.with_company(company or self.company_a)
        return partner.specific_property_product_pricelist

    def pricelists_off(self):
        """Switch the host's Pricelists off, as its settings leave it."""
        self.env["res.groups"].search([])._remove_group(self.env.ref(PRICELISTS))
        self.env["product.pricelist"].search([]).action_archive()
        self.assertFalse(self.pricelists_are_on())

    def pricelists_are_on(self):
        return self.env["res.groups"]._is_feature_enabled(PRICELISTS)
