from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from ..queries import service_level as queries
from .res_partner import SELLER


class ResPartner(models.Model):
    """Partners show how well they are served in the current company.

    Who may see a customer may see its level, and by it nothing of the score's figures;
    where it comes from is for who may read the score. A contact of a company has its
    company's level.
    """

    _inherit = "res.partner"

    service_level_id = fields.Many2one(
        "dcrm.service.level",
        compute="_compute_service_level_id",
        inverse="_inverse_service_level_id",
        search="_search_service_level_id",
        groups="base.group_user",
        help="How well this customer is served in the current company. By itself it is "
        "the level of the value class; a level set by hand stays until it is emptied.",
    )
    service_level_origin = fields.Char(
        "Origin of the Service Level",
        compute="_compute_service_level_origin",
        groups=SELLER,
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("company")
    def _compute_service_level_id(self):
        levels = self.env["dcrm.service.level.override"]._levels(
            self.env.company, self.commercial_partner_id.ids
        )
        for partner in self:
            partner.service_level_id = levels.get(
                partner.commercial_partner_id._origin.id
            )

    @api.depends("service_level_id", "customer_score_id")
    @api.depends_context("company", "lang", "uid")
    def _compute_service_level_origin(self):
        # With the rights of the reader: an origin that is not told tells no other.
        overrides = self.env["dcrm.service.level.override"]
        found = overrides.search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.id),
            ]
        )
        origin_of = {(each.partner_id.id, each.origin) for each in found}
        origins = overrides._fields["origin"]._description_selection(self.env)
        by_hand = dict(origins)["manual"]
        for partner in self:
            level = partner.service_level_id
            customer = partner.commercial_partner_id._origin
            names = [name for key, name in origins if (customer.id, key) in origin_of]
            if level != partner._origin.service_level_id:
                # In a form, not yet saved.
                names = [by_hand]
            if customer.customer_score_id:
                names.append(self.env._("Value class"))
            partner.service_level_origin = names[0] if level and names else False

    def _inverse_service_level_id(self):
        self._check_may_set_service_level()
        levels = {
            partner.commercial_partner_id.id: partner.service_level_id.id
            for partner in self
        }
        self.env["dcrm.service.level.override"]._set(self.env.company, "manual", levels)

    def _check_may_set_service_level(self):
        """Raise AccessError unless the user looks after all of these customers."""
        user = self.env.user
        if self.env.su or user.has_group("dcrm_analytics.group_dcrm_seller_all"):
            return
        customers = self.sudo().commercial_partner_id
        if not user.has_group(SELLER) or any(
            customer.user_id != user for customer in customers
        ):
            raise AccessError(
                self.env._(
                    "Only who looks after a customer in DCRM may set its service level."
                )
            )

    def _search_service_level_id(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        if operator == "in":
            wanted = tuple(level_id for level_id in value if level_id)
            empty = len(wanted) < len(list(value))
        else:
            if operator not in ("any", "any!"):
                value, operator = Domain("display_name", operator, value), "any"
            elif not isinstance(value, Domain):
                value = Domain("id", "in", value)
            levels = self.env["dcrm.service.level"].with_context(active_test=False)
            levels = levels.sudo(levels.env.su or operator == "any!").search(value)
            wanted, empty = levels._ids, False

        def to_sql(partners, alias, query):
            level = partners._field_to_sql(alias, "service_level_id", query)
            found = SQL("%s IN %s", level, wanted or (0,))
            return SQL("(%s OR %s IS NULL)", found, level) if empty else found

        def predicate(partner):
            level_id = partner.service_level_id.id
            return level_id in wanted or (empty and not level_id)

        return Domain.custom(to_sql=to_sql, predicate=predicate)

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr != "service_level_id" or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        return queries.join(
            query,
            alias,
            self._field_to_sql(alias, "commercial_partner_id", query),
            self.env.company.id,
            self.env["dcrm.service.level.override"]._origins(),
        )

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name == "service_level_id" and not nulls.code:
            # Customers without a level come last, whichever way the list is sorted.
            nulls = SQL("NULLS LAST")
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    def _service_level_changed(self, company):
        """Do what is to be done where the service level is another from now on.

        A hook: called on the customers, as the superuser in the company, once for each
        change (by hand, by a tier, by a refresh of scores, by the levels themselves).

        :param company: the company in which it changed
        """
