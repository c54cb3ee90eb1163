from odoo import models

from ..compute import earning
from .points_context import EARNING


class SaleOrder(models.Model):
    """What an order earns at clubs, computed from its lines as they are."""

    _inherit = "sale.order"

    def _program_check_compute_points(self, programs):
        """Take programs that the ledger keeps out of what the host applies by itself.

        Whoever asks for the points of the ledger (see :meth:`_points_of`) gets them.
        """
        clubs = {program: self._get_kept_club(program) for program in programs}
        # Read together what both are asked for.
        kept = programs.filtered(clubs.get).with_prefetch(programs.ids)
        result = {}
        if others := (programs - kept).with_prefetch(programs.ids):
            result = super()._program_check_compute_points(others)
        asked = self.env.context.get("dcrm_points") is EARNING
        for program in kept:
            result[program] = (
                self._compute_kept_points(program)
                if asked
                else {"error": self._kept_program_error(clubs[program])}
            )
        return result

    def _kept_program_error(self, club):
        return self.env._(
            "The points of %s are earned by confirming the order, and used by its "
            "Reward button.",
            club.name,
        )

    def _points_of(self, clubs):
        """Return ``{club: points}``: what the order earns at clubs, as it is now."""
        return {club: points for club, (points, _terms) in self._earned(clubs).items()}

    def _earned(self, clubs):
        """Return ``{club: (points, terms)}``: what the order earns, and on what terms.

        The terms are dumped ones; None where somebody else says what is earned.
        """
        programs = clubs.program_id
        order = self.with_context(dcrm_points=EARNING)
        found = order._program_check_compute_points(programs)
        of_clubs = {club: found.get(club.program_id, {}) for club in clubs}
        return {
            club: (of_club.get("points", [0.0])[0], of_club.get("terms"))
            for club, of_club in of_clubs.items()
        }

    def _earning_clubs(self):
        """Return the clubs at which the order may earn, whatever is on it."""
        self.ensure_one()
        clubs = self.company_id._points_clubs().filtered("active")
        if not clubs or not self._has_points_customer():
            return clubs.browse()
        programs = clubs.program_id.filtered_domain(self._get_program_domain())
        return clubs.filtered(
            lambda club: (
                club.program_id in programs
                and (not club.members_only or self._is_club_member(club))
                and self._program_is_on(club.program_id)
            )
        )

    def _program_is_on(self, program):
        """Tell whether the program applies by itself, or by a code on the order."""
        used_up = program.limit_usage and program.total_order_count >= program.max_usage
        return not used_up and (
            program.trigger == "auto"
            or bool(program.rule_ids & self.sudo().code_enabled_rule_ids)
        )

    def _has_points_customer(self):
        """Tell whether the order is somebody's who can have points."""
        partner = self.sudo().partner_id
        return (
            bool(partner)
            and not partner.is_public
            and self._allow_nominative_programs()
        )

    def _is_club_member(self, club):
        return bool(
            self.env["dcrm.membership"]
            .sudo()
            .search_count(
                [
                    ("club_id", "=", club.id),
                    ("partner_id", "=", self.partner_id.commercial_partner_id.id),
                    ("state", "=", "active"),
                ],
                limit=1,
            )
        )

    # -- the lines as the rules see them -----------------------------------------------

    def _compute_kept_points(self, program):
        """Return what the lines earn by the rules of a program, exactly, and why."""
        terms = self._get_points_terms(program)
        return {"points": [earning.earned(terms)], "terms": terms.dump()}

    def _get_points_terms(self, program):
        """Return the terms on which the order, as it is now, earns at a program."""
        program = program._with_its_rules()
        sold = self._get_earning_lines(program)
        rules = [
            earning.Rule(
                rule.reward_point_mode,
                rule.reward_point_amount,
                tuple(positions),
                rule.minimum_qty,
                rule.minimum_amount,
                rule.minimum_amount_tax_mode == "incl",
            )
            for rule, positions in self._named_by_rules(program, sold).items()
        ]
        lines = self._describe_earning_lines(program, sold)
        return earning.Terms(tuple(rules), tuple(lines), self._get_points_rate(program))

    def _get_points_rate(self, program):
        """Return how much of the program's currency one of the order's is, that day."""
        return self.env["res.currency"]._get_conversion_rate(
            self.currency_id,
            program.currency_id,
            self.company_id,
            self.date_order.date(),
        )

    def _get_earning_lines(self, program):
        """Return the lines that count: parts of bundles as if bought singly.

        A program that names a bundle, and none of its parts, counts the bundle.
        """
        lines = self.order_line - self._get_no_effect_on_threshold_lines()
        lines = lines.filtered(
            lambda line: (
                line.product_id and not line.display_type and not line.is_downpayment
            )
        )
        parts = lines.filtered(lambda line: line._get_bundle_line())
        if parts and not self._get_programs_on_bundles(program, parts):
            lines = lines.filtered(lambda line: not line.bundle_part_count)
            return lines.filtered(lambda line: not line.combo_item_id) | parts
        return lines.filtered(lambda line: not line.combo_item_id) - parts

    def _named_by_rules(self, program, lines):
        """Return ``{rule: positions}`` of the lines that the rules are about."""
        named = program._get_valid_products(lines.product_id)
        return {
            rule: [
                position
                for position, line in enumerate(lines)
                if line.product_id in named.get(rule, ())
            ]
            for rule in program.rule_ids
            if rule.mode != "with_code" or rule in self.sudo().code_enabled_rule_ids
        }

    def _describe_earning_lines(self, program, lines):
        counted = self._get_not_rewarded_order_lines() | lines.filtered(
            "bundle_part_count"
        )
        return [
            line._describe_to_rules(
                program,
                counted=line in counted and not line._is_discount_line(),
                off=line._get_cheaper_positions(lines),
            )
            for line in lines
        ]
