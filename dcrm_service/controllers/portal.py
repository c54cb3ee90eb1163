from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from ..compute import incoming_email
from ..models.dcrm_ticket_portal_act import FEEDBACK_LENGTH, RATES

# How long a subject may be, and how many files a form may bring.
SUBJECT_LENGTH = 200
FILES = 10
# What changes something: by nobody unknown, and by no look.
POSTED = {"type": "http", "auth": "user", "methods": ["POST"], "website": True}


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
        search = _without_zero(search or "")
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
        if address := self._living_address(ticket):
            return request.redirect(address)
        reads = self._is_reader(ticket)
        partner = request.env.user.partner_id
        values = {
            "ticket": ticket,
            "page_name": "ticket",
            "may_act": reads,
            "may_close": reads
            and not ticket.is_closed
            and ticket.sudo()._closing_stages(),
            "follows": reads and partner in ticket.message_partner_ids,
            "rating": reads and ticket._portal_rating(partner),
            "feedback_length": FEEDBACK_LENGTH,
        }
        values = self._get_page_view_values(
            ticket, access_token, values, "my_tickets_history", False, **kw
        )
        return request.render("dcrm_service.portal_my_ticket", values)

    # -- what they do with it --------------------------------------------------------

    @route("/my/tickets/<int:ticket_id>/close", **POSTED)
    def portal_close_ticket(self, ticket_id, **_kw):
        if ticket := self._own_ticket(ticket_id):
            ticket._close_in_portal()
        return self._back_to(ticket)

    @route("/my/tickets/<int:ticket_id>/reopen", **POSTED)
    def portal_reopen_ticket(self, ticket_id, text="", **_kw):
        if ticket := self._own_ticket(ticket_id):
            ticket = ticket._reopen_in_portal(_without_zero(text).strip())
        return self._back_to(ticket)

    @route("/my/tickets/<int:ticket_id>/follow", **POSTED)
    def portal_follow_ticket(self, ticket_id, follow="", **_kw):
        if ticket := self._own_ticket(ticket_id):
            ticket._follow_in_portal(follow == "1")
        return self._back_to(ticket)

    @route("/my/tickets/<int:ticket_id>/rate", **POSTED)
    def portal_rate_ticket(self, ticket_id, rate="", feedback="", **_kw):
        ticket = self._own_ticket(ticket_id)
        if ticket and ticket.is_closed and rate in map(str, RATES):
            ticket._rate_in_portal(int(rate), _without_zero(feedback).strip())
        return self._back_to(ticket)

    def _own_ticket(self, ticket_id):
        """Return the ticket that goes on for one, with the user's rights; empty where
        the user may not read one of the two."""
        ticket = request.env["dcrm.ticket"].browse(ticket_id).exists()
        if not ticket or not ticket.has_access("read"):
            return ticket.browse()
        living = ticket._living()
        return living if living.has_access("read") else ticket.browse()

    def _back_to(self, ticket):
        return request.redirect(f"/my/tickets/{ticket.id}" if ticket else "/my")

    def _living_address(self, ticket):
        """Return where the ticket goes on that a merged one stands for, if it is one.

        Whoever has the link to one of a customer's tickets gets that to the other.
        """
        living = ticket._living()
        if living == ticket:
            return None
        if self._is_reader(living):
            return f"/my/tickets/{living.id}"
        customer = ticket.commercial_partner_id
        if customer and living.commercial_partner_id == customer:
            return living.get_portal_url()
        return "/my"

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
        subject, text = (
            " ".join(_without_zero(subject).split()),
            _without_zero(text).strip(),
        )
        sent = request.httprequest.files.getlist("files")
        sent = [file for file in sent if file.filename]
        if error := self._ticket_error(subject, text, len(sent)):
            return self._render_new_ticket(subject, text, kind, error)
        # Read once they are known to be few.
        files = [(file.filename, file.read()) for file in sent]
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
        """Return what is wrong with a form, in words, or nothing.

        :param int files: how many come with it
        """
        if not subject or not text:
            return request.env._("Give it a subject, and say what we can do for you.")
        if len(subject) > SUBJECT_LENGTH:
            return request.env._(
                "The subject may have %s characters at most.", SUBJECT_LENGTH
            )
        if files > FILES:
            return request.env._(
                "Send %s files at most; more may follow in answers.", FILES
            )
        if request.env["dcrm.ticket"]._are_too_many_in_portal():
            return request.env._(
                "Your company has opened many tickets in an hour: wait a little, or "
                "answer in one of them."
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


def _without_zero(text):
    return text.replace(incoming_email.ZERO, "")
