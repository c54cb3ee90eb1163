from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

# Who decides in clubs that need approval.
DECIDES = "dcrm_analytics.group_dcrm_seller_all"

ENDED = ("lapsed", "left")

# The states that each state may be followed by.
FOLLOWING = {
    "applied": ("active", "left"),
    "active": ("lapsed", "left"),
    "lapsed": ("active", "applied", "left"),
    "left": ("active", "applied"),
}

# What a membership is about, which a club that needs approval has to agree to.
TERMS = {"state", "tier_id", "date_start", "date_end"}


class DcrmMembership(models.Model):
    """A customer's membership of a club: one a customer and club, for ever.

    Creating one joins the customer, or revives the membership that ended. Writing the
    state, by a button or not, sets the dates that go with it; writing the tier moves
    the member. What the tier gives follows at once (see ``_settle``).
    """

    _name = "dcrm.membership"
    _description = "Club Membership"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "club_id, date_start desc, id desc"
    _rec_name = "partner_id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        ondelete="restrict",
        check_company=True,
        help="The commercial partner: a contact's membership is that of its company",
    )
    club_id = fields.Many2one(
        "dcrm.club", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(
        related="club_id.company_id", store=True, index=True, precompute=True
    )
    tier_id = fields.Many2one(
        "dcrm.club.tier",
        compute="_compute_tier_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        check_company=True,
        domain="[('club_id', '=', club_id)]",
        help="Empty when joining: the tier where members enter",
    )
    date_start = fields.Date(
        "Begins On",
        compute="_compute_date_start",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    date_end = fields.Date(
        "Ends On",
        compute="_compute_date_end",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        tracking=True,
        help="The last day of the membership; empty: without end",
    )
    state = fields.Selection(
        [
            ("applied", "Applied"),
            ("active", "Active"),
            ("lapsed", "Lapsed"),
            ("left", "Left"),
        ],
        compute="_compute_state",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        tracking=True,
        group_expand=True,
    )
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    pricelist_id = fields.Many2one(related="tier_id.pricelist_id")
    service_level_id = fields.Many2one(related="tier_id.service_level_id")

    _unique_club = models.Constraint(
        "UNIQUE(partner_id, club_id)",
        "The customer is in this club already, now or formerly.",
    )

    @api.depends("partner_id", "club_id", "tier_id")
    def _compute_display_name(self):
        for membership in self:
            words = (membership.club_id.name, membership.tier_id.name)
            membership.display_name = self.env._(
                "%(customer)s: %(membership)s",
                customer=membership.partner_id.display_name or "",
                membership=" ".join(filter(None, words)),
            )

    # What the club says for who joins, where nobody says otherwise; each of these is
    # computed once, because the club of a membership never changes.

    @api.depends("club_id")
    def _compute_tier_id(self):
        for membership in self:
            membership.tier_id = membership.club_id._entry_tier()

    @api.depends("club_id")
    def _compute_state(self):
        for membership in self:
            applies = membership.club_id.needs_approval
            membership.state = "applied" if applies else "active"

    @api.depends("club_id")
    def _compute_date_start(self):
        for membership in self:
            begins = membership.club_id and membership.state == "active"
            membership.date_start = membership._today() if begins else False

    @api.depends("club_id")
    def _compute_date_end(self):
        for membership in self:
            first = membership.date_start
            membership.date_end = first and membership.club_id._last_day(first)

    # -- joining ---------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Let customers join; a membership that ended is revived and returned.

        :raise ValidationError: for who is a member or an applicant already
        :raise AccessError: for who is made a member and may only be an applicant
        """
        vals_list = [self._of_customer(vals) for vals in vals_list]
        formers = self._formers(vals_list)
        new = super().create(
            [
                vals
                for vals, former in zip(vals_list, formers, strict=True)
                if not former
            ]
        )
        new._check_decided()
        new._settle()
        joined, fresh = [], iter(new)
        for vals, former in zip(vals_list, formers, strict=True):
            if former:
                former._revive(vals)
            joined.append(former.id or next(fresh).id)
        return self.browse(joined)

    def _of_customer(self, vals):
        """Return values of a membership with the commercial partner for the contact."""
        partner = self.env["res.partner"].browse(vals.get("partner_id"))
        if not partner:
            return dict(vals)
        return {**vals, "partner_id": partner.commercial_partner_id.id}

    def _formers(self, vals_list):
        """Return for each values the membership that ended, empty where is none.

        :raise ValidationError: if one is there and has not ended
        """
        customers = {vals.get("partner_id") for vals in vals_list} - {None}
        clubs = {vals.get("club_id") for vals in vals_list} - {None}
        present = {
            (each.partner_id.id, each.club_id.id): each.with_env(self.env)
            for each in self.sudo().search(
                [("partner_id", "in", customers), ("club_id", "in", clubs)]
            )
        }
        found = [
            present.get((vals.get("partner_id"), vals.get("club_id")), self.browse())
            for vals in vals_list
        ]
        for membership in filter(None, found):
            # Who may not see it is told no more than that.
            membership.check_access("write")
            if membership.state not in ENDED:
                raise ValidationError(
                    self.env._(
                        "%(customer)s is in %(club)s already.",
                        customer=membership.partner_id.display_name,
                        club=membership.club_id.name,
                    )
                )
        return found

    def _revive(self, vals):
        """Let who left or lapsed join again, on the tier where members enter."""
        self.ensure_one()
        state = "applied" if self.club_id.needs_approval else "active"
        tier = self.club_id._entry_tier()
        # Not the pair itself, which never changes.
        vals = {key: vals[key] for key in vals.keys() - {"partner_id", "club_id"}}
        self.write({"tier_id": tier.id, "state": state, **vals})

    def write(self, vals):
        if vals.keys().isdisjoint({"partner_id", "club_id", *TERMS}):
            return super().write(vals)
        self._check_pair_stays(vals)
        self._check_agreed(vals)
        self._check_following(vals)
        for dates, memberships in self.grouped(
            lambda membership: tuple(membership._dates_that_go_with(vals).items())
        ).items():
            super(DcrmMembership, memberships).write({**vals, **dict(dates)})
        self._settle()
        return True

    def _dates_that_go_with(self, vals):
        """Return the dates that a new state brings along, where none are given."""
        state = vals.get("state", self.state)
        if state == self.state:
            return {}
        today = self._today()
        if state in ENDED:
            began = self.state == "active"
            return {"date_end": min(self.date_end or today, today)} if began else {}
        # An application may wish for dates; those of a membership that ended are over.
        start = vals.get("date_start") or self.state == "applied" and self.date_start
        end = self.state == "applied" and self.date_end
        if state == "active":
            start = fields.Date.to_date(start) or today
            end = end or self.club_id._last_day(start)
        return {"date_start": start, "date_end": vals.get("date_end", end)}

    def _today(self):
        """Return the day that it is in the company of the membership's club."""
        return self.club_id.company_id._customer_scoring_today()

    # -- what must hold --------------------------------------------------------------

    def _check_pair_stays(self, vals):
        """Raise UserError where a membership would become that of somebody else."""
        for name in ("partner_id", "club_id"):
            if name in vals and any(each[name].id != vals[name] for each in self):
                raise UserError(
                    self.env._(
                        "A membership stays with its customer and club: let the "
                        "customer leave, and join the other."
                    )
                )

    def _decides(self):
        return self.env.su or self.env.user.has_group(DECIDES)

    def _check_decided(self):
        """Raise AccessError where somebody was made a member who may only apply."""
        if not self._decides() and any(
            each.club_id.needs_approval and each.state != "applied" for each in self
        ):
            self._refuse_deciding()

    def _check_agreed(self, vals):
        """Raise AccessError where the terms need the approval of somebody else."""
        if self._decides() or TERMS.isdisjoint(vals) or vals.get("state") == "left":
            return
        for membership in self:
            state = vals.get("state", membership.state)
            if membership.club_id.needs_approval and state != "applied":
                self._refuse_deciding()

    def _refuse_deciding(self):
        raise AccessError(
            self.env._(
                "The club needs approval: a seller of all customers approves, renews "
                "and moves members to another tier."
            )
        )

    def _check_following(self, vals):
        """Raise UserError where a state can not be followed by the one to come."""
        state = vals.get("state")
        for membership in self:
            before = membership.state
            if state and state != before and state not in FOLLOWING[before]:
                names = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "The membership of %(customer)s is %(before)s: it can not "
                        "become %(after)s.",
                        customer=membership.partner_id.display_name,
                        before=names[before].lower(),
                        after=names.get(state, state).lower(),
                    )
                )

    @api.constrains("tier_id", "club_id", "state")
    def _check_tier(self):
        for membership in self:
            club, tier = membership.club_id, membership.tier_id
            if not tier:
                raise ValidationError(
                    self.env._(
                        "%s has no tier that its members could enter on: give it one "
                        "first.",
                        club.name,
                    )
                )
            if tier.club_id != club:
                raise ValidationError(
                    self.env._(
                        "%(tier)s is a tier of %(other)s, not of %(club)s.",
                        tier=tier.name,
                        other=tier.club_id.name,
                        club=club.name,
                    )
                )

    @api.constrains("club_id", "state")
    def _check_club_open(self):
        self.filtered(lambda each: each.state not in ENDED).club_id._check_open()

    @api.constrains("date_start", "date_end", "state")
    def _check_dates(self):
        for membership in self:
            start, end = membership.date_start, membership.date_end
            if start and end and end < start:
                raise ValidationError(
                    self.env._(
                        "The membership of %(customer)s would end on %(end)s, before "
                        "it begins on %(start)s.",
                        customer=membership.partner_id.display_name,
                        start=start,
                        end=end,
                    )
                )
            if membership.state == "active":
                membership._check_begun()

    def _check_begun(self):
        today = self._today()
        if not self.date_start or self.date_start > today:
            raise ValidationError(
                self.env._(
                    "An active membership has begun: %(customer)s can be an applicant "
                    "for %(club)s until that day comes (today is %(today)s).",
                    customer=self.partner_id.display_name,
                    club=self.club_id.name,
                    today=today,
                )
            )

    # -- what people do --------------------------------------------------------------

    def action_approve(self):
        """Make applicants members, from today unless they wished for an earlier day.

        :raise AccessError: where the club needs the approval of somebody else
        """
        self._only("applied").write({"state": "active"})

    def action_leave(self):
        """End memberships today, and applications."""
        self.filtered(lambda each: each.state not in ENDED).write({"state": "left"})

    def action_renew(self):
        """Let members stay for another of the club's terms, formers join again."""
        for membership in self:
            if membership.state in ENDED:
                membership._revive({"tier_id": membership.tier_id.id})
            elif membership._only("active").date_end:
                after = fields.Date.add(membership.date_end, days=1)
                membership.date_end = membership.club_id._last_day(after)

    def _only(self, state):
        """Return these memberships; raise UserError unless all are in this state."""
        others = self.filtered(lambda each: each.state != state)
        if others:
            names = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "Only for memberships that are %(state)s, not for: %(names)s.",
                    state=names[state].lower(),
                    names=", ".join(others.mapped("display_name")),
                )
            )
        return self
