from odoo import api, fields, models


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
