import logging

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .dcrm_segment_action import NEEDS

_logger = logging.getLogger(__name__)

BATCH = 200
MANAGER = "dcrm_analytics.group_dcrm_manager"


class DcrmSegmentActionLog(models.Model):
    """What a segment did to a customer on entry or exit, or has still to do.

    A row is written where a stay begins or ends, in the same transaction, and there is
    one of a stay and action: so nothing is done twice, however often, in how many
    transactions at once and with what interruptions it is tried.
    """

    _name = "dcrm.segment.action.log"
    _description = "Action of a Segment"
    _order = "id desc"

    name = fields.Char("Action", readonly=True)
    stay_id = fields.Many2one(
        "dcrm.segment.stay", required=True, readonly=True, ondelete="cascade"
    )
    # Of an action that is deleted it stays known what it did.
    action_id = fields.Many2one(
        "dcrm.segment.action",
        "As Set Up",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    segment_id = fields.Many2one(
        "dcrm.segment", required=True, readonly=True, index=True, ondelete="cascade"
    )
    segment_color = fields.Integer(
        related="segment_id.color", string="Segment Color", aggregator=None
    )
    event = fields.Selection(
        [("entry", "Entry"), ("exit", "Exit")], required=True, readonly=True
    )
    kind = fields.Selection(
        [(kind, kind.capitalize()) for kind in NEEDS], required=True, readonly=True
    )
    state = fields.Selection(
        [
            ("due", "To do"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("missed", "Left before"),
        ],
        required=True,
        readonly=True,
        default="due",
    )
    message = fields.Text(readonly=True, help="What was done, or what was in the way")
    noted_on = fields.Datetime(readonly=True)
    done_on = fields.Datetime(readonly=True)

    _once_a_stay = models.Constraint(
        "UNIQUE (stay_id, action_id)", "An action is done once a stay."
    )
    _due_idx = models.Index("(company_id) WHERE state = 'due'")

    def action_open_partner(self):
        """Return the action that opens the customer."""
        self.ensure_one()
        return self.partner_id.get_formview_action()

    def action_retry(self):
        """Try again what failed, at the next refresh.

        :raises AccessError: for who is no manager
        """
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(self.env._("Only managers have actions tried again."))
        self.check_access("read")
        failed = self.sudo().filtered(lambda log: log.state == "failed")
        failed.write({"state": "due", "message": False, "done_on": False})

    # -- doing what is due -------------------------------------------------------------

    @api.model
    def _act_all(self, company):
        """Do everything that is due; return counts of what was done and what failed."""
        done = {"acted": 0, "failed": 0}
        while self._act(company, done):
            pass
        return done

    @api.model
    def _act(self, company, done, limit=BATCH):
        """Do what is due, up to a limit, and add to the counts ``acted``, ``failed``.

        What is locked by another transaction is left to that.

        :return: how many remain
        """
        due = self._domain_due(company)
        gone = Domain("event", "=", "entry") & Domain("stay_id.left_on", "!=", False)
        # Whoever refreshes: it is the company that acts.
        logs = self.with_user(SUPERUSER_ID).with_company(company)
        missed = logs.search(due & gone, limit=limit, order="id").try_lock_for_update()
        missed.write({"state": "missed", "done_on": fields.Datetime.now()})
        todo = logs.search(due & ~gone, limit=limit, order="id").try_lock_for_update()
        for _action, alike in todo.grouped("action_id").items():
            alike._fire()
        states = todo.mapped("state")
        done["acted"] = done.get("acted", 0) + states.count("done")
        done["failed"] = done.get("failed", 0) + states.count("failed")
        return logs.search_count(due) if missed or todo else 0

    @api.model
    def _domain_due(self, company):
        return Domain(
            [
                ("company_id", "=", company.id),
                ("state", "=", "due"),
                ("action_id.active", "=", True),
                ("partner_id.active", "=", True),
            ]
        )

    def _fire(self):
        """Do one action for these customers, and note what it did, or why not.

        What one customer has in the way of it stops none of the others.
        """
        try:
            with self.env.cr.savepoint():
                done = self.action_id._do(self)
                self.env.flush_all()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            if len(self) > 1:
                for log in self:
                    log._fire()
                return
            _logger.info("Segment action %s failed", self.name, exc_info=error)
            self._note("failed", self._in_words(error))
        else:
            for log in self:
                log._note("done", done[log])

    def _note(self, state, message):
        now = fields.Datetime.now()
        self.write({"state": state, "message": message, "done_on": now})

    @api.model
    def _in_words(self, error):
        if isinstance(error, UserError):
            return str(error)
        return f"{type(error).__name__}: {str(error).strip()}"
