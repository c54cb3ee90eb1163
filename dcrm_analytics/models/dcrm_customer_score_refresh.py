from datetime import timedelta

import pandas as pd

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..queries import score, score_figure, worth_change

ANALYST = "dcrm_analytics.group_dcrm_analyst"
# What a refresh says that it did: rows, but for ``full``, which is 0 or 1.
COUNTS = ("created", "changed", "removed", "recorded", "entered", "full")
# From so many new scores on the planner should know of them.
MANY = 10_000
# Columns of a replay: the fields of a score, whose ids are plain numbers.
REPLAYED = (
    "partner_id",
    "first_purchase_date",
    "last_purchase_date",
    "recency",
    "frequency",
    "monetary",
    "margin_unknown",
    "recency_class",
    "frequency_class",
    "monetary_class",
    "rfm_score",
    "segment_id",
    "value_class",
)


class DcrmCustomerScore(models.Model):
    """Refreshing and replaying: what writes scores, and what only computes them.

    A *full* refresh moves the cut points and scores every customer; an incremental one
    scores the customers whose facts changed by the cut points there are. Either writes
    the rows that differ, in a number of statements that depends on nothing.
    """

    _inherit = "dcrm.customer.score"

    @api.model
    def refresh(self, company=None, as_of=None, full=False):
        """Bring facts and scores up to date, or replay the scores of a day.

        :param company: companies (records or ids); default: those of the environment
        :param as_of: a day: nothing live is touched, a pandas frame of that day's
            scores is returned, by the thresholds of then (see :meth:`replay`)
        :param full: compare all facts with their documents and move the cut points
        :return: a dict of counts of what was done, or the frame
        :raises AccessError: unless an analyst asks, for companies of theirs
        :raises UserError: for a day to come, for no company at all, and for what is
            neither
        """
        companies = self._companies_to_score(company)
        if as_of is not None:
            return self.replay(companies, as_of)
        done = {"companies": companies.ids}
        for each in companies.sudo():
            scores = self.sudo().with_company(each)
            facts = scores.env["dcrm.purchase"]._sync(each, full=full)
            if each.customer_worth:
                scores.env["dcrm.customer.profit"]._sync(each, full=full)
            steps = (
                {
                    "purchases_written": facts["upserted"],
                    "purchases_deleted": facts["deleted"],
                },
                scores._score(each, full=full),
                scores._work_out_worth(each, full=full),
                scores._settle(each),
                scores.env["dcrm.segment.stay"]._treat_all(each),
                scores.env["dcrm.customer.danger"]._treat_all(each),
                scores.env["dcrm.segment.action.log"]._act_all(each),
            )
            for counts in steps:
                for name, count in counts.items():
                    done[name] = done.get(name, 0) + count
        return done

    @api.model
    def replay(self, company=None, as_of=None, thresholds="then"):
        """Return the scores of a day, computed from the facts dated up to it.

        Segments are the grid's alone, and ``attrs['segments']`` says so: what rules ask
        for, beside the facts, is known of today only.

        :param thresholds: ``then`` takes the cut points from those facts, ``now`` uses
            the live ones
        :return: a pandas frame with a row a customer, its ``attrs['thresholds']``
            telling which, and of a single company ``attrs['cuts']`` the cut points
        :raises AccessError, UserError: as :meth:`refresh`
        """
        companies = self._companies_to_score(company)
        day = self._day_asked(as_of)
        if thresholds not in ("then", "now"):
            raise ValueError(f"thresholds are of 'then' or 'now', not {thresholds!r}")
        frames = []
        for each in companies.sudo():
            today = each._customer_scoring_today()
            if (day or today) > max(today, each._customer_today()):
                raise UserError(
                    self.env._("%s is still to come: there is nothing to replay.", day)
                )
            scores = self.sudo().with_company(each)
            scores.env["dcrm.purchase"]._sync(each)
            frames.append(scores._replay(each, day or today, thresholds))
        frame = pd.concat(frames, ignore_index=True)
        frame.attrs.update(thresholds=thresholds, as_of=as_of, segments="grid")
        return frame

    @api.model
    def _companies_to_score(self, company):
        """Return the companies asked for, once it is certain that they may be."""
        if not (self.env.su or self.env.user.has_group(ANALYST)):
            raise AccessError(self.env._("Only analysts may refresh or replay scores."))
        if company is None:
            return self.env.companies
        ids = self._ids_asked(company)
        if not ids:
            raise UserError(self.env._("Say of which company."))
        if not self.env.su and set(ids) - set(self.env.companies.ids):
            raise AccessError(
                self.env._("Scores of a company that you are not working in.")
            )
        return self.env["res.company"].browse(ids)

    # -- the two ways of scoring -------------------------------------------------------

    @api.model
    def _score(self, company, full=False):
        """Score a company's customers from the facts as they are; return counts.

        Full, too, where the cut points there are do not hold any more: the day or the
        schemes changed, or a scheme got its first customers.
        """
        self.env.flush_all()
        day = company._customer_scoring_today()
        schemes = self.env["dcrm.rfm.scheme"]._of_company(company)
        cuts = None if full else self._holding_cuts(company, day, schemes)
        if cuts and not self._is_anyone_stale(company, schemes):
            return dict.fromkeys(COUNTS, 0)
        self.env["dcrm.purchase.source"]._claim(company)
        self.env.cr.execute(score_figure.begin())
        self.env.cr.execute(score_figure.take_stale(company.id))
        if company.customer_worth:
            self.env.cr.execute(worth_change.hand_on(company.id))
        if cuts:
            cuts = self._gather_stale(company, day, schemes, cuts)
        if not cuts:
            self._gather(company, day, schemes)
            cuts = self.env["dcrm.rfm.cut"]._take(company, day, _union(schemes))
            full = True
        counts = self._write(company, day, cuts, full)
        if counts["created"] > MANY:
            self.env.cr.execute(score.gather_statistics())
        self.env.invalidate_all()
        self.env["dcrm.service.level"]._announce_reclassed(company)
        return counts

    @api.model
    def _holding_cuts(self, company, day, schemes):
        """Return the cut points by which single customers may be scored, or none."""
        current = self.env["dcrm.rfm.cut"]._current(company)
        digests = _union(schemes)._digests()
        by_value = company._value_class_digest()
        cuts = self.env["dcrm.rfm.cut"]
        for scheme, digest in digests.items():
            cut = current.get(scheme)
            if not cut or cut.renewed_on != day or cut.digest != digest + by_value:
                return None
            cuts |= cut
        return cuts

    @api.model
    def _is_anyone_stale(self, company, schemes):
        # Where industries have schemes, a customer may have changed industry.
        return len(schemes) > 1 or bool(
            self.env.execute_query(score_figure.is_anyone_stale(company.id))
        )

    @api.model
    def _gather(self, company, day, schemes, stale=False):
        """Make the figures of customers, each in the window of its scheme."""
        parameters = _scheme_parameters(schemes, day)
        self.env.cr.execute(
            score_figure.figures(company.id, day, parameters, stale=stale)
        )

    @api.model
    def _gather_stale(self, company, day, schemes, cuts):
        """Make the figures of the stale; return the cut points if they are enough.

        A scheme that had no customers has no cut points worth the name.
        """
        if len(schemes) > 1:
            parameters = _scheme_parameters(schemes, day)
            self.env.cr.execute(score_figure.take_moved(company.id, parameters))
        self._gather(company, day, schemes, stale=True)
        empty = cuts.filtered(lambda cut: not cut.population).scheme_id
        if empty and self.env.execute_query(score_figure.is_anyone_in(empty.ids)):
            return None
        return cuts

    @api.model
    def _write(self, company, day, cuts, full):
        """Write scores, history and stays from the figures; return counts."""
        by_rule = self.env["dcrm.segment.rule"]._is_due(company)
        [row] = self.env.execute_query(
            score.write(company.id, day, cuts._parameters(), full, by_rule)
        )
        if by_rule:
            cuts.segments_due = True
        entered = self.env["dcrm.segment.stay"]._move(company, day)
        return dict(zip(COUNTS, (*row, entered, int(full)), strict=True))

    @api.model
    def _replay(self, company, day, thresholds):
        """Return the frame of a company's scores of a day."""
        self.env.flush_all()
        schemes = self.env["dcrm.rfm.scheme"]._of_company(company)
        if thresholds == "now":
            today = company._customer_scoring_today()
            cuts = self._holding_cuts(company, today, schemes)
            if not cuts:
                raise UserError(
                    self.env._(
                        "The thresholds of now are not known: refresh the scores of "
                        "%s first.",
                        company.name,
                    )
                )
        self._gather(company, day, schemes)
        if thresholds == "now":
            parameters = cuts._parameters()
        else:
            values = self.env["dcrm.rfm.cut"]._values(company, day, _union(schemes))
            by_value = bool(company._value_class_rules())
            parameters = [
                {**vals, "scheme_id": scheme.id, "by_value": by_value}
                for scheme, vals in values.items()
            ]
        rows = self.env.execute_query(score.read(day, parameters))
        frame = pd.DataFrame(rows, columns=REPLAYED)
        frame = frame.astype({name: "Int64" for name in ("recency", "segment_id")})
        frame.insert(1, "company_id", company.id)
        frame.attrs["cuts"] = parameters
        return frame


def _union(records):
    """Return the records that a dict has as values, as one recordset."""
    first, *rest = records.values()
    return first.union(*rest)


def _scheme_parameters(schemes, day):
    """Return the schemes as ``queries.score_figure.figures`` asks for them."""
    return [
        (
            industry_id or 0,
            scheme.id,
            day - timedelta(scheme.window_days) if scheme.window_days else None,
            scheme.basis == "margin",
        )
        for industry_id, scheme in schemes.items()
    ]
