from odoo import api, fields, models
from odoo.fields import Domain

from ..queries import customer_page as queries

# How many people of the customer are named.
PEOPLE_SHOWN = 4


class DcrmCustomerPage(models.Model):
    """What to know of one customer before a call, on one page (360°).

    A page is a row a customer, of the customer's id, so that the host's own rules say
    who may open whose. What is on it is loaded by :meth:`_page_facts` in a number of
    queries that does not grow with the customer's documents, and put into words by
    :meth:`_page_sections`; the screen and the printed page show just that.

    Other addons extend ``_page_facts``, ``_page_badges``, ``_page_sections``,
    ``_page_contacts``, ``_page_dates`` and ``_page_steps`` through ``super()``. What
    the reader may not read they leave out.
    """

    _name = "dcrm.customer.page"
    _description = "Customer Page"
    _auto = False
    _rec_name = "partner_id"
    _depends = {"res.partner": ["commercial_partner_id", "company_id"]}

    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)

    @property
    def _table_query(self):
        return queries.customers()

    @api.model
    @api.readonly
    def page(self, partner_id):
        """Return the page of a customer in the current company.

        :param int partner_id: the customer, or one of its contacts
        :return: dict ``id`` (of the customer), ``header`` (see :meth:`_page_header`)
            and ``sections``: a list of dicts ``key, title, icon, blocks`` and perhaps
            ``tone``, ``note`` and ``empty`` (what to say instead of blocks). Blocks are
            dicts of a ``type`` (``figures, scales, path, columns, bars, table, lines,
            steps, text``), made by the methods of that name; all texts are in the
            reader's language
        :raises AccessError: the host's, for who may not read the partner or its page
        :raises MissingError: where there is no such partner
        :raises UserError: for what is no number of a partner
        """
        self.browse().check_access("read")
        [partner_id] = self.env["dcrm.customer.score"]._ids_asked([partner_id])
        page = self._of_partner(partner_id)
        facts = page._page_facts()
        return {
            "id": page.id,
            "header": page._page_header(facts),
            "sections": [each for each in page._page_sections(facts) if each],
        }

    @api.model
    def _of_partner(self, partner_id):
        """Return the page of a partner's customer, which the user may read."""
        partner = self.env["res.partner"].browse(partner_id)
        # The company's own says in which time zone it is: one query for both.
        both = (partner_id, self.env.company.partner_id.id)
        customer = partner.with_prefetch(both).commercial_partner_id
        customer.check_access("read")
        page = self.browse(customer.id)
        page.check_access("read")
        return page

    # -- what other addons extend ----------------------------------------------------

    def _page_facts(self):
        """Return a dict of what the page is made from, loaded set by set.

        Here ``partner``, ``today`` (a ``date``, the company's), ``score``, ``names``
        and ``people``; each topic adds its own, empty where there is nothing, ``None``
        where the reader may not see it.
        """
        partner = self.env["res.partner"].browse(self.id)
        score = self.env["dcrm.customer.score"]
        if self._may_read(score._name):
            score = score.search_fetch(self._domain_here())
        return {
            "partner": partner,
            "today": self.env.company._customer_scoring_today(),
            "score": score,
            "names": self._names(partner, score.scheme_id),
            **self._people(),
        }

    def _page_badges(self, facts):
        """Return what the header says in a word each: dicts ``text, color, title``."""
        level = facts["names"]["level"]
        title = self.env._("Service level")
        return [self._badge(level, title=title)] if level else []

    def _page_sections(self, facts):
        """Return the sections in their order, ``None`` for those left out."""
        return [
            self._section_worth(facts),
            self._section_next(facts),
            self._section_segment(facts),
            self._section_rhythm(facts),
            self._section_business(facts),
            self._section_contacts(facts),
            self._section_dates(facts),
            self._section_people(facts),
        ]

    @api.model
    def _insert_after(self, sections, key, section):
        """Return sections with one more behind that of a key, else at their end."""
        keys = [each and each["key"] for each in sections]
        place = keys.index(key) + 1 if key in keys else len(sections)
        return [*sections[:place], section, *sections[place:]]

    def _domain_here(self):
        """Return the domain of what is known of this customer in this company."""
        return Domain("partner_id", "=", self.id) & Domain(
            "company_id", "=", self.env.company.id
        )

    @api.model
    def _may_read(self, model):
        """Whether a model is installed, and the user may read records of it."""
        return model in self.env and self.env[model].has_access("read")

    # -- who -------------------------------------------------------------------------

    def _page_header(self, facts):
        """Return who the customer is.

        :return: dict ``name``, ``company`` (in whose books the page looks), ``date``,
            ``image``, ``badges`` (see :meth:`_page_badges`), ``contacts``: dicts
            ``icon, text, href``, and ``facts``: dicts ``label, text``
        """
        partner = facts["partner"]
        return {
            "name": partner.name or partner.display_name,
            "company": self.env.company.name,
            "date": self._date(facts["today"]),
            "image": f"/web/image/res.partner/{partner.id}/avatar_128",
            "active": partner.active,
            "badges": self._page_badges(facts),
            "contacts": self._contact_ways(partner, facts["names"]["country"]),
            "facts": self._header_facts(facts),
        }

    def _names(self, partner, scheme):
        """Return a dict of the names of ``country, industry, seller, tags, level`` and
        of the numbers of ``classes`` of the three axes, each or None.
        """
        self.env.flush_all()
        query = partner.sudo()._as_query(ordered=False)
        level = partner._field_to_sql(query.table, "service_level_id", query)
        lang = self.env.lang or "en_US"
        [row] = self.env.execute_query(queries.names(query, level, scheme.id, lang))
        named = ("country", "industry", "seller", "tags", "level", "classes")
        return dict(zip(named, row, strict=True))

    def _contact_ways(self, partner, country):
        """Return how the customer is reached: dicts ``icon, text, href``."""
        ways = [
            ("fa-phone", partner.phone, f"tel:{partner.phone}"),
            ("fa-envelope-o", partner.email, f"mailto:{partner.email}"),
            ("fa-globe", partner.website, partner.website),
        ]
        place = [partner.street, partner.zip, partner.city, country]
        ways.append(("fa-map-marker", ", ".join(filter(None, place)), None))
        return [
            {"icon": icon, "text": text, "href": href}
            for icon, text, href in ways
            if text
        ]

    def _header_facts(self, facts):
        partner, names = facts["partner"], facts["names"]
        named = [
            (self.env._("Salesperson"), names["seller"] or self.env._("nobody")),
            (self.env._("Industry"), names["industry"]),
            (self.env._("Reference"), partner.ref),
            (self.env._("Tax number"), partner.vat),
            (self.env._("Tags"), names["tags"]),
        ]
        return [{"label": label, "text": text} for label, text in named if text]

    def _people(self):
        """Return ``people``, the customer's contacts, and whether there are more."""
        found = self.env["res.partner"].search_fetch(
            [("parent_id", "=", self.id), ("type", "=", "contact")],
            ["name", "function", "phone", "email"],
            order="id",
            limit=PEOPLE_SHOWN + 1,
        )
        return {
            "people": found[:PEOPLE_SHOWN],
            "more_people": len(found) > PEOPLE_SHOWN,
        }

    def _section_people(self, facts):
        lines = [
            self._line(
                person.name or person.display_name,
                icon="fa-user-o",
                detail=person.function or person.email,
                aside=person.phone,
                href=person.phone and f"tel:{person.phone}",
                action=self._open(person),
            )
            for person in facts["people"]
        ]
        if not lines:
            return None
        action = self._list(
            self.env._("Contacts"), "res.partner", [("parent_id", "=", self.id)]
        )
        return self._section(
            "people",
            self.env._("People"),
            "fa-users",
            [self._lines(lines, action if facts["more_people"] else None)],
        )
