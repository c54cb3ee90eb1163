from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

MANAGER = "dcrm_service.group_service_manager"


class DcrmInteractionPromise(models.Model):
    """What one of us promised a customer: what, who, and until when.

    While it is open it is an activity on the customer. What was done by its day is
    kept; what was done later, or whose day has passed, is broken. Its activity and its
    buttons say which.
    """

    _name = "dcrm.interaction.promise"
    _inherit = ["dcrm.export.mixin", "dcrm.kept.mixin"]
    _description = "Promise to a Customer"
    _order = "date, id"
    _check_company_auto = True

    name = fields.Char("Promise", required=True)
    interaction_id = fields.Many2one(
        "dcrm.interaction", required=True, index=True, ondelete="cascade"
    )
    commercial_partner_id = fields.Many2one(
        related="interaction_id.commercial_partner_id", store=True, index=True
    )
    company_id = fields.Many2one(
        related="interaction_id.company_id", store=True, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Who",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        check_company=True,
        domain=[("share", "=", False)],
        help="Who of us keeps it",
    )
    date = fields.Date(
        "Until", required=True, default=lambda self: self._default_date()
    )
    activity_id = fields.Many2one(
        "mail.activity",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    kept_on = fields.Date("Done On", readonly=True, copy=False)
    withdrawn = fields.Boolean(readonly=True, copy=False)
    late = fields.Boolean(
        compute="_compute_late", store=True, help="Done after the day it was due"
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("kept", "Kept"),
            ("broken", "Broken"),
            ("withdrawn", "Taken Back"),
        ],
        compute="_compute_state",
        search="_search_state",
    )

    @api.model
    def _default_date(self):
        return self.env["dcrm.interaction"]._next_step_type()._get_date_deadline()

    @api.depends("kept_on", "date")
    def _compute_late(self):
        for promise in self:
            promise.late = bool(
                promise.kept_on and promise.date and promise.kept_on > promise.date
            )

    @api.depends("kept_on", "date", "withdrawn", "company_id")
    def _compute_state(self):
        for promise in self:
            promise.state = promise._state()

    def _state(self):
        if self.withdrawn:
            return "withdrawn"
        if self.kept_on:
            return "broken" if self.late else "kept"
        company = self.company_id or self.env.company
        today = company._customer_today()
        return "broken" if self.date and self.date < today else "open"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = self._domains_of_states()
        return Domain.OR(domains.get(state, Domain.FALSE) for state in value)

    def _domains_of_states(self):
        """Return ``{state: domain}``; each company's day is its own."""
        going_on = Domain("withdrawn", "=", False) & Domain("kept_on", "=", False)
        overdue = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("date", "<", company._customer_today())
            for company in self.env.companies
        )
        done = Domain("withdrawn", "=", False) & Domain("kept_on", "!=", False)
        return {
            "open": going_on & ~overdue,
            "kept": done & Domain("late", "=", False),
            "broken": (going_on & overdue) | (done & Domain("late", "=", True)),
            "withdrawn": Domain("withdrawn", "=", True),
        }

    @api.constrains("user_id")
    def _check_user(self):
        for promise in self.filtered("user_id.share"):
            raise ValidationError(
                self.env._("%s is no colleague: choose one.", promise.user_id.name)
            )

    # -- how it changes --------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_kept(vals)
        self = self._without_kept_defaults()
        promises = super().create(vals_list)
        promises.interaction_id.check_access("write")
        promises._plan()
        return promises

    def write(self, vals):
        self._refuse_kept(vals)
        if vals.keys() & {"name", "date", "user_id"}:
            self._refuse_over()
        if "interaction_id" in vals and not self.env.su:
            raise AccessError(
                self.env._("A promise stays with what it was promised in.")
            )
        outcome = super().write(vals)
        if vals.keys() & {"name", "date", "user_id"}:
            self._plan()
        return outcome

    def _refuse_over(self):
        """Raise AccessError for what was kept or broken: that is history by now."""
        if self.env.su or self.env.user.has_group(MANAGER):
            return
        for promise in self.filtered(lambda each: each.state in ("kept", "broken")):
            raise AccessError(
                self.env._(
                    "“%s” is over: only a manager of service may change it.",
                    promise.name,
                )
            )

    def unlink(self):
        self._refuse_over()
        activities = self._open_activity()
        outcome = super().unlink()
        activities.unlink()
        return outcome

    # -- its activity ----------------------------------------------------------------

    def _open_activity(self):
        """Return the activities that are not done yet; whoever's they are."""
        return self.sudo().activity_id.exists().filtered("active")

    def _plan(self):
        """Have an activity say what each open promise says."""
        for promise in self.filtered(lambda each: not (each.kept_on or each.withdrawn)):
            activity = promise._open_activity()
            if activity:
                promise._keep_in_step(activity)
            else:
                promise.sudo().activity_id = promise.interaction_id._schedule(
                    promise.name, promise.date, promise.user_id
                )

    def _keep_in_step(self, activity):
        wanted = {
            "summary": self.name,
            "date_deadline": self.date,
            "user_id": self.user_id,
        }
        changed = {
            name: value for name, value in wanted.items() if activity[name] != value
        }
        if "user_id" in changed:
            changed["user_id"] = self.user_id.id
        if changed:
            activity.write(changed)

    @api.model
    def _follow_activities(self, activities):
        """Note which promises are kept by activities that were done, or done no more.

        :param activities: whose ``active`` has changed
        """
        for promise in self.sudo().search([("activity_id", "in", activities.ids)]):
            if promise.activity_id.active:
                promise.kept_on = False
            elif not promise.kept_on:
                promise.kept_on = promise.company_id._customer_today()

    # -- what the buttons do ---------------------------------------------------------

    def action_keep(self):
        """Note that the promises are kept, and their activities done.

        :raises AccessError: where the user may not edit them
        """
        self.check_access("write")
        for promise in self.filtered(lambda each: not each.kept_on):
            promise._open_activity().action_feedback()
            promise.sudo().write(
                {
                    "withdrawn": False,
                    "kept_on": promise.kept_on or promise.company_id._customer_today(),
                }
            )

    def action_withdraw(self):
        """Take the promises back: what was promised is not to be done any more.

        :raises AccessError: where the user may not edit them
        """
        self.check_access("write")
        for promise in self.filtered(lambda each: not each.kept_on):
            promise._open_activity().unlink()
            promise.sudo().withdrawn = True

    def action_reopen(self):
        """Make the promises again that were taken back.

        :raises AccessError: where the user may not edit them
        """
        self.check_access("write")
        withdrawn = self.filtered("withdrawn")
        withdrawn.sudo().withdrawn = False
        withdrawn._plan()
