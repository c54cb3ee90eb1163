"""Uninstall the addon as the Apps screen does."""

module = env["ir.module.module"].search([("name", "=", "dcrm_analytics")])
module.button_immediate_uninstall()
env.cr.commit()
