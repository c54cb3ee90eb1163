{
    "name": "DCRM Tests",
    "summary": "Scenarios that span the addons; installed by the test run only",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "DCRM contributors",
    "license": "LGPL-3",
    "depends": ["dcrm_loyalty", "dcrm_service", "sale_margin"],
}
