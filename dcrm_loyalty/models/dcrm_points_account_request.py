from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .loyalty_card import ADJUSTS

# What may be asked for, and whether the points have a sign of their own.
KINDS = {"earn": False, "redeem": False, "adjust": True}


class DcrmPointsAccount(models.Model):
    """Other software moves points: what it sends twice is done once."""

    _inherit = "dcrm.points.account"

    @api.model
    def post_request(self, club, partner, kind, points, key, reason=None):
        """Move points of a customer once, however often the request is sent.

        :param club: the club (record or id)
        :param partner: the customer or a contact of it (record or id)
        :param kind: ``earn`` (pending, and expiring, as the club has it), ``redeem`` or
            ``adjust``
        :param points: above zero; of an adjustment signed
        :param key: by which the sender knows the request, one in the club's company
        :param reason: for people; an adjustment needs one
        :return: the answer that was stored when it was done: ``move_id``,
            ``account_id``, ``card`` (its code), ``kind``, and ``points``, ``pending``
            and ``balance`` after it
        :raise UserError: the request can not be done, and another one may have the key;
            or another one has had it
        :raise AccessError: the user may not adjust points, or not of that customer
        """
        if not (self.env.su or self.env.user.has_group(ADJUSTS)):
            raise AccessError(self.env._("Only who may adjust points moves them."))
        club = self._get_asked("dcrm.club", club)
        partner = self._get_asked("res.partner", partner)
        asked = self._check_request(club, partner, kind, points, reason)
        requests = self.env["dcrm.points.request"].sudo()
        request, is_new = requests._claim(club.sudo().company_id, key, asked)
        if is_new:
            move = self.sudo()._do_request(club.sudo(), partner, asked)
            request.write(
                {"asked": asked, "answer": self._get_answer(move), "move_id": move.id}
            )
        # Who asks again is told the balance, too.
        account = request.move_id.account_id._living()
        account.with_env(self.env).check_access("read")
        return request.answer

    def _get_asked(self, model, value):
        """Return the record that is asked for, as a record or an id.

        :raise UserError: there is none
        """
        ids = self.env["dcrm.customer.score"]._ids_asked(value)
        record = self.env[model].browse(ids).exists()
        if len(record) == 1:
            return record
        if model == "res.partner":
            raise UserError(self.env._("No customer matches."))
        raise UserError(self.env._("%s keeps no points.", value))

    @api.model
    def _check_request(self, club, partner, kind, points, reason):
        """Return what is asked, as it is stored.

        :raise UserError: it makes no sense
        """
        club.check_access("read")
        partner.check_access("read")
        if not (isinstance(kind, str) and kind in KINDS):
            raise UserError(
                self.env._("Points are asked for by one of: %s.", ", ".join(KINDS))
            )
        points = round(self._check_number(points), 4)
        if not points or (points < 0 and not KINDS[kind]):
            raise UserError(self.env._("A request moves some points: more than none."))
        reason = str(reason or "").replace("\0", "").strip()
        if kind == "adjust" and not reason:
            raise UserError(
                self.env._("Say why: a balance is adjusted for a reason only.")
            )
        return {
            "club": club.id,
            "partner": partner.id,
            "kind": kind,
            "points": points,
            "reason": reason,
        }

    def _do_request(self, club, partner, asked):
        """Do what is asked, and return the move."""
        if not club.program_id:
            raise UserError(self.env._("%s keeps no points.", club.name))
        account = self._open(club, partner)
        kind, points, reason = asked["kind"], asked["points"], asked["reason"]
        if kind == "adjust":
            return account._adjust(points, reason)
        if not account._is_open_to_holder() or (
            kind == "redeem" and not account.card_id.active
        ):
            raise UserError(
                self.env._(
                    "%(club)s is closed, %(customer)s is no active member of it, or "
                    "the card is archived.",
                    customer=account.partner_id.display_name,
                    club=club.name,
                )
            )
        if kind == "redeem":
            account.card_id._check_not_expired(account.company_id._customer_today())
        if kind == "earn":
            account._lock()
            return account._issue_of_order(points, reason=reason or False)
        return account._post("redeem", -points, reason=reason or False)

    @api.model
    def _get_answer(self, move):
        account = move.account_id
        return {
            "move_id": move.id,
            "account_id": account.id,
            "card": account.card_id.code,
            "kind": move.kind,
            "points": move.points,
            "pending": account.pending,
            "balance": account.balance,
        }
