"""Every figure of the dashboard, and what its list says a second time."""

from odoo.exceptions import AccessError


def figures_of(part):
    """Yield the figures of a section, wherever its blocks have them."""
    if isinstance(part, dict):
        if {"value", "unit", "domain"} <= set(part):
            yield part
        for each in part.values():
            yield from figures_of(each)
    elif isinstance(part, list):
        for each in part:
            yield from figures_of(each)


class FiguresCase:
    """Mixin of a ``DcrmCase``: a figure equals what its list counts."""

    def sections_of(self, env, filters=None):
        """Return {key: section} of all that the dashboard shows somebody."""
        dashboard = env["dcrm.dashboard"]
        shown = dashboard.sections(filters)
        self.assertEqual(shown["state"], "ready")
        return {
            section["key"]: dashboard.section(section["key"], shown["filters"])
            for section in shown["sections"]
        }

    def measured(self, env, figure, domain):
        records = env[figure["model"]].with_context(**figure.get("context", {}))
        [[value]] = records._read_group(domain, [], [figure["measure"]])
        if figure["measure"] == "__count":
            # What the list says below its rows.
            self.assertEqual(records.search_count(domain), value)
        return value or 0

    def assertFigures(self, env, filters=None, least=1):
        """Each figure is what its domain gives, in count, sum or share."""
        sections = self.sections_of(env, filters)
        for key, section in sections.items():
            found = list(figures_of(section))
            with self.subTest(key):
                self.assertTrue(section["missing"] or found, key)
            for figure in found:
                with self.subTest(f"{key}: {figure['name']}, {figure['label']}"):
                    self.assertFigure(env, figure)
        self.assertGreaterEqual(len(list(figures_of(list(sections.values())))), least)
        return sections

    def assertFigure(self, env, figure):
        self.assertTrue(figure["name"])
        if not figure["model"]:
            # What is not known is of nothing.
            self.assertIsNone(figure["value"])
            return
        if not figure["measure"]:
            # It can be opened all the same.
            env[figure["model"]].search(figure["domain"], limit=1)
            return
        value = self.measured(env, figure, figure["domain"])
        if "base" in figure:
            value /= self.measured(env, figure, figure["base"]) or 1
        self.assertAlmostEqual(figure["value"] or 0, value, 4)

    def assertNobodyElse(self, env, filters=None):
        """Whoever a figure opens, the user may see."""
        for figure in figures_of(list(self.sections_of(env, filters).values())):
            if not figure["model"]:
                continue
            records = env[figure["model"]].search(figure["domain"])
            try:
                records.read(["display_name"])
            except AccessError:
                self.fail(f"{figure['name']} opens what must not be seen")
