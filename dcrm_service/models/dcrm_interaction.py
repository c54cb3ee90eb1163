from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .channels import CHANNELS
from .inside import INSIDE

# The clocks of browsers and mail servers differ a little.
TOLERANCE = timedelta(minutes=5)
# How the customer was, as the host counts ratings: 5 is best.
MOODS = [
    ("1", "Angry"),
    ("2", "Unhappy"),
    ("3", "Neutral"),
    ("4", "Content"),
    ("5", "Delighted"),
]
# Origins that are on a document: the field that names its model.
SPOKEN_ON = {
    "mail.message": "model",
    "mail.activity": "res_model",
    "rating.rating": "res_model",
}


class DcrmInteraction(models.Model):
    """What passed between a customer's people and ours: once, on one channel.

    The customer is the commercial partner at the time: what was said with a contact
    stays with the company that the contact spoke for.
    """

    _name = "dcrm.interaction"
    _inherit = ["dcrm.export.mixin", "dcrm.kept.mixin"]
    _description = "Interaction"
    _order = "date desc, id desc"
    _rec_name = "subject"
    _check_company_auto = True

    subject = fields.Char(required=True)
    active = fields.Boolean(default=True)
    date = fields.Datetime("When", required=True, default=fields.Datetime.now)
    duration = fields.Integer("Minutes", help="How long it took")
    channel = fields.Selection(CHANNELS, required=True, default="phone")
    direction = fields.Selection(
        [("in", "From the Customer"), ("out", "To the Customer")],
        required=True,
        default="out",
        help="Who began it",
    )
    partner_id = fields.Many2one(
        "res.partner",
        "With",
        required=True,
        index=True,
        check_company=True,
        ondelete="cascade",
        help="The person, or the customer as such",
    )
    commercial_partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        compute="_compute_commercial_partner_id",
        store=True,
        precompute=True,
        required=True,
        ondelete="cascade",
    )
    contact_ids = fields.Many2many(
        "res.partner",
        "dcrm_interaction_contact_rel",
        string="Other Contacts",
        check_company=True,
        domain="[('commercial_partner_id', '=', commercial_partner_id),"
        " ('id', '!=', partner_id)]",
        help="Who else of the customer took part",
    )
    user_id = fields.Many2one(
        "res.users",
        "Held By",
        index=True,
        default=lambda self: self.env.user,
        check_company=True,
        domain=[("share", "=", False)],
    )
    user_ids = fields.Many2many(
        "res.users",
        "dcrm_interaction_colleague_rel",
        string="Colleagues",
        check_company=True,
        domain=[("share", "=", False)],
        help="Who else of us took part",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    said = fields.Html(help="What was said and agreed")
    learned = fields.Text(help="What is worth knowing about the customer from now on")
    mood = fields.Selection(MOODS, help="How the customer was")
    promise_ids = fields.One2many(
        "dcrm.interaction.promise",
        "interaction_id",
        "Promises",
        help="What we promised; each becomes an activity on the customer",
    )
    promise_state = fields.Selection(
        [("open", "Open"), ("kept", "Kept"), ("broken", "Broken")],
        "Promises Are",
        compute="_compute_promise_state",
        help="Broken where any promise is, kept where all are",
    )
    next_step = fields.Char(help="Becomes an activity on the customer")
    next_step_date = fields.Date("Next Step By")
    activity_id = fields.Many2one(
        "mail.activity",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    next_step_state = fields.Selection(related="activity_id.state", string="Step Is")
    ticket_id = fields.Many2one(
        "dcrm.ticket",
        check_company=True,
        copy=False,
        index="btree_not_null",
        domain="[('commercial_partner_id', '=', commercial_partner_id)]",
    )
    res_model = fields.Char("Origin Model", readonly=True, copy=False)
    res_id = fields.Many2oneReference(
        "Origin", model_field="res_model", readonly=True, copy=False
    )
    origin_key = fields.Char(
        readonly=True,
        copy=False,
        help="What made this interaction: the Message-Id of an e-mail, a meeting, an "
        "activity, a chat, a form, a rating, or the reference in another system",
    )
    origin_body = fields.Html(
        "Message", compute="_compute_origin_body", compute_sudo=False
    )

    _unique_origin = models.Constraint(
        "UNIQUE(origin_key, commercial_partner_id, company_id)",
        "What this interaction comes from has made it already.",
    )
    _duration_not_negative = models.Constraint(
        "CHECK(duration >= 0)", "An interaction takes no less than 0 minutes."
    )
    _customer_idx = models.Index("(commercial_partner_id, company_id, date)")
    _date_idx = models.Index("(date)")
    _origin_idx = models.Index("(res_model, res_id) WHERE res_id IS NOT NULL")

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_kept(vals)
        self = self._without_kept_defaults()
        interactions = super().create(vals_list)
        interactions._check_links_are_seen(vals_list)
        interactions.ticket_id._refuse_merged()
        interactions._plan_next_step()
        return interactions

    def write(self, vals):
        self._refuse_kept(vals)
        self._check_links_are_seen([vals])
        result = super().write(vals)
        if "ticket_id" in vals:
            self.ticket_id._refuse_merged()
        if vals.keys() & {"next_step", "next_step_date"}:
            self._plan_next_step()
        elif "user_id" in vals:
            self._hand_over_next_step()
        return result

    @api.depends("partner_id")
    def _compute_commercial_partner_id(self):
        for interaction in self:
            interaction.commercial_partner_id = (
                interaction.partner_id.commercial_partner_id
            )

    @api.depends("promise_ids.state")
    def _compute_promise_state(self):
        for interaction in self:
            states = set(interaction.promise_ids.mapped("state"))
            interaction.promise_state = next(
                (state for state in ("broken", "open", "kept") if state in states),
                False,
            )

    @api.constrains("date")
    def _check_date(self):
        latest = fields.Datetime.now() + TOLERANCE
        for interaction in self:
            if interaction.date > latest:
                raise ValidationError(
                    self.env._(
                        "“%(subject)s” is in the future: an interaction is what took "
                        "place. Plan a meeting instead, or write down a next step.",
                        subject=interaction.subject,
                    )
                )

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        for interaction in self:
            customer = interaction.partner_id.commercial_partner_id
            interaction.contact_ids = interaction.contact_ids.filtered(
                lambda contact, customer=customer: (
                    contact.commercial_partner_id == customer
                )
            )

    # -- what it comes from ----------------------------------------------------------

    @api.depends("res_model", "res_id")
    @api.depends_context("uid")
    def _compute_origin_body(self):
        """Show the message to who may read it: it is not copied."""
        of_messages = self.filtered(
            lambda interaction: interaction.res_model == "mail.message"
        )
        messages = self.env["mail.message"].browse(of_messages.mapped("res_id"))
        readable = messages.exists()._filtered_access("read")
        body_of = {message.id: message.body for message in readable}
        for interaction in self:
            interaction.origin_body = (
                interaction in of_messages and body_of.get(interaction.res_id) or False
            )

    def action_open_origin(self):
        """Return the action that opens the meeting, or the message's document.

        :raise ValidationError: where it is gone
        :raise AccessError: where the user may not read it
        """
        self.ensure_one()
        self.check_access("read")
        document = self._origin_document()
        if not document:
            raise ValidationError(
                self.env._("What this interaction comes from is there no more.")
            )
        document.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "views": [(False, "form")],
        }

    def _origin_document(self):
        """Return what the origin is on, or is itself; ``None``: it is gone."""
        model, res_id = self.res_model, self.res_id
        if model in SPOKEN_ON:
            origin = self.env[model].sudo().with_context(active_test=False)
            origin = origin.browse(res_id).exists()
            model, res_id = origin[SPOKEN_ON[model]], origin.res_id
        if not model or model not in self.env:
            return None
        return self.env[model].browse(res_id).exists()

    # -- what comes of it ------------------------------------------------------------

    def action_create_ticket(self):
        """Return the action that opens the interaction's ticket, made if there is none.

        :raise AccessError: only agents make tickets
        """
        self.ensure_one()
        if not self.ticket_id:
            self.check_access("write")
            tickets = self.env["dcrm.ticket"].with_company(self.company_id)
            # What is an interaction already makes no second one by its ticket.
            tickets = tickets.with_context(dcrm_known_interaction=INSIDE)
            self.ticket_id = tickets.create(self._ticket_values())
        return {
            "type": "ir.actions.act_window",
            "res_model": "dcrm.ticket",
            "res_id": self.ticket_id.id,
            "views": [(False, "form")],
        }

    def _ticket_values(self):
        return {
            "name": self.subject,
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "channel": self.channel,
            "description": self.origin_body or self.said,
        }
