"""Books with everything that a P&L meets, and what they say by an independent count."""

import pandas as pd

from odoo.fields import Command

from .common import DcrmCase

COLUMNS = ["revenue", "goods", "margin", "profit"]


class ProfitCase(DcrmCase):
    """Accounts and journals of both companies, entries in a few words, and the P&L of
    customers counted by pandas from the journal items as the host's models read them.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.profits = cls.env["dcrm.customer.profit"]
        cls.books = {company: cls._make_books(company) for company in cls.companies}

    @classmethod
    def _make_books(cls, company):
        """Return accounts by type and journals by type of a company."""
        env = cls.env(context=dict(cls.env.context, allowed_company_ids=company.ids))
        kinds = {
            "income_other": "Exchange gains",
            "expense": "Expenses",
            "expense_direct_cost": "Cost of goods",
            "asset_current": "Stock",
            "asset_cash": "Bank",
            "liability_payable": "Payable",
        }
        accounts = {
            kind: env["account.account"].create(
                {
                    "name": name,
                    "code": f"X9{number:02}",
                    "account_type": kind,
                    "reconcile": kind in ("liability_payable", "asset_current"),
                }
            )
            for number, (kind, name) in enumerate(kinds.items())
        }
        for kind in ("income", "asset_receivable"):
            accounts[kind] = env["account.account"].search(
                [
                    ("account_type", "=", kind),
                    ("company_ids", "in", company.ids),
                    ("code", "=like", "X%"),
                ],
                limit=1,
            )
        journals = {
            kind: env["account.journal"].create(
                {
                    "name": kind,
                    "code": f"X{kind[:4].upper()}",
                    "type": kind,
                    "default_account_id": account and accounts[account].id,
                }
            )
            for kind, account in (
                ("general", None),
                ("purchase", "expense"),
                ("bank", "asset_cash"),
            )
        }
        lines = journals["bank"].inbound_payment_method_line_ids
        lines.payment_account_id = accounts["asset_current"]
        company.write(
            {
                "currency_exchange_journal_id": journals["general"].id,
                "income_currency_exchange_account_id": accounts["income_other"].id,
                "expense_currency_exchange_account_id": accounts["expense"].id,
            }
        )
        return accounts, journals

    def entry(self, *lines, company=None, date=None, post=True):
        """Return an entry of ``(account type, partner, balance)`` lines, balanced on
        the stock's account."""
        company = company or self.company_a
        accounts, journals = self.books[company]
        rest = -sum(balance for _kind, _partner, balance in lines)
        move = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "entry",
                    "journal_id": journals["general"].id,
                    "date": date or self.today(company),
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": accounts[kind].id,
                                "partner_id": partner and partner.id,
                                "balance": balance,
                            }
                        )
                        for kind, partner, balance in (
                            *lines,
                            ("asset_current", None, rest),
                        )
                    ],
                }
            )
        )
        if post:
            move.action_post()
        self.env.flush_all()
        return move

    def cost(self, partner, amount, **values):
        """Return an entry that posts cost of goods of a customer."""
        return self.entry(("expense_direct_cost", partner, amount), **values)

    def bill(self, vendor, amount, company=None, account="expense_direct_cost"):
        """Return the posted bill of a vendor."""
        company = company or self.company_a
        accounts, journals = self.books[company]
        vendor.with_company(company).property_account_payable_id = accounts[
            "liability_payable"
        ]
        bill = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "in_invoice",
                    "partner_id": vendor.id,
                    "journal_id": journals["purchase"].id,
                    "invoice_date": self.today(company),
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Clay",
                                "price_unit": amount,
                                "account_id": accounts[account].id,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
        bill.action_post()
        self.env.flush_all()
        return bill

    def pay(self, invoice, amount=None, date=None, **values):
        """Pay an invoice, in its currency, by the host's wizard."""
        company = invoice.company_id
        _accounts, journals = self.books[company]
        wizard = (
            self.env["account.payment.register"]
            .with_company(company)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create(
                {
                    "journal_id": journals["bank"].id,
                    "payment_date": date or self.today(company),
                    "currency_id": invoice.currency_id.id,
                    **({"amount": amount} if amount is not None else {}),
                    **values,
                }
            )
        )
        payments = wizard._create_payments()
        self.env.flush_all()
        return payments

    # -- counted independently -------------------------------------------------------

    def ledger(self, company):
        """Return the journal items of a company's P&L, by the host's models."""
        items = (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("parent_state", "=", "posted"),
                    ("account_id.internal_group", "in", ("income", "expense")),
                ]
            )
        )
        rows = []
        for item in items:
            kind, revenue = item.account_id.account_type, False
            if kind == "income":
                revenue = True
            elif kind != "expense_direct_cost" and item.display_type != "cogs":
                continue
            vendors = item.move_id.is_purchase_document(include_receipts=True)
            customer = item.partner_id.commercial_partner_id.id
            rows.append(
                {
                    "partner_id": 0 if vendors and not revenue else customer or 0,
                    "move_id": item.move_id.id,
                    "date": item.move_id.date,
                    "revenue": -item.balance if revenue else 0.0,
                    "goods": 0.0 if revenue else -item.balance,
                }
            )
        return pd.DataFrame(
            rows, columns=["partner_id", "move_id", "date", "revenue", "goods"]
        )

    def expected(self, company, date_from=None, date_to=None):
        """Return the P&L of customers by the ledger alone, by customer."""
        frame = self.ledger(company)
        frame = frame[frame["partner_id"] != 0]
        if date_from:
            frame = frame[frame["date"] >= date_from]
        if date_to:
            frame = frame[frame["date"] <= date_to]
        sums = frame.groupby("partner_id")[["revenue", "goods"]].sum()
        sums["margin"] = sums["profit"] = sums["revenue"] + sums["goods"]
        return sums.round(2)

    def assertLedger(self, company=None, date_from=None, date_to=None):
        """The P&L of customers, and what it is beside the ledger, are as counted."""
        company = company or self.company_a
        expected = self.expected(company, date_from, date_to)
        found = (
            self.profits.statement(company, date_from, date_to)
            .set_index("partner_id")[COLUMNS]
            .round(2)
        )
        self.assertEqual(found.to_dict("index"), expected[COLUMNS].to_dict("index"))
        self.assertReconciled(company, date_from, date_to)

    def assertReconciled(self, company, date_from=None, date_to=None):
        """The reconciliation says what the ledger and the customers add up to."""
        frame = self.ledger(company)
        if date_from:
            frame = frame[frame["date"] >= date_from]
        if date_to:
            frame = frame[frame["date"] <= date_to]
        lines = self.profits.reconcile(company, date_from, date_to)
        for line in ("revenue", "goods"):
            whole = round(frame[line].sum(), 2)
            own = round(frame[frame["partner_id"] != 0][line].sum(), 2)
            self.assertAlmostEqual(lines[line]["ledger"], whole, 2)
            self.assertAlmostEqual(lines[line]["customers"], own, 2)
            self.assertAlmostEqual(lines[line]["difference"], whole - own, 2)
            customers = lines[line]["parts"].get("customer", {"difference": 0.0})
            self.assertAlmostEqual(customers["difference"], 0.0, 2)

    def profit_of(self, partner, company=None):
        """Return the rows of a customer."""
        return self.profits.search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", (company or self.company_a).id),
            ]
        )
