import pandas as pd

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..queries import customer_day, worth, worth_change

LIFECYCLE = [
    ("acquired", "Acquired"),
    ("retained", "Retained"),
    ("extended", "Extended"),
    ("lost", "Lost"),
    ("won_back", "Won Back"),
]
# Columns of a replay.
REPLAYED = (
    "partner_id",
    "last_purchase_date",
    "purchase_gap",
    "purchase_due_date",
    "overdue_gaps",
    "danger_since",
    "lifecycle",
    "lifecycle_since",
    "relation",
)


class DcrmCustomerScore(models.Model):
    """What the rhythm of a customer's purchases says: danger, lifecycle, loyalty.

    Worked out by a phase of its own, after the scores: for the customers that the
    scores hand on, and for those whom the new day alone puts in another state.
    """

    _inherit = "dcrm.customer.score"

    purchase_gap = fields.Float(
        "Usual Gap",
        readonly=True,
        aggregator="avg",
        help="Days between two purchases: the median of the customer's own latest 24 "
        "gaps. Empty until it has bought on enough days",
    )
    purchase_due_date = fields.Date(
        "Next Purchase Due",
        readonly=True,
        help="The day by which the customer's usual gap since the last purchase has "
        "passed",
    )
    overdue_gaps = fields.Float(
        "Gaps Silent",
        compute="_compute_overdue_gaps",
        search="_search_overdue_gaps",
        aggregator="avg",
        help="For how many of its own usual gaps the customer is silent: above 1 a "
        "purchase is overdue",
    )
    danger_since = fields.Date(
        "In Danger Since",
        readonly=True,
        help="Since when the customer is silent for too many of its usual gaps. Empty: "
        "it is not in danger",
    )
    lifecycle = fields.Selection(LIFECYCLE, readonly=True)
    lifecycle_since = fields.Date(readonly=True, help="Since when it is in this state")
    relation = fields.Selection(
        [
            ("friend", "True Friend"),
            ("butterfly", "Butterfly"),
            ("barnacle", "Barnacle"),
            ("stranger", "Stranger"),
        ],
        "Loyal × Profitable",
        readonly=True,
        help="True friends are loyal and profitable, butterflies profitable and not "
        "(yet) loyal, barnacles loyal and not profitable, strangers neither "
        "(Reinartz and Kumar, 2002)",
    )

    def init(self):
        self.env.cr.execute(worth_change.install())
        return super().init()

    # -- usual gaps since the last purchase, never stored and so never stale -----------

    @api.depends("recency", "purchase_gap")
    def _compute_overdue_gaps(self):
        for score in self:
            gap = score.purchase_gap
            score.overdue_gaps = score.recency / gap if gap else 0.0

    def _search_overdue_gaps(self, operator, value):
        return self._domain_compared("overdue_gaps", operator, value)

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "overdue_gaps":
            return customer_day.gaps_since(
                self._field_to_sql(alias, "recency", query),
                self._field_to_sql(alias, "purchase_gap", query),
            )
        return super()._field_to_sql(alias, field_expr, query)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name in ("overdue_gaps", "danger_since", "purchase_due_date"):
            # Who has no rhythm comes last, whichever way the list is sorted.
            nulls = nulls if nulls.code else SQL("NULLS LAST")
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    # -- the phase of worth ------------------------------------------------------------

    @api.model
    def _work_out_worth(self, company, full=False):
        """Bring the figures of worth of a company's customers up to date.

        Of all of them, too, where the rules changed or the day went back.

        :param full: of all, not just of those who changed or came due
        :return: dict of counts of what was written
        """
        company = company.sudo()
        if not company.customer_worth:
            # Changes go by unseen from now on.
            if company.customer_worth_rules:
                company.customer_worth_rules = False
            return {}
        self.env.flush_all()
        self.env["dcrm.purchase.source"]._claim(company)
        rules = company._worth_rules()
        stale = self._take_worth(company, rules, full)
        bought = stale and worth.BOUGHT
        self.env["dcrm.customer.kind"]._renew(company, bought)
        self.env.cr.execute(worth.gather(rules, bought))
        counts = {
            "profit_changed": self._write_profit(company, stale and _in(stale)),
            "shares_changed": self._renew_share(company, stale),
            "dangers_written": self.env["dcrm.customer.danger"]._renew(company, bought),
            "lifecycles_written": self.env["dcrm.customer.lifecycle"]._renew(
                company, bought
            ),
        }
        self.env.cr.execute(worth.write(rules, bought))
        counts["worth_changed"] = self.env.cr.rowcount
        if stale:
            self.env.cr.execute(worth.relate(rules))
            counts["worth_changed"] += self.env.cr.rowcount
        self.invalidate_model()
        return counts

    @api.model
    def _take_worth(self, company, rules, full):
        """Take the customers to look at from the queue; return them as a select.

        :return: ``None`` stands for all of the company's
        """
        self.env.cr.execute(worth.begin())
        self.env.cr.execute(worth.take(company.id))
        before, known = company.customer_worth_on, company.customer_worth_rules
        if before != rules.as_of or known != rules.stamp:
            company.write(
                {
                    "customer_worth_on": rules.as_of,
                    "customer_worth_rules": rules.stamp,
                }
            )
        if full or known != rules.stamp or before > rules.as_of:
            return None
        if before < rules.as_of:
            self.env.cr.execute(worth.take_due(rules, before))
        self.env.cr.execute(worth.know_stale())
        return worth.STALE

    @api.model
    def replay_worth(self, company=None, as_of=None):
        """Return the figures of worth of a day, from the facts dated up to it.

        By the rules of now; the kinds of product as they are known now.

        :param company: companies (records or ids); default: those of the environment
        :param as_of: a day; default: today
        :return: a pandas frame with a row a customer who has bought by then:
            ``partner_id, company_id``, days as dates, ``purchase_gap`` in days,
            ``overdue_gaps``, ``danger_since, lifecycle, lifecycle_since`` and
            ``relation`` (the share of its spending is not asked: it is not known of
            then)
        :raises AccessError, UserError: as :meth:`replay`
        """
        frames = []
        for each in self._companies_to_score(company).sudo():
            today = each._customer_scoring_today()
            day = self._day_asked(as_of) or today
            if day > max(today, each._customer_today()):
                raise UserError(
                    self.env._("%s is still to come: there is nothing to replay.", day)
                )
            frames.append(self.sudo().with_company(each)._replay_worth(each, day))
        return pd.concat(frames, ignore_index=True)

    @api.model
    def _replay_worth(self, company, day):
        self.env.flush_all()
        self.env["dcrm.purchase"]._sync(company)
        rules = company._worth_rules(day)
        self.env.cr.execute(worth.begin())
        self.env.cr.execute(worth.gather(rules, None))
        frame = pd.DataFrame(
            self.env.execute_query(worth.read(rules)), columns=REPLAYED
        )
        frame.insert(1, "company_id", company.id)
        return frame


def _in(select):
    return SQL("(%s)", select)
