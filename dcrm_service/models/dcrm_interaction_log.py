from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.fields import Command
from odoo.tools import email_normalize, mute_logger, plaintext2html

from ..compute import interaction_rows

# How many records a call may bring.
MOST = 1000


class DcrmInteraction(models.Model):
    """Interactions that another system keeps: a call centre, a telephone exchange."""

    _inherit = "dcrm.interaction"

    @api.model
    def log_records(self, source, records, company_id=None):
        """Log what another system kept, each record once, however often it is sent.

        :param str source: the system; references are unique in it
        :param list records: dicts of ``reference``, ``customer`` (its reference,
            e-mail, tax number or phone number) and ``date`` (ISO 8601; without an
            offset it is the company's time), and maybe ``subject``, ``channel``,
            ``direction`` (``in`` or ``out``), ``duration`` (minutes), ``user`` (login
            or e-mail), ``said``, ``learned``, ``mood`` (1 to 5), ``next_step`` with
            ``next_step_date``, ``promise`` with ``promise_date``, ``ticket`` and
            ``order`` (their numbers)
        :param int company_id: default: the current company
        :return: for each record ``{'id', 'new'}``, or, where it was not logged,
            ``{'errors': [(column, reason)]}``
        :raises AccessError: the user may not log interactions in that company
        :raises UserError: there is no source, these are no records, or too many at once
        """
        company = self.env["res.company"].browse(company_id or self.env.company.id)
        self._check_log_access(company)
        source = interaction_rows.clean(source)
        if not source:
            raise UserError(self.env._("Say which system the records come from."))
        if not isinstance(records, list) or not all(
            isinstance(record, dict) for record in records
        ):
            raise UserError(self.env._("Send a list of records, each with its fields."))
        if len(records) > MOST:
            raise UserError(self.env._("Send %s records at most at a time.", MOST))
        found = []
        for values, errors in self._read_records(records, company):
            if "reference" not in values and not errors:
                errors = [("reference", "empty")]
            found.append((values, errors))
        keys = interaction_rows.keys(source, [values for values, _errors in found])
        results = self._log_rows(found, keys, company, user=self.env.user)
        return [
            {"errors": self._explain_row(result["errors"])}
            if "errors" in result
            else result
            for result in results
        ]

    @api.model
    def _check_log_access(self, company):
        self.browse().check_access("create")
        if company not in self.env.companies:
            raise AccessError(self.env._("You do not work in this company."))

    # -- reading ---------------------------------------------------------------------

    @api.model
    def _read_records(self, records, company):
        """Return (values, errors) of each record; see ``compute.interaction_rows``."""
        zone, now = company._customer_zone(), fields.Datetime.now()
        options = self._record_options()
        return [
            interaction_rows.read(dict(record), options, zone, now)
            for record in records
        ]

    @api.model
    def _record_options(self):
        """Return what may be written for a channel, a direction and a mood."""
        options = {"direction": dict(interaction_rows.DIRECTIONS)}
        for name in ("channel", "direction", "mood"):
            words = options.setdefault(name, {})
            field = self._fields[name]
            for key, label in (
                *field.selection,
                *field._description_selection(self.env),
            ):
                words[key.lower()] = words[label.lower()] = key
        return options

    @api.model
    def _log_reasons(self):
        """Return the words for each reason not to log a record."""
        return {
            **self.env["dcrm.purchase"]._import_reasons(),
            "no_column": self.env._("Records have no such column."),
            "not_instant": self.env._(
                "This is not a date and time such as 2026-01-31 14:05."
            ),
            "not_minutes": self.env._("This is not a number of minutes."),
            "not_known": self.env._("This is none of the words that are known."),
            "too_long": self.env._("The text is too long."),
            "unknown": self.env._("No customer matches."),
            "several": self.env._("Several customers match."),
            "no_user": self.env._("No colleague has this login or address."),
            "no_document": self.env._("There is no such document."),
            "changed": self.env._(
                "The reference was logged before for another customer."
            ),
            "refused": self.env._("It could not be logged."),
        }

    @api.model
    def _explain_row(self, errors):
        """Return errors as a list of (column, reason in words)."""
        words = self._log_reasons()
        return [(column, words.get(code, code)) for column, code in errors]

    # -- whom and what records name ----------------------------------------------------

    @api.model
    def _log_customers(self, texts, company):
        """Return ``{text: partner or code}`` of how records name customers.

        By reference, else e-mail, else tax number, else phone number, among the
        company's and shared partners that the user may read.
        """
        partners = self.env["res.partner"].with_company(company)
        domain = partners._check_company_domain(company)
        found, left = {}, set(texts)
        for field, key_of in self._customer_keys(company):
            keys = {text: key for text in left if (key := key_of(text))}
            matches = partners.search([(field, "in", list(keys.values())), *domain])
            by_key = matches._filter_customers().grouped(field)
            for text, key in keys.items():
                if theirs := by_key.get(key):
                    found[text] = self._one_customer(theirs)
                    left.discard(text)
        return {**dict.fromkeys(left, "unknown"), **found}

    @api.model
    def _customer_keys(self, company):
        """Yield fields of partners, and how a record's text becomes their value."""
        partners = self.env["res.partner"]
        yield "ref", lambda text: text
        yield "email_normalized", email_normalize
        yield "vat", lambda text: text.replace(" ", "").upper()
        if "phone_sanitized" in partners._fields:
            yield (
                "phone_sanitized",
                lambda text: partners._phone_format(
                    number=text, country=company.country_id
                ),
            )

    @api.model
    def _one_customer(self, partners):
        """Return the one customer that several partners are, or why there is none."""
        customers = partners.commercial_partner_id
        if len(customers) > 1:
            return "several"
        return partners[:1] if len(partners) == 1 else customers

    @api.model
    def _log_named(self, found, company):
        """Return ``{column: {text: record or code}}`` of all that records name."""
        texts = {
            name: {values[name] for values, _errors in found if name in values}
            for name in ("customer", "user", "ticket", "order")
        }
        return {
            "customer": self._log_customers(texts["customer"], company),
            "user": self._log_users(texts["user"], company),
            "ticket": self._log_documents(
                "dcrm.ticket", "number", texts["ticket"], company
            ),
            "order": self._log_documents("sale.order", "name", texts["order"], company),
        }

    @api.model
    def _log_users(self, texts, company):
        users = self.env["res.users"].sudo()
        domain = [("share", "=", False), ("company_ids", "in", company.ids)]
        found = users.search([*domain, ("login", "in", list(texts))]).grouped("login")
        rest = {text: email_normalize(text) for text in texts - found.keys()}
        by_email = users.search(
            [
                *domain,
                ("email_normalized", "in", [each for each in rest.values() if each]),
            ]
        ).grouped("email_normalized")
        found |= {text: by_email[key] for text, key in rest.items() if key in by_email}
        return {text: found[text][:1] if text in found else "no_user" for text in texts}

    @api.model
    def _log_documents(self, model, name, texts, company):
        documents = self.env[model]
        by_name = {}
        if texts and documents.has_access("read"):
            by_name = documents.search(
                [(name, "in", list(texts)), ("company_id", "=", company.id)]
            ).grouped(name)
        return {
            text: by_name[text][:1] if text in by_name else "no_document"
            for text in texts
        }

    # -- writing -----------------------------------------------------------------------

    @api.model
    def _log_rows(self, found, keys, company, user=None, **defaults):
        """Log records that were read; return a result for each.

        :param list found: (values, errors)
        :param list keys: of the records, see ``compute.interaction_rows.keys``
        :param user: who held what no record says who held
        :param defaults: values of the interactions that no record gives
        :return: dicts of ``id`` and ``new``, or of ``errors``: (column, code)
        """
        named = self._log_named(found, company)
        known = {
            each.origin_key: each
            for each in self._for_capture().search(
                [("origin_key", "in", keys), ("company_id", "=", company.id)]
            )
        }
        results, fresh = [], {}
        for (values, errors), key in zip(found, keys, strict=True):
            here = {name: named[name][values[name]] for name in named if name in values}
            errors = [*errors, *self._errors_of_named(here)]
            result = self._result_known(key, here, errors, known, fresh)
            if result is None:
                fresh[key] = {
                    **defaults,
                    **self._log_values(values, here, user),
                    "origin_key": key,
                    "company_id": company.id,
                }
                result = {"id": key, "new": True}
            results.append(result)
        made = self._create_fresh(fresh) if fresh else {}
        return [self._result_made(result, made) for result in results]

    @api.model
    def _errors_of_named(self, named):
        """Return (column, code) of what a record names and is not there."""
        return [(name, code) for name, code in named.items() if isinstance(code, str)]

    @api.model
    def _result_known(self, key, named, errors, known, fresh):
        """Return the result of a record that is not logged anew, else ``None``."""
        if errors:
            return {"errors": errors}
        customer = named["customer"].commercial_partner_id
        if key in known:
            if known[key].commercial_partner_id != customer:
                return {"errors": [("reference", "changed")]}
            return {"id": known[key].id, "new": False}
        if key in fresh:
            first = self.env["res.partner"].browse(fresh[key]["partner_id"])
            if first.commercial_partner_id != customer:
                return {"errors": [("reference", "changed")]}
            return {"id": key, "new": False}
        return None

    @api.model
    def _result_made(self, result, made):
        if not isinstance(result.get("id"), str):
            return result
        outcome = made[result["id"]]
        if isinstance(outcome, str):
            return {"errors": [("reference", outcome)]}
        return {**result, "id": outcome.id}

    @api.model
    def _log_values(self, values, named, user):
        """Return the values of the interaction that a record tells."""
        partner = named["customer"]
        held_by = named.get("user") or user or self.env["res.users"]
        said = values.get("said")
        result = {
            "partner_id": partner.id,
            "user_id": held_by.id,
            "subject": values.get("subject") or self.env._("Call"),
            "said": plaintext2html(said) if said else False,
            "ticket_id": named["ticket"].id if "ticket" in named else False,
            "order_id": named["order"].id if "order" in named else False,
        }
        same = (
            "date",
            "channel",
            "direction",
            "duration",
            "learned",
            "mood",
            "next_step",
            "next_step_date",
        )
        result |= {name: values[name] for name in same if name in values}
        if promise := values.get("promise"):
            promised = {"name": promise, "user_id": (held_by or self.env.user).id}
            if "promise_date" in values:
                promised["date"] = values["promise_date"]
            result["promise_ids"] = [Command.create(promised)]
        return result

    @api.model
    def _create_fresh(self, fresh):
        """Create interactions; return ``{key: interaction, or why there is none}``.

        All at once, and where one of them can not be, each by itself.

        :raises ConcurrencyError: another transaction logs the same at this moment
        """
        # Who logs them made them; that an origin says so is checked before.
        interactions = self.sudo().with_context(active_test=False)
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                made = interactions.create(list(fresh.values()))
                made.flush_recordset()
                return dict(zip(fresh, made, strict=True))
        except UniqueViolation:
            raise ConcurrencyError(
                self.env._("The same is being logged at this moment.")
            ) from None
        except UserError as error:
            if len(fresh) == 1:
                return {key: str(error) for key in fresh}
        made = {}
        for key, values in fresh.items():
            made |= self._create_fresh({key: values})
        return made
