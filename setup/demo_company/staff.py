"""The company itself and the people who work there."""

from company import SELLERS
from logo import drawn

NAME = "Harrow & Finch Catering Supplies"
ZONE = "Europe/Dublin"
SALES_OWN = "sales_team.group_sale_salesman"
SALES_ALL = "sales_team.group_sale_salesman_all_leads"
BILLING = "account.group_account_invoice"
# Login, name, groups. Each one's password is their login, as the admin's is.
OTHERS = (
    (
        "orla",
        "Orla Hennessy",
        ("dcrm_analytics.group_dcrm_manager", SALES_ALL, "base.group_allow_export"),
    ),
    (
        "declan",
        "Declan Moore",
        ("dcrm_analytics.group_dcrm_analyst", SALES_ALL, BILLING),
    ),
)


def set_up_company(env, _company):
    """Give the database's company a name, a place, a currency and accounts."""
    euro = env.ref("base.EUR")
    euro.active = True
    company = env.company
    company.write(
        {
            "name": NAME,
            "street": "14 Harbour Court",
            "city": "Dublin",
            "zip": "D01 HF19",
            "country_id": env.ref("base.ie").id,
            "phone": "+353 20 910 0100",
            "email": "hello@harrowfinch.example",
            "website": "https://harrowfinch.example",
            "logo": drawn(),
        }
    )
    company.partner_id.tz = ZONE
    if "iap_enrich_auto_done" in company._fields:
        # Nobody out there knows this company: let the host not ask.
        company.iap_enrich_auto_done = True
    if not company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", company)
    company.currency_id = euro
    env["product.pricelist"].search([("company_id", "in", (False, company.id))]).write(
        {"currency_id": euro.id}
    )
    # The host's own programs were made in the currency that the company had before.
    env["loyalty.program"].search([]).currency_id = euro
    _set_vat(company.account_sale_tax_id | company.account_purchase_tax_id)
    company.customer_scoring = True
    env.ref("base.user_admin").write({"tz": ZONE})
    return NAME


def _set_vat(taxes):
    taxes.write({"amount": 23.0, "name": "VAT 23 %", "invoice_label": "VAT 23 %"})


def hire(env, _company):
    """Make a user of each seller, of the sales manager and of the analyst."""
    sellers = [
        (login, name, ("dcrm_analytics.group_dcrm_seller", SALES_OWN))
        for login, name, _kinds in SELLERS
    ]
    known = set(env["res.users"].search([]).mapped("login"))
    values = [
        {
            "login": login,
            "password": login,
            "name": name,
            "email": f"{login}@harrowfinch.example",
            "tz": ZONE,
            "group_ids": [(6, 0, [env.ref(group).id for group in groups])],
        }
        for login, name, groups in (*sellers, *OTHERS)
        if login not in known
    ]
    users = env["res.users"].create(values)
    return ", ".join(users.mapped("login"))


def sellers(env):
    """Return the sellers' users in the generator's order."""
    users = env["res.users"].search([("login", "in", [s[0] for s in SELLERS])])
    by_login = {user.login: user for user in users}
    return [by_login[login] for login, _name, _kinds in SELLERS]
