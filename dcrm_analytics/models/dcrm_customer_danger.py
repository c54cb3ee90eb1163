from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain

from ..queries import spell


class DcrmCustomerDanger(models.Model):
    """A customer's spell in danger: silent for too many of its own usual gaps.

    Written by SQL only, from the purchases: what changes there corrects spells, too.
    """

    _name = "dcrm.customer.danger"
    _inherit = ["dcrm.customer.mixin", "dcrm.treatment.mixin"]
    _description = "Customer in Danger"
    _order = "entered_on desc, id desc"

    silent_since = fields.Date(
        "Last Purchase",
        required=True,
        readonly=True,
        help="The last purchase before the silence",
    )
    entered_on = fields.Date("In Danger Since", required=True, readonly=True)
    left_on = fields.Date(
        "Until", readonly=True, help="Empty: the customer is in danger still"
    )
    purchase_gap = fields.Float(
        "Usual Gap",
        readonly=True,
        aggregator="avg",
        help="Days between two purchases until then: the median of the latest 24",
    )
    outcome = fields.Selection(
        [("bought", "Bought Again"), ("lost", "Lost")],
        readonly=True,
        help="Empty: the customer is in danger still",
    )

    # A constraint, not an index: the host's partner merge looks at constraints only.
    _unique_spell = models.Constraint("UNIQUE (partner_id, company_id, silent_since)")
    # As the host asks for it: of a mere "treatment_due" the planner could not tell.
    _due_idx = models.Index(
        "(company_id) WHERE treatment_due IS TRUE AND left_on IS NULL"
    )

    def init(self):
        self.env.cr.execute(spell.leave_room(spell.DANGERS))

    def action_open_partner(self):
        """Return the action that opens the customer."""
        self.ensure_one()
        return self.partner_id.get_formview_action()

    @api.model
    def _renew(self, company, stale=None):
        """Make spells equal to those that the present refresh has found.

        :param SQL stale: a select of the ids of the customers looked at; default: all
        :return: how many spells were written
        """
        execute = self.env.cr.execute
        execute(spell.rename(company.id, stale))
        execute(spell.inherit(company.id, stale))
        execute(spell.prune(spell.DANGERS, company.id, stale))
        calls = bool(company.danger_activity_type_id)
        execute(spell.write_treated(spell.DANGERS, company.id, stale, calls))
        count = self.env.cr.rowcount
        self.invalidate_model()
        return count

    # -- the activity for the salesperson --------------------------------------------

    @api.model
    def _domain_called(self, company):
        return Domain(company.sudo().danger_activity_type_id.active)

    def _activity_type(self):
        return self.company_id.sudo().danger_activity_type_id.with_env(self.env)

    def _activity_words(self):
        # No figures: whoever may edit the contact reads the note, too.
        note = Markup('<p><a href="/odoo/res.partner/%s/customer-page">%s</a></p>') % (
            self.partner_id.id,
            self.env._("How it usually buys is on its customer page."),
        )
        return self.env._("Customer in danger"), note

    @api.model
    def _untreated_words(self, count):
        return self.env._("%s customers in danger have no salesperson.", count)
