from odoo.fields import Domain
from odoo.http import content_disposition, request, route

from odoo.addons.loyalty.controllers.portal import CustomerPortalLoyalty
from odoo.addons.portal.controllers.portal import pager

from ..queries.points_report import FLOWS

REPORT = "dcrm_loyalty.action_report_points_statement"
# How many moves the dialog of a card names, and how many rewards.
LATEST = 5
REWARDS = 3


class PointsPortal(CustomerPortalLoyalty):
    """A customer's people see the points of their company, and how they came about.

    They share one account a club. What is read is read for them once it is certain
    that the account is theirs; another's is answered as one that is not there.
    """

    # -- whose points ----------------------------------------------------------------

    def _points_accounts(self, domain=Domain.TRUE):
        """Return the accounts of the user's company, in any club."""
        customer = request.env.user.partner_id.commercial_partner_id
        return (
            request.env["dcrm.points.account"]
            .sudo()
            .search(Domain("partner_id", "=", customer.id) & domain)
        )

    # -- the host's pages ------------------------------------------------------------

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "points_count" in counters:
            values["points_count"] = len(self._points_accounts())
        if "cards_per_programs" in values:
            shown = values["cards_per_programs"]
            for card in self._points_accounts().card_id:
                program = card.program_id
                if program.active:
                    shown[program] = shown.get(program, card) | card
        return values

    @route()
    def portal_my_loyalty_card_history(self, card_id, page=1, sortby="date", **kw):
        if account := self._points_accounts(Domain("card_id", "=", card_id)):
            return request.redirect(f"/my/points/{account.id}")
        return super().portal_my_loyalty_card_history(
            card_id, page=page, sortby=sortby, **kw
        )

    @route()
    def portal_get_card_history_values(self, card_id):
        account = self._points_accounts(Domain("card_id", "=", int(card_id)))
        if not account:
            return super().portal_get_card_history_values(card_id)
        card, program = account.card_id, account.card_id.program_id
        moves = self._points_moves(account, limit=LATEST)
        within_reach = [each for each in account._rewards() if each["enough"]]
        return {
            "card": {
                "id": card.id,
                "points_display": account._named_points(account.balance),
                "expiration_date": card.expiration_date,
                "code": card.code,
            },
            "program": {
                "program_name": program.name,
                "program_type": program.program_type,
            },
            "history_lines": [
                {
                    "order_id": bool(each["url"]),
                    "description": " · ".join(
                        filter(None, (each["what"], each["why"]))
                    ),
                    "order_portal_url": each["url"],
                    "points": account._points_text(
                        each["points"] or each["pending"], signed=True
                    ),
                }
                for each in account._history(moves)
            ],
            "rewards": [
                {
                    "description": each["name"],
                    "points": account._named_points(each["points"]),
                }
                for each in reversed(within_reach[-REWARDS:])
            ],
            "img_path": f"/loyalty/static/src/img/{program.program_type}.svg",
        }

    # -- our own ---------------------------------------------------------------------

    @route("/my/points", type="http", auth="user", website=True, readonly=True)
    def portal_my_points(self, **_kw):
        accounts = self._points_accounts()
        if len(accounts) == 1:
            return request.redirect(f"/my/points/{accounts.id}")
        return request.render(
            "dcrm_loyalty.portal_my_points",
            {"accounts": accounts, "page_name": "points"},
        )

    @route(
        ["/my/points/<int:account_id>", "/my/points/<int:account_id>/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_points_statement(self, account_id, page=1, filterby="all", **_kw):
        account = self._points_accounts(Domain("id", "=", account_id))
        if not account:
            return request.redirect("/my")
        filters = self._points_filters()
        filterby = filterby if filterby in filters else "all"
        domain = filters[filterby]["domain"]
        url = f"/my/points/{account.id}"
        pages = pager(
            url=url,
            url_args={"filterby": filterby},
            total=self._count_moves(account, domain),
            page=page,
            step=self._items_per_page,
        )
        moves = self._points_moves(
            account, domain, self._items_per_page, pages["offset"]
        )
        values = {
            "account": account,
            "statement": account._statement(),
            "history": account._history(moves),
            "rewards": account._rewards(),
            "page_name": "points",
            "default_url": url,
            "pager": pages,
            "searchbar_filters": filters,
            "filterby": filterby,
        }
        return request.render("dcrm_loyalty.portal_my_points_statement", values)

    @route(
        "/my/points/<int:account_id>/pdf",
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_points_pdf(self, account_id, **_kw):
        account = self._points_accounts(Domain("id", "=", account_id))
        if not account:
            return request.redirect("/my")
        reports = request.env["ir.actions.report"].sudo()
        pdf, _type = reports.with_company(account.company_id)._render_qweb_pdf(
            REPORT, account.card_id.ids
        )
        name = request.env._("Points of %s.pdf", account.club_id.name)
        return request.make_response(
            pdf,
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", content_disposition(name)),
                ("Content-Length", len(pdf)),
            ],
        )

    # -- what the pages are made of --------------------------------------------------

    def _points_moves(self, account, domain=Domain.TRUE, limit=None, offset=0):
        """Return moves of an account, the latest first."""
        return account.env["dcrm.points.move"].search(
            Domain("account_id", "=", account.id) & domain,
            order="day desc, id desc",
            limit=limit,
            offset=offset,
        )

    def _count_moves(self, account, domain):
        return account.env["dcrm.points.move"].search_count(
            Domain("account_id", "=", account.id) & domain
        )

    def _points_filters(self):
        labels = {
            "issued": request.env._("Earned"),
            "used": request.env._("Used"),
            "expired": request.env._("Expired"),
            "reversed": request.env._("Taken and given back"),
        }
        filters = {"all": {"label": request.env._("All"), "domain": Domain.TRUE}}
        for flow, label in labels.items():
            kinds = FLOWS[flow]
            if flow == "issued":
                kinds += FLOWS["pending"]
            filters[flow] = {"label": label, "domain": Domain("kind", "in", kinds)}
        return filters
