"""What the figures of worth need beside sales: what was owed before the books began
here and how late it was paid, credit limits, what it costs to sell."""

from datetime import timedelta

from accounts import method_of, open_methods, pay
from books import days_late, friday, open_items, spending

LATE_PAYMENT_RATE = 8.0  # per cent a year
PROFITABLE_FROM = 300.0  # what it takes to keep an account
GENERAL_LIMIT = 6000.0
LIMITS = 24  # customers with a limit of their own


def set_rules(env, _company):
    """Say what late payment costs, who is profitable and how customers may pay."""
    env.company.late_payment_rate = LATE_PAYMENT_RATE
    env.company.profitable_from = PROFITABLE_FROM
    env.company.account_use_credit_limit = True
    env["ir.default"].set(
        "res.partner", "credit_limit", GENERAL_LIMIT, company_id=env.company.id
    )
    open_methods(env)
    return f"{LATE_PAYMENT_RATE} % a year,"


def bring_over(env, company):
    """Bring over what customers owed when the books began here; some paid since."""
    begun = _first_day(env) - timedelta(1)
    lines = _open_items(env, company, begun)
    paid = _paid_since(env, company, lines)
    limits = _limit(env)
    return f"{len(lines)} items, {paid} paid since, {limits} limits,"


def _first_day(env):
    first = env["account.move"].search(
        [("move_type", "=", "out_invoice"), ("state", "=", "posted")],
        order="invoice_date, id",
        limit=1,
    )
    return first.invoice_date


def _open_items(env, company, begun):
    """Return the posted receivable lines of the opening entry, oldest first."""
    items = open_items(company)
    partners = {
        partner.ref: partner
        for partner in env["res.partner"].search([("ref", "in", list(items["ref"]))])
    }
    values = [
        {
            "partner_id": partners[item.ref].id,
            "account_id": partners[item.ref].property_account_receivable_id.id,
            "name": item.reference,
            "debit": item.owed,
            "date_maturity": item.due,
        }
        for item in items.itertuples()
    ]
    equity = env.company.get_unaffected_earnings_account()
    total = round(sum(line["debit"] for line in values), 2)
    values.append({"account_id": equity.id, "name": "Opening", "credit": total})
    entry = env["account.move"].create(
        {
            "move_type": "entry",
            "ref": "Opening balance",
            "date": begun,
            "line_ids": [(0, 0, line) for line in values],
        }
    )
    entry.action_post()
    return entry.line_ids.filtered("date_maturity").sorted("date_maturity")


def _paid_since(env, company, lines):
    """Let two of three customers pay what was overdue, some a part of it."""
    weeks = {}
    for number, line in enumerate(lines):
        if number % 3 == 2 or days_late(line.partner_id.ref) is None:
            continue
        day = friday(line.date + timedelta(7 + number * 11 % 49))
        if day <= company.last_day:
            key = day, method_of(env, line.partner_id), number % 9 == 4
            weeks[key] = weeks.get(key, lines.browse()) | line
    for (day, method, part), paid in sorted(
        weeks.items(), key=lambda item: (item[0][0], item[0][1].id, item[0][2])
    ):
        pay(paid, day, method, part)
    return sum(map(len, weeks.values()))


def _limit(env):
    """Give who owes most a limit: every third owes more than that."""
    owing = env["account.move.line"]._read_group(
        [
            ("account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
            ("partner_id", "!=", False),
        ],
        ["partner_id"],
        ["amount_residual:sum"],
        order="amount_residual:sum desc, partner_id",
        limit=LIMITS,
    )
    for number, (partner, owed) in enumerate(owing):
        factor = 0.7 if number % 3 == 0 else 1.6
        partner.commercial_partner_id.write(
            {
                "use_partner_credit_limit": True,
                "credit_limit": round(owed * factor, -2) or 100.0,
            }
        )
    return len(owing)


def ask_spending(env, company):
    """Enter what customers said that they spend, with us and with others."""
    said = spending(company)
    partners = {
        partner.ref: partner.id
        for partner in env["res.partner"].search([("ref", "in", list(said["ref"]))])
    }
    categories = {
        category.name: category.id
        for category in env["product.category"].search(
            [("name", "in", list(said["category"]))]
        )
    }
    env["dcrm.customer.spend"].create(
        [
            {
                "partner_id": partners[row.ref],
                "company_id": env.company.id,
                "category_id": categories[row.category],
                "amount": row.amount,
                "source": row.source,
                "date": row.date,
            }
            for row in said.itertuples()
        ]
    )
    return f"{len(said)} of {said['ref'].nunique()} customers,"
