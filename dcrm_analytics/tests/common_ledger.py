"""A ledger with money in it: journals to pay into, terms, payments, write-offs."""

from odoo.fields import Command

from .common import DcrmCase


class LedgerCase(DcrmCase):
    """Both companies can be paid, have exchange differences and write off.

    ``cls.installments`` is a payment term of 30 % after 10 and the rest after 45 days.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts = {company: cls._make_ledger(company) for company in cls.companies}
        cls.installments = cls.env["account.payment.term"].create(
            {
                "name": "30 % in 10 days, the rest in 45",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": share, **days})
                    for share, days in ((30, {"nb_days": 10}), (70, {"nb_days": 45}))
                ],
            }
        )

    @classmethod
    def _make_ledger(cls, company):
        """Give a company journals of money and of exchange; return its accounts."""
        env = cls.env(context=dict(cls.env.context, allowed_company_ids=company.ids))
        names = {
            "bank": ("Bank", "X550", "asset_cash"),
            "cash": ("Cash", "X570", "asset_cash"),
            "gain": ("Exchange gain", "X750", "income_other"),
            "loss": ("Exchange loss", "X650", "expense"),
            "bad": ("Bad debts", "X640", "expense"),
            "other": ("Suspense", "X499", "asset_current"),
            "transfer": ("Payments on their way", "X580", "asset_current"),
        }
        accounts = {
            key: env["account.account"].create(
                {
                    "name": name,
                    "code": code,
                    "account_type": kind,
                    "reconcile": key == "transfer",
                }
            )
            for key, (name, code, kind) in names.items()
        }
        company.transfer_account_id = accounts["transfer"]
        env["account.journal"].create(
            [
                {
                    "name": accounts[kind].name,
                    "code": f"X{kind[:3].upper()}",
                    "type": kind,
                    "default_account_id": accounts[kind].id,
                }
                for kind in ("bank", "cash")
            ]
        )
        company.currency_exchange_journal_id = env["account.journal"].create(
            {"name": "Exchange", "code": "XEXC", "type": "general"}
        )
        company.income_currency_exchange_account_id = accounts["gain"]
        company.expense_currency_exchange_account_id = accounts["loss"]
        accounts["receivable"] = env["account.account"].search(
            [
                ("company_ids", "in", company.ids),
                ("account_type", "=", "asset_receivable"),
            ],
            limit=1,
        )
        return accounts

    def journal(self, kind="bank", company=None):
        return self.env["account.journal"].search(
            [
                ("company_id", "=", (company or self.company_a).id),
                ("type", "=", kind),
            ],
            limit=1,
        )

    def bill(self, partner, amount, date, **values):
        """Return a posted invoice, due on its own day unless the values say else.

        Left to itself the host has an invoice that is created without a day due on the
        day that it is created.
        """
        if "invoice_payment_term_id" not in values:
            values.setdefault("invoice_date_due", date)
        return self.invoice(partner, amount, date, **values)

    def pay(self, move, amount=None, date=None, write_off=False, kind="bank"):
        """Return the payment of an invoice: in its currency, of all that is open or of
        an amount; ``write_off`` gives up what is left then.
        """
        company = move.company_id
        wizard = (
            self.env["account.payment.register"]
            .with_company(company)
            .with_context(active_model="account.move", active_ids=move.ids)
            .create(
                {
                    "payment_date": date or self.today(company),
                    "journal_id": self.journal(kind, company).id,
                    "currency_id": move.currency_id.id,
                    **({} if amount is None else {"amount": amount}),
                }
            )
        )
        if amount is not None and write_off:
            wizard.write(
                {
                    "payment_difference_handling": "reconcile",
                    "writeoff_account_id": self.accounts[company]["bad"].id,
                }
            )
        payment = wizard._create_payments()
        self.env.flush_all()
        return payment

    def advance(self, partner, amount, date=None, company=None, **values):
        """Return a posted payment of a customer that is not allocated to anything."""
        company = company or self.company_a
        payment = (
            self.env["account.payment"]
            .with_company(company)
            .create(
                {
                    "partner_id": partner.id,
                    "amount": amount,
                    "date": date or self.today(company),
                    "journal_id": self.journal("bank", company).id,
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "destination_account_id": self.accounts[company]["receivable"].id,
                    **values,
                }
            )
        )
        payment.action_post()
        self.env.flush_all()
        return payment

    def receivable_lines(self, moves):
        """Return the lines of entries that stand on receivable accounts."""
        return moves.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )

    def allocate(self, *moves):
        """Match the receivable lines of entries with each other."""
        lines = self.env["account.move.line"]
        for move in moves:
            lines |= self.receivable_lines(move)
        lines.filtered(lambda line: not line.reconciled).reconcile()
        self.env.flush_all()

    def entry(self, lines, date=None, company=None, journal=None):
        """Return a posted entry of ``(account key, partner or None, balance)``."""
        company = company or self.company_a
        move = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "entry",
                    "date": date or self.today(company),
                    "journal_id": (journal or company.currency_exchange_journal_id).id,
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": self.accounts[company][key].id,
                                "partner_id": partner.id if partner else False,
                                "balance": balance,
                            }
                        )
                        for key, partner, balance in lines
                    ],
                }
            )
        )
        move.action_post()
        self.env.flush_all()
        return move
