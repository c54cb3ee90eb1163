from .queries import bundle, points_order


def uninstall_hook(env):
    """Give customers back what they had before their clubs gave them something.

    *Pricelists* stay switched on: by now others may use them. The parts of bundles
    that were sold stay as they are: as choices of a combo they would get its quantity
    and a share of its price as soon as somebody edits the order.
    """
    env["dcrm.points.account"]._leave_to_host()
    env["dcrm.member.pricelist"].search([])._release()
    overrides = env["dcrm.service.level.override"].search([("origin", "=", "tier")])
    for company, of_company in overrides.grouped("company_id").items():
        overrides._set(company, "tier", dict.fromkeys(of_company.partner_id.ids))
    env.flush_all()
    env.execute_query(bundle.leave_combos())
    env.cr.execute(points_order.leave_indexes())
    env["sale.order.line"].invalidate_model(["combo_item_id"], flush=False)
