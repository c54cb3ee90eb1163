from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from odoo import api, models

from ..compute import deferral
from ..queries import points_deferral
from .dcrm_points_account import POINTS
from .dcrm_points_deferral import exact

LEAST = Decimal(1).scaleb(-POINTS[1])
PERCENT = Decimal("0.0001")
MILLIONTH = Decimal("0.000001")


class DcrmPointsDeferral(models.Model):
    """Closing a cohort: from what is recorded to where it stood at the end of a day.

    What is recorded is compared with what the documents and the ledger say, and only
    the difference is posted: a closing that is done again posts nothing.
    """

    _inherit = "dcrm.points.deferral"

    @api.model
    def _close(self, club, month, day, expectation):
        """Close the points of a month's invoices as of the end of a day.

        :param month: the first day of the month, a ``date``
        :param expectation: a ``deferral.Expectation``
        :return: the period, empty where nothing has changed
        """
        self.env.flush_all()
        periods = self.env["dcrm.points.deferral.period"]
        cohort = self.search([("club_id", "=", club.id), ("month", "=", month)])
        changes = self._changes(club, cohort, month, day)
        if not cohort and not changes:
            return periods
        if periods.search_count([("deferral_id", "=", cohort.id), ("day", ">=", day)]):
            return periods
        cohort = cohort or self.create(
            {"club_id": club.id, "company_id": club.company_id.id, "month": month}
        )
        period = cohort._open_period(day)
        others = self._rights_of_others(club, month, day)
        lines = cohort._record(changes, expectation, period, others)
        before, after = cohort._state(), cohort._found(lines, expectation, day)
        if lines or not cohort._same(before, after):
            return cohort._move_on(before, after, lines, period)
        period.unlink()
        return periods

    @api.model
    def _changes(self, club, cohort, month, day):
        return self.env.execute_query(
            points_deferral.grants(
                {
                    "id": cohort.id or 0,
                    "club": club.id,
                    "company": club.company_id.id,
                    "month": month,
                },
                day,
                club.deferral_from,
            )
        )

    @api.model
    def _rights_of_others(self, club, month, day):
        """Return what invoices of a month grant at other clubs of the company.

        :return: ``{(order id, invoice id): price}``, what the points that are expected
            to be redeemed cost by themselves, were nothing of the invoice refunded
        """
        clubs = self.env["dcrm.club"].with_context(active_test=False)
        rights = {}
        for other in clubs.search(
            [
                ("id", "!=", club.id),
                ("company_id", "=", club.company_id.id),
                ("deferral", "=", True),
            ]
        ):
            expectation = other._expectation(day)
            each = expectation.price * expectation.part(-1, 0, 0)
            for change in self._changes(other, self.browse(), month, day):
                points, kept = map(Decimal, change[2:4])
                if kept > 0:
                    right = rights.get(change[:2], Decimal(0)) + points / kept * each
                    rights[change[:2]] = right
        return rights

    # -- what invoices grant -----------------------------------------------------------

    def _open_period(self, day):
        return self.env["dcrm.points.deferral.period"].create(
            {
                "deferral_id": self.id,
                "club_id": self.club_id.id,
                "company_id": self.company_id.id,
                "account_id": self.club_id.deferral_account_id.id,
                "day": day,
            }
        )

    def _record(self, changes, expectation, period, others):
        """Record what has changed of what invoices grant; return the new rows.

        :param others: what :meth:`_rights_of_others` returned
        """
        common = {
            "deferral_id": self.id,
            "period_id": period.id,
            "club_id": self.club_id.id,
            "company_id": self.company_id.id,
            "day": period.day,
        }
        rate = deferral.rounded(expectation.part(-1, 0, 0) * 100, PERCENT)
        return self.env["dcrm.points.deferral.line"].create(
            [
                {**common, **self._line(change, expectation.price, rate, others)}
                for change in changes
            ]
        )

    def _line(self, change, price, rate, others):
        """Return the values of a row by a change of an invoice.

        :param price: of a point; an invoice that is recorded keeps the price, the rate
            (per cent) and the points of other clubs which it was first recorded with
        """
        order_id, invoice_id, *texts, was_price, was_rate, was_other = change
        points, kept, revenue, goods, was_points, was_amount = map(Decimal, texts)
        if was_price is not None:
            price, rate, other = map(Decimal, (was_price, was_rate, was_other))
        else:
            other = deferral.rounded(others.get((order_id, invoice_id), 0), MILLIONTH)
        amount = deferral.grant(
            revenue, goods + other, points, price * rate / 100, kept, self._unit()
        )
        return {
            "order_id": order_id,
            "invoice_id": invoice_id,
            "points": points - was_points,
            "amount": amount - was_amount,
            "kept": kept,
            "revenue": revenue,
            "goods": goods,
            "others": other,
            "price": price,
            "rate": rate,
        }

    def _unit(self):
        """Return the least amount of the currency."""
        return Decimal(str(self.currency_id.rounding))

    # -- what became of it -------------------------------------------------------------

    def _found(self, lines, expectation, day):
        """Return what the cohort has come to by the end of a day."""
        self.env.flush_all()
        [found] = self.env.execute_query(
            points_deferral.figures(self.id, self.club_id.id, day)
        )
        issued, redeemed, expired = (
            deferral.rounded(Decimal(points), LEAST) for points in found
        )
        part = expectation.part(self._age(day), issued, redeemed)
        return deferral.State(
            deferred=exact(self.deferred) + sum(map(exact, lines.mapped("amount"))),
            issued=issued,
            redeemed=redeemed,
            expired=expired,
            rate=deferral.rounded(part * 100, PERCENT) / 100,
        )

    def _age(self, day):
        """Return how many months after that of the issue are over, -1: not that one."""
        months = (day.year - self.month.year) * 12 + day.month - self.month.month
        is_last = (day + timedelta(days=1)).day == 1
        return months if is_last else months - 1

    # -- from there to here ------------------------------------------------------------

    def _same(self, before, after):
        """Return whether nothing has changed but an expectation without effect."""
        unit = self._unit()
        return (
            replace(after, rate=before.rate) == before
            and after.expected == before.expected
            and after.liability(unit) == before.liability(unit)
        )

    def _move_on(self, before, after, lines, period):
        """Bring the cohort to a state and post what that changes; return the period."""
        unit = self._unit()
        amounts = [exact(amount) for amount in lines.mapped("amount")]
        values = self._values(after)
        self.write({**values, "closed_on": period.day, "revenue": self._revenue()})
        period.write(
            {
                **values,
                "granted_amount": sum(amount for amount in amounts if amount > 0),
                "refunded_amount": sum(amount for amount in amounts if amount < 0),
                **{
                    f"{name}_amount": amount
                    for name, amount in deferral.release(before, after, unit).items()
                },
                "liability_change": after.liability(unit) - before.liability(unit),
            }
        )
        period._post()
        return period

    def _values(self, state):
        """Return the values of the fields that tell a state."""
        unit = self._unit()
        return {
            "issued": state.issued,
            "redeemed": state.redeemed,
            "expired": state.expired,
            "outstanding": state.outstanding,
            "rate": state.rate * 100,
            "expected": deferral.rounded(state.expected, LEAST),
            "deferred": state.deferred,
            "recognised": state.recognised(unit),
            "liability": state.liability(unit),
        }

    def _revenue(self):
        """Return what the invoices of the cohort came to."""
        self.env.flush_all()
        [[revenue]] = self.env.execute_query(points_deferral.revenue(self.id))
        return revenue
