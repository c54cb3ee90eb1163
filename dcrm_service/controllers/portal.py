from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

# How long a subject may be, and how many files a form may bring.
SUBJECT_LENGTH = 200
FILES = 10
# The database holds no text with it.
ZERO = "\x00"


class TicketPortal(CustomerPortal):
    """A customer's people open, see and answer the tickets of their company.

    They see by their own rights; what is written for them is written once these have
    been checked. A ticket that they may not see is answered as one that is not there.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "ticket_count" in counters:
            readable = request.env["dcrm.ticket"].has_access("read")
            values["ticket_count"] = readable and self._tickets(limit=1)
        return values

    @route(
        ["/my/tickets", "/my/tickets/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_tickets(
        self, page=1, sortby=None, filterby=None, search=None, search_in=None, **_kw
    ):
        Ticket = request.env["dcrm.ticket"]
        if not Ticket.has_access("read"):
            return request.redirect("/my")
        sortings, filters = self._ticket_sortings(), self._ticket_filters()
        inputs = self._ticket_inputs()
        sortby = sortby if sortby in sortings else "date"
        filterby = filterby if filterby in filters else "all"
        search_in = search_in if search_in in inputs else "all"
        domain = filters[filterby]["domain"]
        search = _kept(search or "")
        if search:
            domain &= inputs[search_in]["domain"](search)
        values = self._prepare_portal_layout_values()
        pages = pager(
            url="/my/tickets",
            url_args={
                "sortby": sortby,
                "filterby": filterby,
                "search": search,
                "search_in": search_in,
            },
            total=self._tickets(domain),
            page=page,
            step=self._items_per_page,
        )
        tickets = Ticket.search(
            self._ticket_domain() & domain,
            order=sortings[sortby]["order"],
            limit=self._items_per_page,
            offset=pages["offset"],
        )
        request.session["my_tickets_history"] = tickets.ids[:100]
        values.update(
            tickets=tickets.sudo(),
            page_name="ticket",
            default_url="/my/tickets",
            pager=pages,
            searchbar_sortings=sortings,
            sortby=sortby,
            searchbar_filters=filters,
            filterby=filterby,
            searchbar_inputs=inputs,
            search_in=search_in,
            search=search,
        )
        return request.render("dcrm_service.portal_my_tickets", values)

    @route("/my/tickets/<int:ticket_id>", type="http", auth="public", website=True)
    def portal_my_ticket(self, ticket_id, access_token=None, **kw):
        try:
            ticket = self._document_check_access("dcrm.ticket", ticket_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        values = {
            "ticket": ticket,
            "page_name": "ticket",
            "may_close": not ticket.is_closed and self._is_reader(ticket),
        }
        values = self._get_page_view_values(
            ticket, access_token, values, "my_tickets_history", False, **kw
        )
        return request.render("dcrm_service.portal_my_ticket", values)

    @route(
        "/my/tickets/<int:ticket_id>/close",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_close_ticket(self, ticket_id, **_kw):
        try:
            self._document_check_access("dcrm.ticket", ticket_id)
        except (AccessError, MissingError):
            return request.redirect("/my")
        request.env["dcrm.ticket"].browse(ticket_id)._close_in_portal()
        return request.redirect(f"/my/tickets/{ticket_id}")

    @route("/my/tickets/new", type="http", auth="user", website=True, methods=["GET"])
    def portal_new_ticket(self, **_kw):
        if not request.env["dcrm.ticket"].has_access("read"):
            return request.redirect("/my")
        return self._render_new_ticket()

    @route("/my/tickets/new", type="http", auth="user", website=True, methods=["POST"])
    def portal_open_ticket(self, subject="", text="", kind="", **_kw):
        Ticket = request.env["dcrm.ticket"]
        if not Ticket.has_access("read"):
            return request.redirect("/my")
        subject, text = " ".join(_kept(subject).split()), _kept(text).strip()
        files = [
            (file.filename, file.read())
            for file in request.httprequest.files.getlist("files")
            if file.filename
        ]
        if error := self._ticket_error(subject, text, files):
            return self._render_new_ticket(subject, text, kind, error)
        chosen = self._ticket_kinds().filtered(lambda each: str(each.id) == kind)
        ticket = Ticket._open_in_portal(subject, text, chosen, files)
        return request.redirect(f"/my/tickets/{ticket.id}")

    # -- what the pages are made of --------------------------------------------------

    def _ticket_domain(self):
        """Return whose tickets are listed: those of the user's own company."""
        customer = request.env.user.partner_id.commercial_partner_id
        return Domain("commercial_partner_id", "=", customer.id)

    def _tickets(self, domain=Domain.TRUE, limit=None):
        """Return how many tickets of the user there are."""
        return request.env["dcrm.ticket"].search_count(
            self._ticket_domain() & domain, limit=limit
        )

    def _is_reader(self, ticket):
        """Return whether the user reads the ticket by right, and not by a link."""
        return ticket.with_user(request.env.user).has_access("read")

    def _ticket_kinds(self):
        # There are few, and they are the same for all.
        return request.env["dcrm.ticket.kind"].sudo().search([])  # pylint: disable=no-search-all

    def _ticket_error(self, subject, text, files):
        """Return what is wrong with a form, in words, or nothing."""
        if not subject or not text:
            return request.env._("Give it a subject, and say what we can do for you.")
        if len(subject) > SUBJECT_LENGTH:
            return request.env._(
                "The subject may have %s characters at most.", SUBJECT_LENGTH
            )
        if len(files) > FILES:
            return request.env._(
                "Send %s files at most; more may follow in answers.", FILES
            )
        return None

    def _render_new_ticket(self, subject="", text="", kind="", error=None):
        values = {
            "page_name": "ticket_new",
            "kinds": self._ticket_kinds(),
            "subject": subject,
            "text": text,
            "kind": kind,
            "error": error,
            "subject_length": SUBJECT_LENGTH,
        }
        return request.render("dcrm_service.portal_new_ticket", values)

    def _ticket_sortings(self):
        return {
            "date": {"label": request.env._("Newest"), "order": "id desc"},
            "subject": {"label": request.env._("Subject"), "order": "name, id"},
            "closed": {
                "label": request.env._("Open first"),
                "order": "closed_at desc, id desc",
            },
        }

    def _ticket_filters(self):
        return {
            "all": {"label": request.env._("All"), "domain": Domain.TRUE},
            "open": {
                "label": request.env._("Open"),
                "domain": Domain("closed_at", "=", False),
            },
            "closed": {
                "label": request.env._("Closed"),
                "domain": Domain("closed_at", "!=", False),
            },
            "mine": {
                "label": request.env._("Mine"),
                "domain": Domain("partner_id", "=", request.env.user.partner_id.id),
            },
        }

    def _ticket_inputs(self):

        def any_of(*names):
            return lambda text: Domain.OR(Domain(name, "ilike", text) for name in names)

        labels = {
            "all": (request.env._("Search in all"), any_of("name", "number")),
            "name": (request.env._("Search in subject"), any_of("name")),
            "number": (request.env._("Search in number"), any_of("number")),
        }
        return {
            key: {"input": key, "label": label, "domain": domain}
            for key, (label, domain) in labels.items()
        }


def _kept(text):
    return text.replace(ZERO, "")
