"""Build the browser's bundles of the first screens now, not on the first visit."""

BUNDLES = (
    "web.assets_frontend",
    "web.assets_frontend_lazy",
    "web.assets_frontend_minimal",
    "web.assets_web",
    "web.assets_backend_lazy",
)

for name in BUNDLES:
    bundle = env["ir.qweb"]._get_asset_bundle(name)  # noqa: F821
    bundle.js()
    bundle.css()
