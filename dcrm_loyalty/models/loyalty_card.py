from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .points_context import HELD, OPENING

# Who may change balances by hand.
ADJUSTS = "dcrm_loyalty.group_dcrm_points_adjust"

# What decides whose a new card is, and what it comes with.
GIVEN = ("program_id", "partner_id", "points", "expiration_date")


class LoyaltyCard(models.Model):
    """The host's card, whose points are a copy of the balance of its account.

    Whatever writes the points of a club's card posts the difference as a move. What
    writes them for a document (``HELD`` in the context) writes nothing here: the moves
    of a document follow from the document itself.
    """

    _inherit = "loyalty.card"

    points_account_ids = fields.One2many(
        "dcrm.points.account",
        "card_id",
        "Points Accounts",
        groups="dcrm_analytics.group_dcrm_seller",
    )
    points_account_id = fields.Many2one(
        "dcrm.points.account",
        compute="_compute_points_account_id",
        groups="dcrm_analytics.group_dcrm_seller",
    )

    @api.depends("points_account_ids")
    def _compute_points_account_id(self):
        for card in self:
            card.points_account_id = card.sudo().points_account_ids

    @api.model_create_multi
    def create(self, vals_list):
        """Make cards; a customer who has one of the club gets it again.

        Points that a new card of a club comes with are posted as an adjustment.
        """
        if self.env.context.get("dcrm_points") is OPENING:
            return super().create([{**vals, "points": 0.0} for vals in vals_list])
        # An import from a program's screen says in the context whose cards they are.
        defaults = self.default_get(list(GIVEN))
        vals_list = [{**defaults, **vals} for vals in vals_list]
        programs = self.env["loyalty.program"].browse(
            {vals["program_id"] for vals in vals_list if vals.get("program_id")}
        )
        clubs = programs._kept_clubs()
        if not clubs:
            return super().create(vals_list)
        kept = [clubs.get(vals.get("program_id")) for vals in vals_list]
        others = iter(
            super().create(
                [vals for vals, club in zip(vals_list, kept, strict=True) if not club]
            )
        )
        return self.browse(
            [
                (self._create_kept(club, vals) if club else next(others)).id
                for vals, club in zip(vals_list, kept, strict=True)
            ]
        )

    def _create_kept(self, club, vals):
        """Return the card of a customer in a club, with the points that are given.

        Points with a day on which the card were to expire expire by themselves.
        """
        self.check_access("create")
        accounts = self.env["dcrm.points.account"]
        partner = self.env["res.partner"].browse(vals.get("partner_id"))
        rest = {
            name: value
            for name, value in vals.items()
            if name not in ("points", "expiration_date")
        }
        if partner:
            known = accounts._find(club, partner)
            account = known or accounts._open(club, partner, rest)
            card = account.card_id.with_env(self.env)
            if not known:
                card._send_creation_communication()
        else:
            card = self.with_context(dcrm_points=OPENING).create(rest)
            card = card.with_env(self.env)
            account = accounts._adopt(club, card)
        card.check_access("create")
        if vals.get("points"):
            expires_on = fields.Date.to_date(vals.get("expiration_date"))
            card._write_points(vals["points"] + account.balance, expires_on)
        return card

    def write(self, vals):
        names = {"points", "program_id", "partner_id"} & vals.keys()
        kept = self._kept() if names else self.browse()
        if others := self - kept:
            super(LoyaltyCard, others).write(vals)
            if "program_id" in names:
                others._kept()
        if kept:
            kept._check_kept_stay(vals)
            rest = vals.keys() - {"points", "partner_id"}
            if rest:
                super(LoyaltyCard, kept).write({name: vals[name] for name in rest})
            kept._post_written(vals)
        return True

    def _kept(self):
        """Return those whose points a ledger keeps, from now on if not before."""
        if self.env.context.get("dcrm_points") is OPENING:
            return self.browse()
        clubs = self.sudo().program_id._kept_clubs()
        kept = self.filtered(lambda card: card.sudo().program_id.id in clubs)
        for card in kept.sudo():
            if not card.points_account_ids:
                club = clubs[card.program_id.id]
                self.env["dcrm.points.account"]._adopt(club, card)
        return kept

    def _check_kept_stay(self, vals):
        if {"program_id", "partner_id"} & vals.keys():
            for card in self:
                card._check_kept_stays(vals)

    def _post_written(self, vals):
        """Post the points that were written, unless they follow from a document."""
        held = self.env.context.get("dcrm_points") is HELD
        if vals.get("points") is not None and not held:
            for card in self.sorted("id"):
                card._write_points(vals["points"])

    def _check_kept_stays(self, vals):
        """Raise UserError where a card would become that of another customer.

        One that nobody holds may be handed out.
        """
        account = self.sudo().points_account_ids
        partner = self.env["res.partner"].browse(
            vals.get("partner_id", self.partner_id.id)
        )
        customer = partner.sudo().commercial_partner_id
        if vals.get("program_id", self.program_id.id) == self.program_id.id:
            if customer == account.partner_id:
                return
            if not account.partner_id and not account.merged_into_id:
                self.check_access("write")
                account._give_to(customer, self.env._("The card was handed out"))
                return
        raise UserError(
            self.env._(
                "The points of card %s stay with its customer and club: transfer them "
                "instead.",
                self.code,
            )
        )

    def _write_points(self, points, expires_on=None):
        """Post the difference to a balance that somebody wrote by hand.

        :param expires_on: the last day of the points that come, by default the club's
        """
        self.ensure_one()
        self.check_access("write")
        account = self.sudo().points_account_ids
        living = account._living()
        reason = self._reason_to_adjust(living)
        points = living._check_number(points or 0.0)
        (account | living)._lock()
        difference = round(points - account.balance, 4)
        if difference:
            living._adjust(difference, reason, expires_on)

    def _reason_to_adjust(self, account):
        """Return why a balance is changed by hand.

        :raise AccessError: the user may not do so, or not for this customer
        :raise UserError: the reason is missing
        """
        if not self.env.su:
            if not self.env.user.has_group(ADJUSTS):
                raise AccessError(
                    self.env._(
                        "Only who may adjust points changes the balance of a card: %s.",
                        self.code,
                    )
                )
            account.with_env(self.env).check_access("read")
        reason = str(self.env.context.get("dcrm_points_reason") or "").strip()
        if not reason and not self.env.su:
            raise UserError(
                self.env._("Say why: a balance is adjusted for a reason only.")
            )
        return reason or self.env._("Written by the system")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        for card in self.sudo().filtered("points_account_ids"):
            raise UserError(
                self.env._(
                    "Card %s has points that a club keeps: it can be archived, not "
                    "deleted.",
                    card.code,
                )
            )
