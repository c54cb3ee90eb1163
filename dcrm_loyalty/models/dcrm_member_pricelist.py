from odoo import SUPERUSER_ID, api, fields, models

PRICELISTS = "product.group_product_pricelist"


class DcrmMemberPricelist(models.Model):
    """The price list that a customer has by a tier, and the one that it had before.

    The host prices by the property of the partner; here is remembered what was put
    there. Whoever writes the property by hand in the meantime wins: it is given back
    only where it is still what was put there.
    """

    _name = "dcrm.member.pricelist"
    _description = "Price List of a Member"
    _order = "company_id, partner_id"
    _rec_name = "partner_id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    pricelist_id = fields.Many2one(
        "product.pricelist",
        "Price List of the Tier",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    previous_pricelist_id = fields.Many2one(
        "product.pricelist",
        "Price List Before",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )

    _unique_customer = models.Constraint(
        "UNIQUE(partner_id, company_id)",
        "The customer has a price list by a tier in this company already.",
    )

    @api.model
    def _set(self, company, pricelists, by_hand=()):
        """Give customers the price lists of their tiers, or back what they had.

        :param company: one company
        :param dict pricelists: of commercial partners to price lists; an empty one: no
            tier has a say any more
        :param by_hand: ids of price lists that stay where a customer has one, because
            somebody chose it in spite of a tier; False: none at all
        """
        rows = self.search(
            [
                ("partner_id", "in", [customer.id for customer in pricelists]),
                ("company_id", "=", company.id),
            ]
        ).grouped("partner_id")
        partners = self.env["res.partner"].with_company(company)
        partners = partners.browse(customer.id for customer in pricelists)
        created, put = [], {}
        for customer, pricelist in zip(partners, pricelists.values(), strict=True):
            row = rows.get(customer, self.browse())
            if not row and not pricelist:
                continue
            now = customer.specific_property_product_pricelist
            if not row:
                created.append(row._values(customer, company, pricelist, now))
            kept = now != row.pricelist_id if row else now.id in by_hand
            wanted = pricelist or row.previous_pricelist_id
            if not kept and wanted != now:
                put[wanted] = put.get(wanted, partners.browse()) | customer
        if any(pricelists.values()):
            self._switch_on()
        self.create(created)
        self._follow(rows, pricelists)
        for pricelist, customers in put.items():
            customers._put_pricelist(pricelist)

    def _values(self, customer, company, pricelist, previous):
        return {
            "partner_id": customer.id,
            "company_id": company.id,
            "pricelist_id": pricelist.id,
            "previous_pricelist_id": previous.id,
        }

    @api.model
    def _follow(self, rows, pricelists):
        """Let rows say what the tiers say now, and end those that have none left."""
        ended, changed = self.browse(), {}
        for customer, row in rows.items():
            pricelist = pricelists[customer]
            if not pricelist:
                ended |= row
            elif pricelist != row.pricelist_id:
                changed[pricelist] = changed.get(pricelist, self.browse()) | row
        for pricelist, others in changed.items():
            others.pricelist_id = pricelist
        ended.unlink()

    def _chosen(self):
        """Return ids of the lists chosen in spite of a tier, False for none at all."""
        return {
            now.id
            for row, now in zip(self, self._present(), strict=True)
            if now != row.pricelist_id
        }

    def _present(self):
        """Return the price list that each row's customer has now."""
        return [
            row.partner_id.with_company(
                row.company_id
            ).specific_property_product_pricelist
            for row in self
        ]

    def _release(self):
        """Give back what customers had before, and forget about them."""
        none = self.env["product.pricelist"]
        for company, rows in self.grouped("company_id").items():
            self._set(company, dict.fromkeys(rows.partner_id, none))

    @api.model
    def _switch_on(self):
        """Switch the host's *Pricelists* on, without which no list applies.

        As its settings do: every company gets a default list that comes before others,
        so that who is no member buys as before. Lists that tiers use and that were
        archived when somebody switched the feature off are there again.
        """
        groups = self.env["res.groups"]
        if groups._is_feature_enabled(PRICELISTS):
            return
        env = self.with_user(SUPERUSER_ID).env
        env.ref("base.group_user")._apply_group(env.ref(PRICELISTS))
        env["res.company"]._activate_or_create_pricelists()
        tiers = env["dcrm.club.tier"].search([("pricelist_id.active", "=", False)])
        tiers.pricelist_id.action_unarchive()
        env["res.partner"].invalidate_model(["property_product_pricelist"])
