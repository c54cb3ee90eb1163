def uninstall_hook(env):
    """Give customers back what they had before their clubs gave them something.

    *Pricelists* stay switched on: by now others may use them.
    """
    env["dcrm.member.pricelist"].search([])._release()
    overrides = env["dcrm.service.level.override"].search([("origin", "=", "tier")])
    for company, of_company in overrides.grouped("company_id").items():
        overrides._set(company, "tier", dict.fromkeys(of_company.partner_id.ids))
