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
        "views/dcrm_menus.xml",
    ],
    "application": True,
}
