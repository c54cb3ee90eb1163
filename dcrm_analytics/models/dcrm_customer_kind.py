from odoo import api, fields, models

from ..queries import customer_kind, purchase


class DcrmCustomerKind(models.Model):
    """What kinds of product a customer bought, since when. Written by SQL only."""

    _name = "dcrm.customer.kind"
    _description = "Kind of Product Bought"
    _order = "first_on desc, id desc"
    _rec_name = "category_id"

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        aggregator="count_distinct",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    # Whoever may read it may group by these: the host joins sudo fields only.
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    industry_id = fields.Many2one(related="partner_id.industry_id", string="Industry")
    category_id = fields.Many2one(
        "product.category",
        "Kind of Product",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    first_on = fields.Date("First Bought", required=True, readonly=True)
    last_on = fields.Date("Last Bought", required=True, readonly=True)
    amount = fields.Monetary(
        readonly=True,
        help="Net sum of the lines with products of this kind, untaxed, in the "
        "company's currency",
    )
    documents = fields.Integer(
        "Purchases",
        readonly=True,
        help="Purchases with a positive amount of this kind",
    )

    # A constraint, not an index: the host's partner merge looks at constraints only.
    _unique_kind = models.Constraint("UNIQUE (partner_id, company_id, category_id)")

    def init(self):
        self.env.cr.execute(customer_kind.leave_room())

    def action_open_partner(self):
        """Return the action that opens the customer."""
        self.ensure_one()
        return self.partner_id.get_formview_action()

    @api.model
    def _renew(self, company, stale=None):
        """Make kinds equal to the lines of a company's purchases; write what differs.

        :param SQL stale: a select of the ids of the customers whose purchases changed;
            default: all are compared, which also sees products of another category
        :return: how many kinds were written, and how many deleted
        """
        self.env.flush_all()
        scope = self.env["dcrm.purchase.source"]._scope(company)
        lines = self._lines(scope)
        if stale is None:
            self.env.cr.execute(purchase.room())
            rows = self.env.execute_query(customer_kind.sources(company.id))
            there = [each for each in lines if (each[0],) in rows]
            lines = there or lines
        self.env.cr.execute(customer_kind.compare(scope, lines, stale))
        self.env.cr.execute(customer_kind.prune())
        pruned = self.env.cr.rowcount
        self.env.cr.execute(customer_kind.write(company.id))
        self.invalidate_model()
        return self.env.cr.rowcount, pruned

    @api.model
    def _lines(self, scope):
        """Return what was bought: ``(source, column of the key, select of lines)``.

        An addon that brings a source of purchases adds its lines here; a line is
        ``key`` of its document, ``product_id`` and ``amount``, untaxed, in the
        company's currency.
        """
        lines = [
            ("sale", "order_id", customer_kind.sale_lines(scope)),
            ("invoice", "move_id", customer_kind.invoice_lines(scope)),
            ("import", "id", customer_kind.imported_lines()),
        ]
        if "pos.order.account_move" in scope.features:
            lines.append(("pos", "pos_order_ref", customer_kind.till_lines(scope)))
        return lines
