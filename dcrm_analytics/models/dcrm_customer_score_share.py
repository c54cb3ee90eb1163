from datetime import timedelta

import pandas as pd

from odoo import api, fields, models

from ..compute import share
from ..queries import customer_share as queries
from ..queries import purchase, worth_change

DAYS = 365
KNOWN = ["partner_id", "category_id", "amount", "date", "id"]


class DcrmCustomerScore(models.Model):
    """Our share of what a customer spends: of known spend, else an estimate."""

    _inherit = "dcrm.customer.score"

    share_of_wallet = fields.Float(
        "Customer Share",
        readonly=True,
        aggregator="avg",
        help="What the customer bought from us in the last 365 days over what it "
        "spends a year on the same kinds of product; empty: neither its spend nor that "
        "of enough peers is known",
    )
    share_is_estimate = fields.Boolean(
        "Share Is an Estimate",
        readonly=True,
        help="Nobody entered what the customer spends: the median of its peers of the "
        "same industry and size stands in",
    )
    share_low = fields.Float(
        "Share at Least",
        readonly=True,
        aggregator=None,
        help="If it spent as much as the upper quartile of its peers",
    )
    share_high = fields.Float(
        "Share at Most",
        readonly=True,
        aggregator=None,
        help="If it spent as little as the lower quartile of its peers",
    )
    share_peers = fields.Integer(
        "Peers",
        readonly=True,
        aggregator=None,
        help="From how many peers the share is estimated, in the kind of product with "
        "the fewest",
    )

    @api.model
    def _renew_share(self, company, stale=None):
        """Bring the shares of a company's customers up to date; write what differs.

        :param SQL stale: a select of the ids of the customers to look at; default: all
        :return: how many scores were written
        """
        self.env.flush_all()
        day = company._customer_scoring_today()
        known = self._known_spend(company, day)
        if known.empty:
            self.env.cr.execute(queries.forget(company.id, stale))
            return self.env.cr.rowcount
        parents = self._categories_above()
        known = share.current(known, parents)
        if stale is None:
            self.env.cr.execute(purchase.room())
        columns = [known[name].tolist() for name in KNOWN[:3]]
        self.env.cr.execute(queries.want(columns, stale))
        estimates = self._estimates(company, known, parents)
        if estimates:
            ids = known["partner_id"].unique().tolist()
            self.env.cr.execute(
                queries.want_estimated(company.id, estimates, ids, stale)
            )
        scope = self.env["dcrm.purchase.source"]._scope(company)
        lines = self.env["dcrm.customer.kind"]._lines(scope)
        sold = queries.sold(scope, lines, day - timedelta(DAYS), day)
        self.env.cr.execute(queries.write(company.id, sold, stale))
        written = self.env.cr.rowcount
        self.env["dcrm.customer.score"].invalidate_model()
        return written

    @api.model
    def _renew_share_of(self, company, partners):
        """Bring shares of customers up to date; a refresh then sees who is loyal."""
        ids = partners.commercial_partner_id.ids
        if not ids:
            return 0
        self.env.cr.execute(worth_change.queue(company.id, ids))
        return self._renew_share(company, queries.listed(ids))

    @api.model
    def _known_spend(self, company, day):
        """Return what was entered up to a day, in company currency, as a frame."""
        spends = self.env["dcrm.customer.spend"].search(
            [("company_id", "=", company.id), ("date", "<=", day)]
        )
        rows = [
            (
                spend.partner_id.commercial_partner_id.id,
                spend.category_id.id,
                spend.currency_id._convert(
                    spend.amount, company.currency_id, company, spend.date, round=False
                ),
                spend.date,
                spend.id,
            )
            for spend in spends
        ]
        return pd.DataFrame(rows, columns=KNOWN).astype({"amount": float})

    @api.model
    def _categories_above(self):
        """Return ``{category: ids of the categories above it}``."""
        categories = self.env["product.category"].search_fetch([], ["parent_path"])
        return {
            category.id: [int(each) for each in category.parent_path.split("/")[:-2]]
            for category in categories
        }

    @api.model
    def _estimates(self, company, known, parents):
        """Return the rows of ``compute.share.estimates`` of a company's customers."""
        ids = known["partner_id"].unique().tolist()
        rows = self.env.execute_query(queries.groups_of(company.id, ids))
        groups = pd.DataFrame(rows, columns=["partner_id", "industry", "size"])
        frame = share.estimates(known.merge(groups, on="partner_id"), parents)
        return [
            (int(industry), size, int(category), int(peers), *map(float, spread))
            for industry, size, category, peers, *spread in frame.itertuples(
                index=False, name=None
            )
        ]

    # -- explained ---------------------------------------------------------------------

    @api.readonly
    def customer_share(self):
        """Return our share of the customer's spend and what it is made of.

        :return: dict ``share`` (None: not known), ``is_estimate``, ``low``, ``high``,
            ``peers``, ``least_peers``, ``reason`` (in words, why there is no share or
            what kind it is) and ``entries``: the spends that were entered, dicts ``id,
            category, amount, currency_id, source, date, age, is_current``
        :raises AccessError: for who may not read the score
        """
        self.ensure_one()
        self.check_access("read")
        spends = self.env["dcrm.customer.spend"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id.commercial_partner_id", "=", self.partner_id.id),
            ]
        )
        known = (
            self.share_peers or self.share_of_wallet or spends.filtered("is_current")
        )
        return {
            "share": self.share_of_wallet if known else None,
            "is_estimate": self.share_is_estimate,
            "low": self.share_low if self.share_is_estimate else None,
            "high": self.share_high if self.share_is_estimate else None,
            "peers": self.share_peers,
            "least_peers": share.LEAST_PEERS,
            "reason": self._reason_of_share(bool(known)),
            "entries": [
                {
                    "id": spend.id,
                    "category": spend.category_id.display_name,
                    "amount": spend.amount,
                    "currency_id": spend.currency_id.id,
                    "source": spend.source,
                    "date": spend.date,
                    "age": spend.age,
                    "is_current": spend.is_current,
                }
                for spend in spends
            ],
        }

    def _reason_of_share(self, known):
        if self.share_is_estimate:
            return self.env._(
                "An estimate: the median spend of %s peers of the same industry and "
                "size stands in for the customer's.",
                self.share_peers,
            )
        if known:
            return self.env._("Of the customer's spend as it was entered.")
        if not self.partner_id.industry_id:
            return self.env._(
                "Nobody entered what the customer spends, and without an industry it "
                "has no peers to estimate it from."
            )
        return self.env._(
            "Nobody entered what the customer spends, and of fewer than %s peers of "
            "its industry and size it is known: too few to estimate it from.",
            share.LEAST_PEERS,
        )
