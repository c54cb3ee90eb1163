import io
from collections import namedtuple

import pandas as pd

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import clean_context

from ..compute import history
from ..queries import purchase_import as stage
from ..queries import purchase_import_customer as customers
from ..queries import purchase_import_write as write

# How many rows are copied into the database at a time; bounds the text in memory.
COPY_ROWS = 50_000
# Fewer new customers than this are made one by one, as everything in the host is.
FEW = 20

Imported = namedtuple("Imported", "accepted customers errors")


class DcrmPurchase(models.Model):
    """Import of purchase history: the part of the facts that no document holds.

    The history is the union of what was ever imported: rows that are known already are
    passed over, so that any file can be imported again.
    """

    _inherit = "dcrm.purchase"

    import_customer = fields.Char(
        "Imported Customer",
        readonly=True,
        help="How the imported history names the customer",
    )
    import_incomplete = fields.Boolean(
        readonly=True,
        help="Rows of this purchase were rejected; a later file may add them",
    )

    def init(self):
        result = super().init()
        self.env.cr.execute(stage.install())
        return result

    @api.model
    @api.private
    def import_history(self, frame, company=None):
        """Import purchase history, row by row what can be understood.

        :param frame: pandas frame with the columns ``customer``, ``date`` and
            ``amount``, and any of ``reference``, ``product``, ``quantity``,
            ``margin``, ``currency`` and ``channel``; amounts untaxed, refunds negative
        :param company: whose history it is (record or id); default: the current company
        :return: ``accepted`` and ``rejected`` count rows, ``customers`` the distinct
            ones of the accepted rows; ``errors`` lists (row from 1, column, reason).
            Rows that were imported before are neither.
        :raises UserError: a column is missing or there twice; nothing is written
        :raises AccessError: the user is no analyst, or not of that company
        """
        if isinstance(company, int):
            company = self.env["res.company"].browse(company)
        company = self._check_import_access(company or self.env.company)
        found = self._read_history(frame, company)
        imported = self._import_rows(found.rows, company)
        errors = self._merge_errors(found.errors, imported.errors)
        return {
            "accepted": imported.accepted,
            "rejected": errors["row"].nunique(),
            "customers": imported.customers,
            "errors": self._explain_errors(errors),
        }

    @api.model
    def _check_import_access(self, company):
        """Return the company if the user may import its history, else raise."""
        if self.env.su:
            return company
        if not self.env.user.has_group("dcrm_analytics.group_dcrm_analyst"):
            self.check_access("create")
            raise AccessError(self.env._("Only analysts import purchase history."))
        if company not in self.env.user.company_ids:
            raise AccessError(
                self.env._("You have no access to the company of this history.")
            )
        return company

    @api.model
    def _read_history(self, frame, company, today=None):
        """Return the :class:`~..compute.history.History` that a frame tells.

        :param today: the last day that history may have, by default the company's
        """
        if missing := history.missing_columns(frame.columns):
            raise UserError(
                self.env._(
                    "The history has no column %(columns)s. Nothing was imported.",
                    columns=", ".join(missing),
                )
            )
        if repeated := history.repeated_columns(frame.columns):
            raise UserError(
                self.env._(
                    "The history has the column %(columns)s more than once. Nothing "
                    "was imported.",
                    columns=", ".join(repeated),
                )
            )
        company = company.sudo()
        return history.normalise(
            frame,
            today or company._customer_today(),
            company._customer_zone(),
            company.currency_id.name,
        )

    @api.model
    def _merge_errors(self, *frames):
        """Return the errors of several stages in the order of the rows."""
        errors = pd.concat(frames, ignore_index=True)
        return errors.sort_values("row", kind="stable", ignore_index=True)

    @api.model
    def _explain_errors(self, errors):
        """Return errors as a list of (row, column, reason in words)."""
        words = self._import_reasons()
        return [
            (row, column, words[reason])
            for row, column, reason in zip(
                errors["row"].tolist(), errors["column"], errors["reason"], strict=True
            )
        ]

    @api.model
    def _import_reasons(self):
        """Return the words for each reason to reject a row."""
        return {
            "empty": self.env._("The cell is empty."),
            "formula": self.env._('The cell begins with "=", as a formula does.'),
            "too_long": self.env._(
                "The text is longer than %s characters.", history.LONGEST
            ),
            "not_number": self.env._("This is not a number."),
            "not_finite": self.env._("This is not a finite number."),
            "too_large": self.env._("The number is too large."),
            "not_date": self.env._("This is not a date such as 2024-01-31."),
            "future": self.env._("The date is in the future."),
            "early": self.env._("The date is before 1900."),
            "several": self.env._("Several customers match."),
            "unknown_currency": self.env._("There is no such currency."),
            "no_rate": self.env._("The currency has no rate at that date."),
            "two_customers": self.env._("The reference occurs under two customers."),
            "earlier_customer": self.env._(
                "The reference was imported earlier under another customer."
            ),
            "changed": self.env._(
                "The purchase of this reference was imported earlier with other lines."
            ),
        }

    @api.model
    def _import_rows(self, rows, company):
        """Write rows of a :class:`~..compute.history.History`; whole purchases only.

        :return: the numbers of accepted rows and of their customers, and a frame of
            ``row``, ``column`` and ``reason`` (code) of the rows that were refused
        """
        self.env.flush_all()
        currency = company.sudo().currency_id
        self.env.cr.execute(stage.claim(company.id))
        self._stage_rows(rows)
        self._match_customers(company)
        for query in (
            stage.stage_rates(company.root_id.id, currency.id),
            stage.stage_lines(company.id),
            stage.find_errors(),
            stage.mark_errors("refused"),
            stage.find_conflicts(),
            stage.mark_errors("conflict"),
        ):
            self.env.cr.execute(query)
        self._create_customers(company)
        for query in (
            write.insert_purchases(company.id, currency.rounding),
            write.insert_lines(company.id),
            write.update_grown(currency.rounding),
            write.mark_incomplete(company.id),
        ):
            self.env.cr.execute(query)
        [counts] = self.env.execute_query(write.count_accepted())
        errors = self.env.execute_query(stage.errors())
        self.invalidate_model()
        self.line_ids.invalidate_model()
        return Imported(
            *counts, pd.DataFrame(errors, columns=["row", "column", "reason"])
        )

    @api.model
    def _stage_rows(self, rows):
        """Copy rows into the staging table, a part at a time."""
        self.env.cr.execute(stage.stage())
        query = stage.copy_rows().code
        for start in range(0, len(rows), COPY_ROWS):
            part = rows.iloc[start : start + COPY_ROWS].rename_axis("row")
            part = part.reset_index()[list(stage.ROW_COLUMNS)]
            # Of a refused row nothing counts but which purchase lacks it.
            wrong = ["customer", "date", "amount", "quantity", "margin", "currency"]
            part.loc[~part["valid"], wrong] = None
            text = io.StringIO(part.to_csv(header=False, index=False))
            self.env.cr.copy_expert(query, text)

    @api.model
    def _match_customers(self, company):
        """Find the customers by reference, e-mail and tax number, active ones first."""
        self.env.cr.execute(customers.stage_customers())
        for condition in (
            customers.match_by_reference(),
            customers.match_by_email(),
            customers.match_by_vat(),
        ):
            for active in (True, False):
                self.env.cr.execute(
                    customers.match_customers(company.id, condition, active)
                )
        self.env.cr.execute(customers.match_remembered(company.id))

    @api.model
    def _create_customers(self, company):
        """Make the customers that nobody matches, with their reference as name.

        Thousands are made as the host made the first two, which differ in nothing but
        their names, or else each by the host.
        """
        found = self.env.execute_query(customers.missing_customers())
        names = [name for (name,) in found]
        few = names if len(names) < FEW else names[:2]
        partners = self._create_partners(few, company)
        if len(names) > len(few):
            rest = names[len(few) :]
            partner_ids = self._copy_partners(partners, rest)
            if partner_ids is None:
                partner_ids = self._create_partners(rest, company).ids
            partners += partners.browse(partner_ids)
        self.env.cr.execute(customers.match_created(partners.ids))

    @api.model
    def _create_partners(self, names, company):
        """Create customers as the host does, without telling anybody."""
        Partner = (
            self.env["res.partner"]
            .with_context(clean_context(self.env.context))
            .with_context(tracking_disable=True, mail_create_nosubscribe=True)
            .with_company(company)
            .sudo()
        )
        values = {"company_id": company.id, "customer_rank": 1}
        partners = Partner.create([{"name": n, "ref": n, **values} for n in names])
        partners.flush_recordset()
        return partners

    @api.model
    def _copy_partners(self, twins, names):
        """Insert customers like the twins, or return None where the twins differ.

        :return: ids of the inserted partners
        """
        own = ["id", "name", "complete_name", "ref", "commercial_partner_id"]
        [[alike]] = self.env.execute_query(customers.partner_twins(*twins.ids, own))
        if not alike:
            return None
        stored = [
            name
            for name, field in twins._fields.items()
            if field.store and field.column_type and name not in own
        ]
        rows = self.env.execute_query(
            customers.copy_partner(twins[0].id, stored, names)
        )
        return [partner_id for (partner_id,) in rows]
