{
    "name": "DCRM Loyalty",
    "summary": "Keep your customers: clubs with tiers that price, and bundles",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "DCRM contributors",
    "license": "LGPL-3",
    "depends": ["dcrm_analytics", "sale_loyalty"],
    "data": [
        "security/ir.model.access.csv",
        "views/product_combo_item_views.xml",
        "views/product_template_views.xml",
        "views/sale_order_views.xml",
        "views/sale_order_templates.xml",
        "views/account_move_line_templates.xml",
        "views/dcrm_menus.xml",
    ],
    "assets": {
        "web.assets_backend": ["dcrm_loyalty/static/src/**/*"],
        "web.assets_tests": ["dcrm_loyalty/static/tests/tours/**/*"],
    },
    "application": True,
}
