from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import plaintext2html

from ..queries import segment_action as queries

# What each kind of action cannot do without.
NEEDS = {
    "activity": "activity_type_id",
    "plan": "plan_id",
    "seller": "seller_id",
    "mailing": "mailing_list_id",
    "server": "server_action_id",
}
# What of an action with a server action everybody may change who edits actions: none
# decides what runs, when, and for whom.
HARMLESS = {"name", "sequence"}


class DcrmSegmentAction(models.Model):
    """What happens when a customer enters a segment, or leaves it.

    It happens once for each stay, to those who enter or leave from now on.
    """

    _name = "dcrm.segment.action"
    _description = "Segment Action"
    _order = "segment_id, event, sequence, id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True, readonly=False)
    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)
    segment_id = fields.Many2one(
        "dcrm.segment", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", ondelete="cascade", help="Empty: in all companies"
    )
    event = fields.Selection(
        [("entry", "On entry"), ("exit", "On exit")],
        "When",
        default="entry",
        required=True,
    )
    kind = fields.Selection(
        selection="_selection_kind", string="What", default="activity", required=True
    )
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        "Activity",
        ondelete="cascade",
        domain="[('res_model', 'in', (False, 'res.partner'))]",
    )
    plan_id = fields.Many2one(
        "mail.activity.plan",
        "Activity Plan",
        ondelete="cascade",
        domain="[('res_model', '=', 'res.partner')]",
    )
    user_id = fields.Many2one(
        "res.users",
        "If No Salesperson",
        ondelete="set null",
        check_company=True,
        help="Who does it where the customer has no salesperson",
    )
    note = fields.Text(help="Empty: the treatment of the segment")
    seller_id = fields.Many2one(
        "res.users", "New Salesperson", ondelete="cascade", check_company=True
    )
    keep_seller = fields.Boolean(
        "Only If None", help="Leave customers alone who have a salesperson"
    )
    # No relation, so that nothing breaks where mailing lists are not, or no longer are.
    mailing_list_id = fields.Integer(string="Mailing List Number")
    mailing_list = fields.Reference(
        selection="_selection_mailing_list",
        compute="_compute_mailing_list",
        inverse="_inverse_mailing_list",
    )
    server_action_id = fields.Many2one(
        "ir.actions.server",
        ondelete="cascade",
        domain="[('model_id.model', '=', 'res.partner')]",
        help="Runs on the customer, with all rights: only administrators choose it",
    )

    @api.model
    def _selection_kind(self):
        kinds = [
            ("activity", self.env._("Schedule an activity")),
            ("plan", self.env._("Launch an activity plan")),
            ("seller", self.env._("Set the salesperson")),
            ("mailing", self.env._("Add to a mailing list")),
            ("server", self.env._("Run a server action")),
        ]
        return [kind for kind in kinds if kind[0] != "mailing" or self._has_mailing()]

    @api.model
    def _selection_mailing_list(self):
        if not self._has_mailing():
            return []
        return [("mailing.list", self.env._("Mailing list"))]

    @api.model
    def _has_mailing(self):
        """Whether the host's mailing lists are installed: nothing here needs them."""
        return "mailing.list" in self.env

    @api.depends("mailing_list_id")
    def _compute_mailing_list(self):
        for action in self:
            action.mailing_list = (
                f"mailing.list,{action.mailing_list_id}"
                if action.mailing_list_id and self._has_mailing()
                else False
            )

    def _inverse_mailing_list(self):
        for action in self:
            action.mailing_list_id = action.mailing_list and action.mailing_list.id

    @api.depends("kind", *NEEDS.values())
    def _compute_name(self):
        kinds = dict(self._selection_kind())
        for action in self.sudo():
            name = NEEDS.get(action.kind, "plan_id")
            target = action["mailing_list" if action.kind == "mailing" else name]
            words = [kinds.get(action.kind), target and target.display_name]
            action.name = ": ".join(filter(None, words))

    @api.constrains("kind", *NEEDS.values())
    def _check_complete(self):
        for action in self:
            name = NEEDS[action.kind]
            # The list is written last of all: what misses it says so when it is due.
            if action.kind != "mailing" and not action[name]:
                raise ValidationError(
                    self.env._(
                        "%(kind)s: say which (%(field)s).",
                        kind=dict(self._selection_kind()).get(action.kind),
                        field=self._fields[name]._description_string(self.env),
                    )
                )
            if action.sudo().server_action_id.model_id.model not in (
                False,
                "res.partner",
            ):
                raise ValidationError(
                    self.env._("The server action has to be one on contacts.")
                )

    @api.constrains("segment_id", "company_id")
    def _check_segment_company(self):
        for action in self:
            other = action.segment_id.company_id
            if other and action.company_id and other != action.company_id:
                raise ValidationError(
                    self.env._(
                        "Segment %(segment)s belongs to %(company)s alone.",
                        segment=action.segment_id.name,
                        company=other.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        # Looked at once it is there: defaults decide as well as values.
        actions._refuse_server_action()
        return actions

    def write(self, vals):
        if vals.keys() - HARMLESS and vals != {"active": False}:
            self._refuse_server_action()
        if vals.keys() & {"segment_id", "event"}:
            self._refuse_done()
        result = super().write(vals)
        if vals.keys() & {"kind", "server_action_id"}:
            self._refuse_server_action()
        return result

    def unlink(self):
        """Delete actions and what was still due of them; what they did stays known."""
        logs = self.env["dcrm.segment.action.log"].sudo()
        due = [("action_id", "in", self.ids), ("state", "=", "due")]
        logs.search(due).unlink()
        return super().unlink()

    def _refuse_server_action(self):
        """Raise AccessError where the user may not say what runs with all rights."""
        if self.sudo().server_action_id:
            if not (self.env.su or self.env.user.has_group("base.group_system")):
                raise AccessError(
                    self.env._("Only administrators choose a server action.")
                )

    def _refuse_done(self):
        logs = self.env["dcrm.segment.action.log"].sudo()
        if logs.search_count([("action_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "This was done for customers already: archive it, and make another."
                )
            )

    # -- doing it ----------------------------------------------------------------------

    @api.model
    def _is_any(self, company):
        """Whether a segment does something in a company."""
        return bool(self.env.execute_query(queries.is_any(company.id)))

    def _do(self, logs):
        """Do the action for the customers of logs; return what was done, a word each.

        :return: dict of logs to sentences
        :raises UserError: with what is in the way
        """
        self.ensure_one()
        do = getattr(self, f"_do_{self.kind}", None)
        if do is None:
            raise UserError(self.env._("What this needs is not installed any more."))
        return do(logs)

    def _responsible(self, log):
        """Return who acts: the salesperson if a colleague in that company, or another.

        :raises UserError: if there is nobody
        """
        company = log.company_id
        for user in (log.partner_id.user_id, self.user_id):
            if user.active and company in user.company_ids:
                return user
        raise UserError(
            self.env._("Nobody to do it: the customer has no salesperson here.")
        )

    def _do_activity(self, logs):
        """Schedule an activity each; found among the activities, not as mails."""
        model = self.env["ir.model"]._get("res.partner")
        users = {log: self._responsible(log) for log in logs}
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        activities.create(
            [
                {**self._activity_values(log, user), "res_model_id": model.id}
                for log, user in users.items()
            ]
        )
        return {
            log: self.env._(
                "%(activity)s for %(user)s",
                activity=self.activity_type_id.name,
                user=user.name,
            )
            for log, user in users.items()
        }

    def _activity_values(self, log, user):
        segment = self.segment_id.with_context(lang=user.lang)
        kind = self.activity_type_id.with_context(tz=user.tz, lang=user.lang)
        note = self.note or (self.event == "entry" and segment.treatment) or ""
        return {
            "activity_type_id": kind.id,
            "res_id": log.partner_id.id,
            "user_id": user.id,
            "summary": kind.summary or segment.name,
            "note": plaintext2html(note) or kind.default_note,
            "date_deadline": kind._get_date_deadline(),
            "automated": True,
        }

    def _do_plan(self, logs):
        """Launch the host's plan on each customer, as its own dialogue does."""
        done = {}
        for log in logs:
            if self.plan_id.company_id - log.company_id:
                raise UserError(
                    self.env._(
                        "Plan %(plan)s is for %(company)s alone.",
                        plan=self.plan_id.name,
                        company=self.plan_id.company_id.name,
                    )
                )
            needs_user = self.plan_id.has_user_on_demand
            user = self._responsible(log) if needs_user else self.env.user
            self.env["mail.activity.schedule"].with_context(
                mail_activity_quick_update=True
            ).create(
                {
                    "res_model": "res.partner",
                    "res_ids": str(log.partner_id.ids),
                    "plan_id": self.plan_id.id,
                    "plan_on_demand_user_id": user.id,
                    "plan_date": log.company_id._customer_today(),
                }
            ).action_schedule_plan()
            done[log] = self.env._(
                "%(plan)s: %(count)s activities",
                plan=self.plan_id.name,
                count=len(self.plan_id.template_ids),
            )
        return done

    def _do_seller(self, logs):
        """Give customers their salesperson, a colleague in the stay's company."""
        seller = self.seller_id
        done = {}
        for log in logs:
            partner = log.partner_id.with_context(mail_auto_subscribe_no_notify=True)
            if not (seller.active and log.company_id in seller.company_ids):
                raise UserError(
                    self.env._(
                        "%(user)s does not work in %(company)s.",
                        user=seller.name,
                        company=log.company_id.name,
                    )
                )
            before = partner.user_id
            if before and (self.keep_seller or before == seller):
                done[log] = self.env._("%s stays the salesperson", before.name)
                continue
            partner.user_id = seller
            done[log] = self.env._(
                "%(after)s is the salesperson, after %(before)s",
                after=seller.name,
                before=before.name or self.env._("nobody"),
            )
        return done

    def _do_server(self, logs):
        """Run the server action on the customers of each company."""
        for company, mine in logs.grouped("company_id").items():
            ids = mine.partner_id.ids
            for partner_id in ids:
                self.server_action_id.with_company(company).with_context(
                    active_model="res.partner",
                    active_id=partner_id,
                    active_ids=[partner_id],
                ).run()
        name = self.server_action_id.name
        return {log: self.env._("%s ran", name) for log in logs}
