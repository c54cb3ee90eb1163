from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .dcrm_points_account import HELD, OPENING

# Who may change balances by hand.
ADJUSTS = "dcrm_loyalty.group_dcrm_points_adjust"


class LoyaltyCard(models.Model):
    """The host's card, whose points are a copy of the balance of its account.

    Whatever writes the points of a club's card posts the difference as a move. What
    writes them for a document (see ``_points_held``) writes nothing here: the moves of
    a document follow from the document itself.
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
        """Return the card of a customer in a club, with the points that are given."""
        self.check_access("create")
        partner = self.env["res.partner"].browse(vals.get("partner_id"))
        accounts = self.env["dcrm.points.account"]
        if partner:
            account = accounts._open(club, partner)
            card = account.card_id.with_env(self.env)
        else:
            card = self.with_context(dcrm_points=OPENING).create(vals)
            card = card.with_env(self.env)
            account = accounts._adopt(club, card)
        if vals.get("points"):
            card._write_points(vals["points"] + account.balance)
        return card

    def write(self, vals):
        if "points" not in vals:
            self._check_kept_stays(vals)
            return super().write(vals)
        kept = self.sudo().filtered("points_account_ids").with_env(self.env)
        if not kept:
            return super().write(vals)
        if others := self - kept:
            super(LoyaltyCard, others).write(vals)
        rest = {name: value for name, value in vals.items() if name != "points"}
        if rest:
            kept.write(rest)
        if self.env.context.get("dcrm_points") is not HELD:
            for card in kept.sorted("id"):
                card._write_points(vals["points"])
        return True

    def _check_kept_stays(self, vals):
        """Raise UserError where a card would become that of another customer."""
        if not {"program_id", "partner_id"} & vals.keys():
            return
        if self.env.context.get("dcrm_points") is OPENING:
            return
        for card in self.sudo().filtered("points_account_ids"):
            account = card.points_account_ids
            partner = self.env["res.partner"].browse(
                vals.get("partner_id", card.partner_id.id)
            )
            program = vals.get("program_id", card.program_id.id)
            if program != card.program_id.id or (
                partner.commercial_partner_id != account.partner_id
            ):
                raise UserError(
                    self.env._(
                        "The points of card %s stay with its customer and club: "
                        "transfer them instead.",
                        card.code,
                    )
                )

    def _write_points(self, points):
        """Post the difference to a balance that somebody wrote by hand."""
        self.ensure_one()
        account = self.sudo().points_account_ids
        reason = self.env.context.get("dcrm_points_reason")
        if not (self.env.su or self.env.user.has_group(ADJUSTS)):
            raise AccessError(
                self.env._(
                    "Only who may adjust points changes the balance of a card: %s.",
                    self.code,
                )
            )
        if not reason:
            if not self.env.su:
                raise UserError(
                    self.env._("Say why: a balance is adjusted for a reason only.")
                )
            reason = self.env._("Written by the system")
        account._lock()
        difference = round(points - account.balance, 4)
        if difference:
            before = self.points
            account._post("adjust", difference, reason=reason)
            self._send_points_reach_communication(
                {self: {"old": before, "new": self.points}}
            )
