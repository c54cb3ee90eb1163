from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ..queries import service_level as queries

# How many customers are told at once that their level changed.
BATCH = 10_000


class DcrmServiceLevel(models.Model):
    """How well a customer is served: one vocabulary for all companies.

    A customer has the level of its value class, unless an override says otherwise
    (``dcrm.service.level.override``). Loyalty gives levels, service reads them.
    """

    _name = "dcrm.service.level"
    _description = "Service Level"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=100, help="The best level comes first")
    active = fields.Boolean(default=True)
    color = fields.Integer()
    value_class = fields.Selection(
        [("a", "A"), ("b", "B"), ("c", "C")],
        "By Value Class",
        copy=False,
        help="Customers of this value class have this level unless it was set "
        "otherwise. Empty: no customer has it by itself.",
    )
    description = fields.Text(translate=True, help="What these customers may expect")
    customer_count = fields.Integer(compute="_compute_customer_count")

    _unique_value_class = models.UniqueIndex(
        "(value_class) WHERE active",
        "There is a service level for this value class already: "
        "take the class from that one first.",
    )

    @api.depends_context("company", "uid")
    def _compute_customer_count(self):
        counts = dict(
            self.env["res.partner"]._read_group(
                self._domain_customers(), ["service_level_id"], ["__count"]
            )
        )
        for level in self:
            level.customer_count = counts.get(level, 0)

    @api.model_create_multi
    def create(self, vals_list):
        with self._announcing():
            return super().create(vals_list)

    def write(self, vals):
        if not vals.get("active", True):
            self._refuse_used()
        with self._announcing():
            return super().write(vals)

    def unlink(self):
        with self._announcing():
            return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._refuse_used()

    def action_open_customers(self):
        """Return the action that lists the customers of these levels."""
        return {
            "type": "ir.actions.act_window",
            "name": ", ".join(self.mapped("name")),
            "res_model": "res.partner",
            "view_mode": "list,kanban,form",
            "domain": self._domain_customers(),
        }

    def _domain_customers(self):
        return [
            ("service_level_id", "in", self.ids),
            "|",
            ("is_company", "=", True),
            ("parent_id", "=", False),
        ]

    def _refuse_used(self):
        """Raise UserError if a customer, of whatever company, was given the level."""
        overrides = self.env["dcrm.service.level.override"].sudo()
        for level, count in overrides._read_group(
            [("service_level_id", "in", self.ids)], ["service_level_id"], ["__count"]
        ):
            raise UserError(
                self.env._(
                    "Service level %(level)s was given to %(count)s customers: give "
                    "them another one first.",
                    level=level.name,
                    count=count,
                )
            )

    # -- who is told -----------------------------------------------------------------

    @api.model
    def _of_classes(self):
        """Return the id of the level of each value class that has one."""
        levels = self.sudo().search([("value_class", "!=", False)])
        return {level.value_class: level.id for level in levels}

    @contextmanager
    def _announcing(self):
        """Tell the customers whose level the work inside changes, in all companies."""
        before = self._of_classes()
        yield
        after = self._of_classes()
        changed = {
            value_class
            for value_class in before.keys() | after.keys()
            if before.get(value_class) != after.get(value_class)
        }
        if not changed:
            return
        self.env.flush_all()
        for company_id, ids in self.env.execute_query(queries.of_classes(changed)):
            self._announce(self.env["res.company"].browse(company_id), ids)

    @api.model
    def _announce_reclassed(self, company):
        """Tell the customers whose level the refresh changed that was just written."""
        rows = self.env.execute_query(queries.reclassed(company.id))
        self._announce(company, [partner_id for [partner_id] in rows])

    @api.model
    def _announce(self, company, partner_ids, levels=None):
        """Call the hook of customers whose level in a company is another now.

        :param levels: what they have now: while a customer's level is being set its
            field computes nothing
        """
        self._forget()
        partners = self.env["res.partner"].sudo().with_company(company)
        for ids in split_every(BATCH, partner_ids):
            customers = partners.browse(ids)
            for customer in customers if levels else ():
                customer._update_cache({"service_level_id": levels[customer.id]})
            customers._service_level_changed(partners.env.company)

    @api.model
    def _forget(self):
        """Let partners compute their level anew."""
        self.env["res.partner"].invalidate_model(
            ["service_level_id", "service_level_origin"]
        )
