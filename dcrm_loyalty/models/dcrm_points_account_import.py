import io
from collections import namedtuple
from datetime import date

import numpy as np
import pandas as pd

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.dcrm_analytics.compute import history
from odoo.addons.dcrm_analytics.queries import purchase_import as stage

from ..queries import points as points_queries
from ..queries import points_import as queries
from .dcrm_points_account import MOST
from .loyalty_card import ADJUSTS
from .points_context import OPENING

SELLER_ALL = "dcrm_analytics.group_dcrm_seller_all"

REQUIRED = ("customer", "points")
COLUMNS = (*REQUIRED, "expires_on", "reference")

# Points may expire on any day that a file can name.
LAST = date(9999, 12, 31)

Imported = namedtuple("Imported", "accepted customers errors")


class DcrmPointsAccount(models.Model):
    """Import of balances from wherever they were kept before, row by row."""

    _inherit = "dcrm.points.account"

    @api.model
    @api.private
    def import_balances(self, frame, club):
        """Add points to members, row by row what can be understood.

        :param frame: pandas frame with the columns ``customer`` (found by reference,
            e-mail or tax number, as in the import of purchase history) and ``points``
            (how many come), and maybe ``expires_on`` (their last day, by default the
            club's) and ``reference`` (unique in the club)
        :param club: record or id
        :return: ``accepted`` and ``rejected`` count rows, ``customers`` the distinct
            ones of the accepted rows; ``errors`` lists (row from 1, column, reason).
            Rows that were imported before are neither: those of the same reference, or
            of the same customer, points and day as often as before.
        :raises UserError: a column is missing or there twice; nothing is written
        :raises AccessError: the user may not adjust the points of all customers
        """
        if isinstance(club, int):
            club = self.env["dcrm.club"].browse(club)
        self._check_import_access(club)
        rows, errors = self._read_balances(frame, club)
        imported = self.sudo()._import_rows(rows, club.sudo())
        errors = pd.concat([errors, imported.errors], ignore_index=True)
        errors = errors.sort_values("row", kind="stable", ignore_index=True)
        return {
            "accepted": imported.accepted,
            "rejected": errors["row"].nunique(),
            "customers": imported.customers,
            "errors": self._explain_errors(errors),
        }

    @api.model
    def _check_import_access(self, club):
        """Raise unless the user may add points to whomever a file names."""
        user = self.env.user
        if not self.env.su and not (
            user.has_group(ADJUSTS) and user.has_group(SELLER_ALL)
        ):
            raise AccessError(
                self.env._("Only who may adjust points of all customers imports them.")
            )
        club.check_access("read")
        if not club.sudo().program_id:
            raise UserError(self.env._("%s keeps no points.", club.name))

    # -- reading -----------------------------------------------------------------------

    @api.model
    def _read_balances(self, frame, club):
        """Return the rows of a frame that make sense, and what is wrong with others.

        :return: frame of ``COLUMNS`` and ``key``, indexed from 1; frame of ``row``,
            ``column`` and ``reason`` (code)
        """
        names = list(frame.columns)
        for wanted, sentence in (
            (
                [name for name in REQUIRED if name not in names],
                self.env._("The balances have no column %s. Nothing was imported."),
            ),
            (
                [name for name in COLUMNS if names.count(name) > 1],
                self.env._("Column %s is there twice. Nothing was imported."),
            ),
        ):
            if wanted:
                raise UserError(sentence % ", ".join(wanted))
        rows, reasons = self._parse_balances(frame, club.sudo().company_id)
        wrong = [
            (row, name, reason)
            for name in COLUMNS
            for row, reason in zip(rows.index, reasons[name], strict=True)
            if reason
        ]
        errors = pd.DataFrame(wrong, columns=["row", "column", "reason"])
        rows = rows.drop(index=errors["row"].unique())
        return rows.assign(key=_keys(rows, club.id)), errors

    @api.model
    def _parse_balances(self, frame, company):
        size = len(frame)
        rows, reasons = pd.DataFrame(index=pd.RangeIndex(1, size + 1)), {}
        for name in COLUMNS:
            cells = frame[name] if name in frame else pd.Series([None] * size)
            cells = cells.reset_index(drop=True)
            if name == "points":
                found, reasons[name] = history.numbers(cells)
            elif name == "expires_on":
                found, reasons[name] = history.days(
                    cells, company._customer_zone(), LAST
                )
            else:
                found, reasons[name] = history.texts(cells)
            rows[name] = found
        rows["points"] = rows["points"].round(4)
        today = pd.Timestamp(company._customer_today())
        for name, code, wrong in (
            ("customer", "empty", rows["customer"].isna()),
            ("points", "empty", rows["points"].isna()),
            ("points", "negative", rows["points"] < 0),
            ("points", "too_large", rows["points"].abs() >= MOST),
            ("expires_on", "over", rows["expires_on"] < today),
        ):
            free = wrong.to_numpy() & (reasons[name] == "")
            reasons[name][free] = code
        return rows, reasons

    @api.model
    def _explain_errors(self, errors):
        """Return errors as a list of (row, column, reason in words)."""
        words = {
            **self.env["dcrm.purchase"]._import_reasons(),
            "negative": self.env._("Points are not below zero."),
            "over": self.env._("The day is over."),
            "unknown": self.env._("No customer matches."),
            "changed": self.env._(
                "The reference was imported before with other points or for another "
                "customer."
            ),
        }
        return [
            (row, column, words[reason])
            for row, column, reason in zip(
                errors["row"].tolist(), errors["column"], errors["reason"], strict=True
            )
        ]

    # -- writing -----------------------------------------------------------------------

    @api.model
    def _import_rows(self, rows, club):
        """Post the rows of :meth:`_read_balances` that are new.

        :return: the numbers of accepted rows and of their customers, and a frame of
            ``row``, ``column`` and ``reason`` of the rows that were refused
        """
        # Within a frame a key comes once; what else it names is another thing.
        same = ["key", "customer", "points", "expires_on"]
        first = ~rows.duplicated("key")
        other = ~first & ~rows.duplicated(same)
        errors = [(row, "reference", "changed") for row in rows.index[other]]
        execute = self.env.cr.execute
        self.env.flush_all()
        execute(queries.stage())
        self._copy_rows(rows[first])
        execute(stage.stage())
        execute(queries.stage_customers())
        self.env["dcrm.purchase"]._match_customers(club.company_id)
        execute(queries.take_customers(club.id))
        errors += [
            (row, "customer", "several" if several else "unknown")
            for row, several in self.env.execute_query(queries.wrong_customers())
        ]
        execute(queries.claim(club.company_id.id, self.env.uid))
        errors += [
            (row, "reference", "changed")
            for [row] in self.env.execute_query(queries.changed(club.company_id.id))
        ]
        self._post_rows(club)
        [counts] = self.env.execute_query(queries.count())
        errors = pd.DataFrame(errors, columns=["row", "column", "reason"])
        return Imported(*counts, errors)

    @api.model
    def _copy_rows(self, rows):
        part = rows.rename_axis("row").reset_index()[list(queries.ROW_COLUMNS)]
        part["expires_on"] = part["expires_on"].astype("datetime64[s]").dt.date
        text = io.StringIO(part.to_csv(header=False, index=False))
        self.env.cr.copy_expert(queries.copy_rows().code, text)

    @api.model
    def _post_rows(self, club):
        """Add the moves of the staged rows, on accounts that are made where needed."""
        self._open_many(
            club,
            [id_ for [id_] in self.env.execute_query(queries.new_members(club.id))],
        )
        ids = [id_ for [id_] in self.env.execute_query(queries.accounts(club.id))]
        if not ids:
            return
        self.browse(ids)._lock()
        day = club.company_id._customer_today()
        last = club._last_day_of_points(day)
        reason = self.env._("Imported balance")
        self.env.cr.execute(queries.number_moves())
        self.env.cr.execute(queries.add_moves(club.id, day, last, reason, self.env.uid))
        self.env.cr.execute(queries.note_moves(club.company_id.id))
        self.env.cr.execute(points_queries.work_off(ids))
        self.env.invalidate_all(flush=False)

    @api.model
    def _open_many(self, club, partner_ids):
        """Make accounts, with cards, for customers that have none."""
        cards = self.env["loyalty.card"]
        if not partner_ids:
            return
        theirs = cards.search(
            [
                ("program_id", "=", club.program_id.id),
                ("partner_id.commercial_partner_id", "in", partner_ids),
                ("points_account_ids", "=", False),
            ]
        )
        if theirs:
            self._adopt_cards(club, len(theirs), theirs)
        self.env.flush_all()
        made = self.env.execute_query(
            queries.open_accounts(
                club.id, club.company_id.id, self.env.uid, partner_ids
            )
        )
        cards = cards.with_context(
            dcrm_points=OPENING, loyalty_no_mail=True, tracking_disable=True
        ).create(
            [
                {"program_id": club.program_id.id, "partner_id": partner_id}
                for _account_id, partner_id in made
            ]
        )
        for (account_id, _partner_id), card in zip(made, cards, strict=True):
            self.browse(account_id).card_id = card
        self.env.flush_all()


def _keys(rows, club_id):
    """Return the key of each row: its reference, or else what it says, and how often.

    So the same frame has the same keys whenever it is read again.
    """
    said = ["customer", "points", "expires_on"]
    text = rows["customer"] + "|" + rows["points"].astype("str")
    text += "|" + rows["expires_on"].astype("str").fillna("")
    bare = rows["reference"].isna()
    nth = pd.Series(1, index=rows.index)
    nth[bare] = rows.loc[bare, said].groupby(said, dropna=False).cumcount() + 1
    named = np.where(bare, text + "|" + nth.astype("str"), rows["reference"])
    kind = np.where(bare, "row", "reference")
    return [
        f"import/{club_id}/{of}/{name}" for of, name in zip(kind, named, strict=True)
    ]
