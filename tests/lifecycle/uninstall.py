"""Uninstall ADDON as the Apps screen does."""

module = env["ir.module.module"].search([("name", "=", ADDON)])
module.button_immediate_uninstall()
env.cr.commit()
