import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

ANALYST = "dcrm_analytics.group_dcrm_analyst"

OPEN = ("waiting", "running")

# What a refresh does, one after the other; each is a method ``_refresh_<phase>``.
PHASES = (
    "build",
    "sync",
    "profit",
    "score",
    "worth",
    "segment",
    "treat",
    "act",
)

# A batch that another transaction got in the way of is tried again this often at once.
TRIES = 5

# How many stays in segments a batch treats: each may make an activity by the ORM.
TREATED = 200


class Busy(Exception):
    """What the run needs is locked: it goes on later."""


class DcrmRun(models.Model):
    """A long piece of work: what it waits for, how far it is, what it did.

    Everything in DCRM that may take longer than a person waits (the first build of
    the purchases, a refresh, an import) is a run. One cron takes the waiting runs in
    turn, in batches that commit, so that a run survives a kill at any instant and goes
    on where it stopped. A kind of run is a method ``_step_<kind>`` that does one batch
    and returns ``(done, remaining)`` counts; ``remaining == 0`` ends the run.
    """

    _name = "dcrm.run"
    _description = "DCRM Run"
    _order = "id desc"

    name = fields.Char(required=True, readonly=True)
    kind = fields.Selection(
        [("refresh", "Refresh"), ("import", "Import of history")],
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", readonly=True, ondelete="set null")
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        default="waiting",
        required=True,
        readonly=True,
        index=True,
    )
    phase = fields.Char(readonly=True, help="What the run is doing now, or waits for")
    total = fields.Integer(readonly=True)
    done = fields.Integer(readonly=True)
    progress = fields.Float(compute="_compute_progress", help="Per cent done")
    result = fields.Text(readonly=True, help="What the run did, in words")
    error = fields.Text(readonly=True)
    options = fields.Json(readonly=True)
    cursor = fields.Json(readonly=True, help="Where the next batch goes on")
    started_on = fields.Datetime(readonly=True)
    ended_on = fields.Datetime(readonly=True)

    @api.depends("state", "total", "done")
    def _compute_progress(self):
        for run in self:
            if run.state == "done":
                run.progress = 100.0
            else:
                run.progress = 100.0 * run.done / run.total if run.total else 0.0

    _one_refresh = models.UniqueIndex(
        "(company_id) WHERE kind = 'refresh' AND state IN ('waiting', 'running')",
        "A refresh of this company is under way already.",
    )

    # -- asking for work -------------------------------------------------------------

    @api.model
    def _start(self, kind, company, **options):
        """Ask for a run and return it; a refresh that is under way is returned instead.

        :param options: JSON values that the run's step reads, such as ``full=True``
        """
        runs = self.sudo()
        if kind == "refresh":
            under_way = runs.search(
                [
                    ("kind", "=", kind),
                    ("company_id", "=", company.id),
                    ("state", "in", OPEN),
                ],
                limit=1,
            )
            if under_way:
                return self.browse(under_way.id)
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        run = runs.create(
            {
                "name": f"{kinds[kind]}: {company.name}",
                "kind": kind,
                "company_id": company.id,
                "user_id": self.env.uid,
                "phase": self.env._("Waiting for its turn"),
                "options": options,
            }
        )
        self._wake()
        return self.browse(run.id)

    @api.model
    def _start_daily(self):
        """Ask for a full refresh of each company that has its customers scored."""
        companies = self.env["res.company"].search([("customer_scoring", "=", True)])
        for company in companies:
            self._start("refresh", company, full=True)

    @api.model
    def _wake(self, at=None):
        self.env.ref("dcrm_analytics.ir_cron_run").sudo()._trigger(at)

    def action_cancel(self):
        """End the runs before their next batch; what they have done stays."""
        if not (self.env.su or self.env.user.has_group(ANALYST)):
            raise AccessError(self.env._("Only analysts may cancel a run."))
        self.check_access("read")
        self.filtered(lambda run: run.state in OPEN).sudo().write(
            {"state": "cancelled", "ended_on": fields.Datetime.now(), "phase": False}
        )

    # -- doing it --------------------------------------------------------------------

    @api.model
    def _process(self):
        """Do the runs that are asked for, oldest first, as long as the cron may."""
        runs = self.search([("state", "in", OPEN)], order="id")
        left = len(runs)
        self.env["ir.cron"]._commit_progress(remaining=left)
        for run in runs:
            if not run._work(left):
                return
            left -= 1
            self.env["ir.cron"]._commit_progress(remaining=left)

    def _work(self, left):
        """Do batches of the run, a transaction each, until it ends or has to wait.

        :param left: the number of runs to do, this one included
        :return: whether the cron has time for the next run
        """
        tries = 0
        while self._take():
            try:
                self._batch()
                tries = 0
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.env.cr.rollback()
                tries += 1
                if tries == TRIES:
                    self._wait()
                    return True
            except Busy:
                self.env.cr.rollback()
                self._wait()
                return True
            except Exception as error:
                self.env.cr.rollback()
                self._fail(error)
            if not self.env["ir.cron"]._commit_progress(1, remaining=left):
                return False
        return True

    def _take(self):
        """Lock the run; return whether it is there to be worked on."""
        self.env.invalidate_all()
        return bool(self.try_lock_for_update()) and self.state in OPEN

    def _batch(self):
        """Do one batch and note it."""
        if not self.started_on:
            self.started_on = fields.Datetime.now()
        self.state = "running"
        run = self.with_context(
            allowed_company_ids=self.company_id.ids, lang=self.user_id.lang
        )
        done, remaining = getattr(run, f"_step_{self.kind}")()
        values = {"done": self.done + done, "total": self.done + done + remaining}
        if not remaining:
            values |= {
                "state": "done",
                "phase": False,
                "ended_on": fields.Datetime.now(),
            }
        self.write(values)
        self.env.flush_all()

    def _wait(self):
        """Go on in a minute: another transaction holds what the run needs."""
        self._wake(fields.Datetime.add(fields.Datetime.now(), minutes=1))

    def _fail(self, error):
        """Note why the run failed; what its earlier batches did stays."""
        if isinstance(error, UserError):
            reason = str(error)
        else:
            _logger.error("Run %s (%s) failed", self.id, self.name, exc_info=error)
            reason = self.env._(
                "Unexpected: %(kind)s. The log of the server tells more.",
                kind=type(error).__name__,
            )
        self.write(
            {"state": "failed", "error": reason, "ended_on": fields.Datetime.now()}
        )

    def _say(self, sentence):
        """Add a sentence to what the run did."""
        self.result = " ".join(filter(None, [self.result, sentence]))

    @api.autovacuum
    def _gc_runs(self):
        """Forget runs that ended long ago."""
        before = fields.Datetime.subtract(fields.Datetime.now(), days=90)
        self.search(
            [("state", "not in", OPEN), ("ended_on", "<", before)], limit=1000
        ).unlink()

    # -- refresh ---------------------------------------------------------------------

    def _step_refresh(self):
        """Do a batch of the present phase; each phase that is left counts as one."""
        phase = (self.cursor or {}).get("phase", PHASES[0])
        done, remaining = getattr(self, f"_refresh_{phase}")()
        later = PHASES[PHASES.index(phase) + 1 :]
        if not remaining and later:
            phase, done = later[0], done + 1
            self.cursor = {"phase": phase}
        self.phase = self._phase_names()[phase]
        return done, remaining + len(later)

    def _phase_names(self):
        return {
            "build": self.env._("Reading purchases for the first time"),
            "sync": self.env._("Reading changed purchases"),
            "profit": self.env._("Reading what customers bring and cost"),
            "score": self.env._("Scoring customers"),
            "worth": self.env._("Working out what customers are worth"),
            "treat": self.env._("Scheduling activities"),
        }

    def _is_full(self):
        return bool((self.options or {}).get("full"))

    def _refresh_build(self):
        step = self.env["dcrm.purchase"]._build_step(self.company_id, skip_locked=True)
        if step is None:
            raise Busy
        return step

    def _refresh_sync(self):
        counts = self.env["dcrm.purchase"]._sync(
            self.company_id, full=self._is_full(), skip_locked=True
        )
        if counts is None:
            raise Busy
        self._say(
            self.env._(
                "%(upserted)s purchases written, %(deleted)s removed.",
                upserted=counts["upserted"],
                deleted=counts["deleted"],
            )
        )
        return 0, 0

    def _refresh_profit(self):
        """Read the P&L of customers: in batches the first time, then what changed."""
        if not self.company_id.customer_worth:
            return 0, 0
        profits = self.env["dcrm.customer.profit"]
        step = profits._build_step(self.company_id, skip_locked=True)
        if step is None:
            raise Busy
        done, remaining = step
        if remaining:
            return done, remaining
        counts = profits._sync(self.company_id, full=self._is_full(), skip_locked=True)
        if counts is None:
            raise Busy
        self._say(
            self.env._(
                "%(written)s rows of profit written, %(deleted)s removed.", **counts
            )
        )
        return done, 0

    def _refresh_score(self):
        counts = self.env["dcrm.customer.score"]._score(
            self.company_id, full=self._is_full()
        )
        self._say(
            self.env._(
                "%(created)s customers scored for the first time, %(changed)s changed, "
                "%(entered)s entered a segment.",
                created=counts["created"],
                changed=counts["changed"],
                entered=counts["entered"],
            )
        )
        return 0, 0

    def _refresh_worth(self):
        counts = self.env["dcrm.customer.score"]._work_out_worth(
            self.company_id, full=self._is_full()
        )
        if counts:
            self._say(
                self.env._(
                    "%(changed)s customers are worth something else.",
                    changed=counts["worth_changed"],
                )
            )
        return 0, 0

    def _refresh_treat(self):
        kinds = [self.env["dcrm.segment.stay"], self.env["dcrm.customer.danger"]]
        remaining = sum(spells._treat(self.company_id, TREATED) for spells in kinds)
        for spells in () if remaining else kinds:
            if untreated := spells._count_untreatable(self.company_id):
                self._say(spells._untreated_words(untreated))
        return 0, remaining
