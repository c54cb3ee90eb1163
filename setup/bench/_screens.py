"""What a service desk's screens ask for, as browsers do, for one of its agents."""

from lxml import etree

LIST, KANBAN, TIMELINE = 80, 40, 40
COUNTED = 10_001
OPEN = [("closed_at", "=", False)]
PANEL = ("channel", "partner_id", "user_id")


class Screens:
    """Opens the screens of a desk."""

    def __init__(self, desk):
        self.desk = desk
        self.env = desk.env(user=desk.agent)
        self.tickets = self.env["dcrm.ticket"]

    def all(self):
        """Return ``{name: what opens it}``."""
        return {
            "list": self.list,
            "kanban": self.kanban,
            "timeline of a customer": self.timeline,
            "counters of teams": self.counters,
        }

    def list(self):
        view, read = self._view(self.tickets, "list")
        page = self.tickets.web_search_read(
            OPEN,
            read,
            limit=LIST,
            order=view.get("default_order"),
            count_limit=COUNTED,
        )
        _need(len(page["records"]), LIST)

    def kanban(self):
        view, read = self._view(self.tickets, "kanban")
        group = view.get("default_group_by")
        columns = self.tickets.with_context(read_group_expand=True).web_read_group(
            OPEN,
            [group],
            order=view.get("default_order"),
            auto_unfold=True,
            unfold_read_specification=read,
            unfold_read_default_limit=KANBAN,
        )
        bar = view.find("progressbar")
        colors = {name: name for name in ("breached", "at_risk", "running", "met")}
        self.tickets.read_progress_bar(
            OPEN, group, {"field": bar.get("field"), "colors": colors}
        )
        _need(sum(len(each.get("__records", ())) for each in columns["groups"]), LIST)

    def timeline(self):
        customer = self.desk.customers[0].with_env(self.env)
        action = customer.action_open_interactions()
        [view_id] = [number for number, kind in action["views"] if kind == "kanban"]
        talks = self.env["dcrm.interaction"].with_context(**action["context"])
        view, read = self._view(talks, "kanban", view_id)
        page = talks.web_search_read(
            action["domain"],
            read,
            limit=TIMELINE,
            order=view.get("default_order"),
            count_limit=COUNTED,
        )
        for name in PANEL:
            talks.search_panel_select_multi_range(
                name, search_domain=action["domain"], enable_counters=True
            )
        _need(len(page["records"]), TIMELINE)

    def counters(self):
        team = self.desk.team.with_env(self.env)
        team.read(["open_count", "unassigned_count", "mine_count", "late_count"])

    def _view(self, model, kind, view_id=None):
        """Return a view, and what it reads of each record."""
        view = etree.fromstring(model.get_view(view_id, kind)["arch"])
        names = {node.get("name") for node in view.iter("field")}
        relations = {"many2one", "many2one_reference"}
        return view, {
            name: {"fields": {"display_name": {}}}
            if model._fields[name].type in relations
            else {}
            for name in names
        }


def _need(found, wanted):
    if found < wanted:
        raise SystemExit(f"A screen shows {found} records, and {wanted} were due.")
