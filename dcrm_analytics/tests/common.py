"""What every test of the addon stands on: two companies, each role, few-word documents.

Company A counts in EUR and lives in Brussels, company B counts in JPY (no decimals) and
lives in Auckland, half a day ahead. Amounts are untaxed; days are the company's.
"""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user
from odoo.tools import SQL

ROLES = {
    "seller": "dcrm_analytics.group_dcrm_seller",
    "other_seller": "dcrm_analytics.group_dcrm_seller",
    "seller_all": "dcrm_analytics.group_dcrm_seller_all",
    "analyst": "dcrm_analytics.group_dcrm_analyst",
    "manager": "dcrm_analytics.group_dcrm_manager",
    "nobody": "base.group_user",
    "portal": "base.group_portal",
}


class DcrmCase(TransactionCase):
    """Two companies, a user of each role, helpers that make documents.

    ``cls.users`` maps the role's name to its user, who belongs to company A alone;
    ``cls.users['manager_ab']`` belongs to both companies, ``cls.users['seller_b']`` to
    company B alone. ``cls.env`` is the superuser in company A with B allowed.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context=dict(
                cls.env.context,
                tracking_disable=True,
                no_reset_password=True,
                mail_create_nolog=True,
            )
        )
        cls.numbers = itertools.count(1)
        cls.eur, cls.usd, cls.jpy = (
            cls.env.ref(f"base.{code}") for code in ("EUR", "USD", "JPY")
        )
        (cls.eur | cls.usd | cls.jpy).active = True
        cls.company_a = cls.make_company("Company A", cls.eur, "Europe/Brussels")
        cls.company_b = cls.make_company("Company B", cls.jpy, "Pacific/Auckland")
        cls.companies = cls.company_a | cls.company_b
        cls.env.user.company_ids |= cls.companies
        cls.env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=cls.companies.ids)
        )
        cls._make_rates()
        cls._make_users()
        cls.product = cls.env["product.product"].create(
            {
                "name": "Stock pot",
                "type": "consu",
                "invoice_policy": "order",
                "taxes_id": [Command.clear()],
                "list_price": 100.0,
            }
        )
        for company in cls.companies:
            cls.product.with_company(company).standard_price = 60.0

    # -- who -------------------------------------------------------------------------

    @classmethod
    def make_company(cls, name, currency, zone, **values):
        """Return a company that can sell and invoice, without a chart template."""
        company = cls.env["res.company"].create(
            {"name": name, "currency_id": currency.id, **values}
        )
        company.partner_id.tz = zone
        env = cls.env(context=dict(cls.env.context, allowed_company_ids=company.ids))
        income = env["account.account"].create(
            [
                {"name": "Receivable", "code": "X400", "account_type": kind}
                if kind == "asset_receivable"
                else {"name": "Sales", "code": "X700", "account_type": kind}
                for kind in ("asset_receivable", "income")
            ]
        )[1]
        env["account.journal"].create(
            {
                "name": "Sales",
                "code": "XINV",
                "type": "sale",
                "default_account_id": income.id,
            }
        )
        return company

    @classmethod
    def _make_rates(cls):
        """A dollar is 0.80 EUR until the end of 2023, 0.50 EUR from 2024 on; an euro is
        160 JPY and a dollar 125 JPY in company B's books."""
        rates = [
            (cls.company_a, cls.usd, "2000-01-01", 1.25),
            (cls.company_a, cls.usd, "2024-01-01", 2.0),
            (cls.company_a, cls.eur, "2000-01-01", 1.0),
            (cls.company_b, cls.jpy, "2000-01-01", 1.0),
            (cls.company_b, cls.eur, "2000-01-01", 1 / 160),
            (cls.company_b, cls.usd, "2000-01-01", 1 / 125),
        ]
        cls.env["res.currency.rate"].create(
            [
                {
                    "company_id": company.id,
                    "currency_id": currency.id,
                    "name": name,
                    "rate": rate,
                }
                for company, currency, name, rate in rates
            ]
        )

    @classmethod
    def _make_users(cls):
        cls.users = {
            role: cls.make_user(role, groups, cls.company_a)
            for role, groups in ROLES.items()
        }
        cls.users["manager_ab"] = cls.make_user(
            "manager_ab", ROLES["manager"], cls.companies
        )
        cls.users["seller_b"] = cls.make_user(
            "seller_b", ROLES["seller"], cls.company_b
        )

    @classmethod
    def make_user(cls, login, groups, companies):
        return new_test_user(
            cls.env,
            login=f"dcrm_{login}",
            groups=groups,
            company_id=companies[0].id,
            company_ids=[Command.set(companies.ids)],
            context={"no_reset_password": True, "tracking_disable": True},
        )

    def env_as(self, role, *companies):
        """Return the environment of a role's user, in its or the given companies."""
        user = self.users[role]
        allowed = [company.id for company in companies] or user.company_ids.ids
        return self.env(
            user=user, context={"allowed_company_ids": allowed, "lang": "en_US"}
        )

    def partner(self, name=None, **values):
        """Return a new customer; ``seller`` names a role whose user sells to it."""
        if role := values.pop("seller", None):
            values["user_id"] = self.users[role].id
        name = name or f"Customer {next(self.numbers)}"
        return self.env["res.partner"].create({"name": name, **values})

    # -- when ------------------------------------------------------------------------

    def today(self, company=None):
        """Return the company's day."""
        zone = (company or self.company_a).partner_id.tz or "UTC"
        return datetime.now(ZoneInfo(zone)).date()

    def days_ago(self, days, company=None):
        return self.today(company) - timedelta(days)

    def instant(self, day, company=None):
        """Return the naive UTC instant of noon of a day of the company."""
        if isinstance(day, datetime):
            return day
        if isinstance(day, str):
            day = date.fromisoformat(day)
        zone = ZoneInfo((company or self.company_a).partner_id.tz or "UTC")
        noon = datetime.combine(day, time(12), zone)
        return noon.astimezone(UTC).replace(tzinfo=None)

    # -- what ------------------------------------------------------------------------

    def order(self, partner, amount, date=None, confirm=True, company=None, **values):
        """Return a sales order over one line, dated a day (or a naive UTC instant).

        ``currency`` makes it one of that currency; ``lines`` gives amounts instead.
        """
        company = company or self.company_a
        amounts = values.pop("lines", None) or [amount]
        if currency := values.pop("currency", None):
            values["pricelist_id"] = self._pricelist(currency, company).id
        order = (
            self.env["sale.order"]
            .with_company(company)
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "product_uom_qty": 1,
                                "price_unit": price,
                            }
                        )
                        for price in amounts
                    ],
                    **values,
                }
            )
        )
        if confirm:
            order.action_confirm()
        # Confirming dates the order today.
        order.date_order = self.instant(date or self.today(company), company)
        self.env.flush_all()
        return order

    def _pricelist(self, currency, company):
        return (
            self.env["product.pricelist"]
            .with_company(company)
            .create(
                {
                    "name": f"{currency.name} {next(self.numbers)}",
                    "currency_id": currency.id,
                    "company_id": company.id,
                }
            )
        )

    def invoice(self, source, amount=None, date=None, post=True, **values):
        """Return an invoice of a sales order, or of a partner over an amount.

        An order is invoiced for what is invoiceable, ``final=False`` as the host does
        without deducting down payments. Of a partner: ``company``, ``currency``,
        ``lines`` (amounts), ``move_type`` and any field of the invoice.
        """
        if source._name == "sale.order":
            final = values.pop("final", True)
            move = source.with_company(source.company_id)._create_invoices(final=final)
            move.write(values)
        else:
            move = self._partner_invoice(source, amount, **values)
        move.invoice_date = date or self.today(move.company_id)
        if post:
            move.action_post()
        self.env.flush_all()
        return move

    def _partner_invoice(self, partner, amount, company=None, **values):
        company = company or self.company_a
        amounts = values.pop("lines", None) or [amount]
        if currency := values.pop("currency", None):
            values["currency_id"] = currency.id
        return (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "quantity": 1,
                                "price_unit": price,
                                "tax_ids": [Command.clear()],
                            }
                        )
                        for price in amounts
                    ],
                    **values,
                }
            )
        )

    def credit_note(self, invoice, amount=None, date=None, post=True):
        """Return a credit note of a posted invoice: of all of it, or of an amount."""
        day = date or self.today(invoice.company_id)
        refund = invoice.with_company(invoice.company_id)._reverse_moves(
            [{"invoice_date": day, "date": day}]
        )
        if amount is not None:
            lines = refund.invoice_line_ids
            lines[1:].unlink()
            lines[0].write({"quantity": 1, "price_unit": amount})
        if post:
            refund.action_post()
        self.env.flush_all()
        return refund

    def down_payment(self, order, amount, date=None, post=True):
        """Return the posted invoice of a down payment of a fixed amount on an order."""
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_company(order.company_id)
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "fixed", "fixed_amount": amount})
        )
        move = wizard._create_invoices(order)
        move.invoice_date = date or self.today(order.company_id)
        if post:
            move.action_post()
        self.env.flush_all()
        return move

    def purchase(self, partner, amount, date=None, company=None, **values):
        """Return a fact as the import of history leaves it, written straight by SQL."""
        company = company or self.company_a
        row = {
            "partner_id": partner.id,
            "company_id": company.id,
            "date": date or self.today(company),
            "amount": amount,
            "margin_known": values.get("margin") is not None,
            "source": "import",
            "reference": f"H{next(self.numbers):05}",
            **values,
        }
        row.setdefault("import_key", row["reference"])
        self.env.flush_all()
        [[purchase_id]] = self.env.execute_query(
            SQL(
                "INSERT INTO dcrm_purchase (%s) VALUES (%s) RETURNING id",
                SQL(", ").join(map(SQL.identifier, row)),
                SQL(", ").join(SQL("%s", value) for value in row.values()),
            )
        )
        self.env["dcrm.purchase"].invalidate_model()
        return self.env["dcrm.purchase"].browse(purchase_id)

    # -- what must hold --------------------------------------------------------------

    def score_of(self, partner, company=None):
        """Return the score of a customer in a company, or an empty recordset."""
        return self.env["dcrm.customer.score"].search(
            [
                ("partner_id", "=", partner.commercial_partner_id.id),
                ("company_id", "=", (company or self.company_a).id),
            ]
        )

    def refresh(self, *companies, **options):
        """Bring facts and scores of company A, or of the given ones, up to date."""
        for company in companies or (self.company_a,):
            self.env["dcrm.customer.score"].refresh(company, **options)
        self.env.invalidate_all()

    def assertNoViolations(self):
        """Every invariant of every installed addon holds."""
        self.env.flush_all()
        self.assertEqual(self.env["dcrm.audit"].run(), [])
