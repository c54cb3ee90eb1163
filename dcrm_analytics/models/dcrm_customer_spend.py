from odoo import api, fields, models
from odoo.exceptions import ValidationError

SOURCES = [
    ("customer", "The customer said so"),
    ("published", "Published accounts"),
    ("survey", "Market survey"),
    ("guess", "Salesperson's guess"),
]


class DcrmCustomerSpend(models.Model):
    """What a customer spends a year, with everybody, for a kind of product.

    Entered by hand or imported, with where it comes from and of when it is. The latest
    entry of a customer and category counts; earlier ones stay, to see how it changed.
    """

    _name = "dcrm.customer.spend"
    _description = "Customer Spend"
    _order = "date desc, id desc"
    _rec_name = "category_id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    industry_id = fields.Many2one(related="partner_id.industry_id", string="Industry")
    category_id = fields.Many2one(
        "product.category",
        "Kind of Product",
        required=True,
        ondelete="restrict",
        help="Kinds below it are part of it",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        compute="_compute_currency_id",
        store=True,
        precompute=True,
        readonly=False,
    )
    amount = fields.Monetary(
        "Spend a Year",
        required=True,
        help="What the customer spends a year on this kind of product, with us and all "
        "others",
    )
    source = fields.Selection(SOURCES, required=True, default="customer")
    note = fields.Char(help="Who said so, which report, which survey")
    date = fields.Date(
        "As Of",
        required=True,
        default=lambda self: self.env.company._customer_scoring_today(),
    )
    age = fields.Integer(
        "Age in Days",
        compute="_compute_age",
        aggregator=None,
        help="How old the figure is: what a customer spends changes",
    )
    is_current = fields.Boolean(
        "Counts",
        compute="_compute_is_current",
        search="_search_is_current",
        help="It is the latest entry of this customer and kind of product",
    )

    _positive_amount = models.Constraint(
        "CHECK (amount > 0)", "A spend is more than zero."
    )

    @api.depends("company_id")
    def _compute_currency_id(self):
        for spend in self:
            spend.currency_id = spend.currency_id or spend.company_id.currency_id

    @api.depends("date", "company_id")
    def _compute_age(self):
        for spend in self:
            company = spend.company_id or self.env.company
            today = company._customer_scoring_today()
            spend.age = (today - spend.date).days if spend.date else 0

    @api.depends("partner_id", "company_id", "category_id", "date")
    def _compute_is_current(self):
        current = set(self._latest(self.partner_id, self.company_id).ids)
        for spend in self:
            spend.is_current = spend.id in current

    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        every = self.env["res.partner"]
        latest = self._latest(every, self.env.companies)
        return [("id", "in" if True in value else "not in", latest.ids)]

    @api.model
    def _latest(self, partners, companies):
        """Return the latest entry of each customer and category, not of a day ahead."""
        domain = [("company_id", "in", companies.ids)]
        if partners:
            domain.append(("partner_id", "in", partners.ids))
        latest = {}
        for spend in self.sudo().search(domain, order="date desc, id desc"):
            if spend.date <= spend.company_id._customer_scoring_today():
                key = spend.partner_id, spend.company_id, spend.category_id
                latest.setdefault(key, spend.id)
        return self.browse(latest.values())

    @api.constrains("date", "company_id")
    def _check_date(self):
        for spend in self:
            company = spend.company_id
            if spend.date > max(
                company._customer_today(), company._customer_scoring_today()
            ):
                raise ValidationError(
                    self.env._("%s is still to come: no spend is known.", spend.date)
                )

    @api.constrains("currency_id", "company_id")
    def _check_rate(self):
        """Refuse a currency without a rate: the host takes it for one to one."""
        rates = self.env["res.currency.rate"].sudo()
        for spend in self:
            company, currency = spend.company_id, spend.currency_id
            rate = currency._get_conversion_rate(
                currency, company.currency_id, company, spend.date
            )
            known = currency == company.currency_id or rates.search_count(
                [
                    ("currency_id", "=", currency.id),
                    ("company_id", "in", (False, company.root_id.id)),
                ],
                limit=1,
            )
            if rate == 1 and not known:
                raise ValidationError(
                    self.env._(
                        "%(company)s has no rate of %(currency)s: it is not known what "
                        "that is worth.",
                        company=company.name,
                        currency=currency.name,
                    )
                )

    # -- whose share it decides --------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        spends = super().create([self._of_the_customer(vals) for vals in vals_list])
        spends._renew_shares()
        return spends

    def write(self, vals):
        before = self._customers_by_company()
        result = super().write(self._of_the_customer(vals))
        # The host asks before it writes: nobody gives an entry to another's customer.
        self.check_access("write")
        self._renew_shares(before)
        return result

    def unlink(self):
        before = self._customers_by_company()
        result = super().unlink()
        self.browse()._renew_shares(before)
        return result

    @api.model
    def _of_the_customer(self, vals):
        """Return values with the customer itself, where they name a contact of it.

        Whose customer it is decides who may enter what it spends.
        """
        partner_id = vals.get("partner_id")
        if not partner_id:
            return vals
        customer = self.env["res.partner"].browse(partner_id).commercial_partner_id
        return {**vals, "partner_id": customer.id}

    def _customers_by_company(self):
        return {
            company: spends.partner_id.commercial_partner_id
            for company, spends in self.sudo().grouped("company_id").items()
        }

    def _renew_shares(self, before=None):
        """Work out the shares of the customers that the entries are of, and were of."""
        customers = dict(before or {})
        for company, partners in self._customers_by_company().items():
            customers[company] = customers.get(company, partners) | partners
        for company, partners in customers.items():
            self.env["dcrm.customer.score"].sudo()._renew_share_of(company, partners)
