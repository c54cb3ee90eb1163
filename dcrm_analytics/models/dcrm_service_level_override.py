from odoo import api, fields, models
from odoo.tools import SQL

from ..queries import service_level as queries


class DcrmServiceLevelOverride(models.Model):
    """A level that a customer has in a company whatever its value class says.

    There may be one of each origin; the origin that comes first in the selection wins.
    Nobody writes here but :meth:`_set`. An override of a partner that became a contact
    of another waits there: contacts have the level of their company.
    """

    _name = "dcrm.service.level.override"
    _description = "Service Level of a Customer"
    _order = "company_id, service_level_id, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    origin = fields.Selection([("manual", "By hand")], required=True, readonly=True)
    service_level_id = fields.Many2one(
        "dcrm.service.level",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    reason = fields.Char(readonly=True)

    _unique_origin = models.Constraint(
        "UNIQUE(partner_id, company_id, origin)",
        "The customer has a service level of this origin already.",
    )

    @api.model
    def _origins(self):
        """Return the origins, the one that wins first."""
        return self._fields["origin"].get_values(self.env)

    @api.model
    def _set(self, company, origin, levels, reason=None):
        """Give customers their levels of one origin; tell those whose level changed.

        :param company: one company
        :param origin: a value of ``origin``
        :param dict levels: of commercial partners' ids to levels' ids, false values:
            no level of this origin any more
        :param reason: words kept with the overrides, such as the tier's name
        """
        levels = {partner: level or None for partner, level in levels.items()}
        if not levels:
            return
        self.env.flush_all()
        before = self._levels(company, levels)
        [[changed]] = self.env.execute_query(
            queries.set_overrides(company.id, origin, levels, reason, self.env.uid)
        )
        if changed:
            self.invalidate_model()
            self._announce_since(company, before)

    @api.model
    def _levels(self, company, partner_ids):
        """Return {partner id: level id or None} of commercial partners in a company."""
        partners = self.env["res.partner"].sudo().with_company(company)
        partners = partners.browse(partner_ids)
        query = partners._as_query(ordered=False)
        level = partners._field_to_sql(query.table, "service_level_id", query)
        row = SQL.identifier(query.table, "id"), level
        return dict(self.env.execute_query(query.select(*row)))

    @api.model
    def _announce_since(self, company, before):
        """Tell the customers whose level is not what :meth:`_levels` said before."""
        after = self._levels(company, before)
        changed = [partner for partner in after if after[partner] != before[partner]]
        if changed:
            self.env["dcrm.service.level"]._announce(company, changed, after)
        else:
            self.env["dcrm.service.level"]._forget()
