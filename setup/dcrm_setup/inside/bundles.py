"""Build the browser's bundles now rather than on the first visit."""

env["ir.qweb"]._pregenerate_assets_bundles()  # noqa: F821
