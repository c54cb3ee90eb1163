"""An Odoo is taken only when it is whole and of the right version."""

import pytest
from dcrm_setup import host
from dcrm_setup.errors import SetupError
from setup_support import add_addon


def test_a_whole_one_is_taken(host_folder):
    assert host.opened(host_folder).path == host_folder


def test_a_checkouts_addons_are_on_the_path(host_folder):
    (host_folder / "odoo" / "addons" / "web").rename(host_folder / "web")
    (host_folder / "addons").mkdir()
    (host_folder / "web").rename(host_folder / "addons" / "web")
    found = host.opened(host_folder)
    assert found.addons_paths == [host_folder / "addons"]
    assert found.has_addon("web") and found.has_addon("sale")


def test_an_unpacked_package_is_found_by_its_top(host_folder, tmp_path):
    inside = tmp_path / "package" / host.PACKAGED
    inside.parent.mkdir(parents=True)
    host_folder.rename(inside)
    assert host.opened(tmp_path / "package").path == inside


@pytest.mark.parametrize("part", ["odoo/tools/config.py", "odoo/addons/sale"])
def test_a_truncated_one_is_refused(host_folder, part):
    (host_folder / part).rename(host_folder / "lost")
    with pytest.raises(SetupError, match="not whole"):
        host.opened(host_folder)


def test_another_version_is_refused(host_folder):
    release = host_folder / "odoo" / "release.py"
    release.write_text("version_info = (18, 0, 0, 'final', 0, '')\n")
    with pytest.raises(SetupError, match="version 18.0 .* need 19.0"):
        host.opened(host_folder)


def test_a_folder_without_one_is_refused(tmp_path):
    with pytest.raises(SetupError, match="no odoo/release.py"):
        host.opened(tmp_path)


def test_missing_assets_are_found(host_folder):
    manifest = """{"assets": {
        "web.assets_backend": [
            "shop/static/there.js",
            ("include", "web._assets_core"),
            ("after", "shop/static/there.js", "shop/static/lost.js"),
            "shop/static/many/*.js",
            "https://elsewhere/x.js",
            "other_addon/static/x.js",
        ],
    }}"""
    shop = add_addon(host_folder / "odoo" / "addons", "shop", manifest)
    (shop / "static").mkdir()
    (shop / "static" / "there.js").touch()
    assert host.missing_assets(host_folder) == ["shop/static/lost.js"]


def test_what_no_copy_has_is_not_missed(host_folder):
    gone = "web/static/asset_styles_company_report.scss"
    assert gone in host.NOWHERE
    web = host_folder / "odoo" / "addons" / "web" / "__manifest__.py"
    web.write_text(repr({"assets": {"web.report": [gone]}}))
    assert host.missing_assets(host_folder) == []
