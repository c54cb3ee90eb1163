from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import plaintext2html

# How many activities are scheduled at once.
BATCH = 500


class DcrmSegmentStay(models.Model):
    """A customer's stay in a segment: when it entered, when it left."""

    _name = "dcrm.segment.stay"
    _description = "Stay in a Segment"
    _order = "entered_on desc, id desc"
    _rec_name = "segment_id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    segment_id = fields.Many2one(
        "dcrm.segment", required=True, readonly=True, index=True, ondelete="cascade"
    )
    segment_color = fields.Integer(
        related="segment_id.color", string="Segment Color", aggregator=None
    )
    entered_on = fields.Date(required=True, readonly=True)
    left_on = fields.Date(readonly=True, help="Empty: the customer is still there")
    treatment_due = fields.Boolean(
        readonly=True,
        help="On entry the segment had an activity to schedule, which is not yet",
    )
    treated_on = fields.Datetime(
        readonly=True, help="When the activity of the treatment was scheduled"
    )
    activity_id = fields.Many2one("mail.activity", readonly=True, ondelete="set null")

    _customer_idx = models.Index("(partner_id, company_id)")
    # As the host asks for it: of a mere "treatment_due" the planner could not tell.
    _due_idx = models.Index(
        "(company_id) WHERE treatment_due IS TRUE AND left_on IS NULL"
    )

    def action_open_partner(self):
        """Return the action that opens the customer."""
        self.ensure_one()
        return self.partner_id.get_formview_action()

    @api.model
    def _treat_all(self, company):
        """Schedule every activity that is due; return counts of done and impossible."""
        due = left = self.search_count(self._domain_due(company))
        while left and (stays := self._treatable(company, limit=BATCH)):
            stays._schedule()
            left -= len(stays)
        return {"treated": due - left, "untreated": left}

    @api.model
    def _treat(self, company, limit=BATCH):
        """Schedule activities of entries, up to a limit; return how many remain."""
        self._treatable(company, limit=limit)._schedule()
        return self.search_count(self._domain_treatable(company))

    @api.model
    def _count_untreatable(self, company):
        """Return for how many entries there is nobody to do the activity."""
        due = self.search_count(self._domain_due(company))
        return due - self.search_count(self._domain_treatable(company))

    @api.model
    def _domain_due(self, company):
        return Domain(
            [
                ("company_id", "=", company.id),
                ("treatment_due", "=", True),
                ("left_on", "=", False),
                ("segment_id.activity_type_id.active", "=", True),
                ("partner_id.active", "=", True),
            ]
        )

    @api.model
    def _domain_treatable(self, company):
        colleague = [("active", "=", True), ("company_ids", "in", company.ids)]
        return self._domain_due(company) & (
            Domain("partner_id.user_id", "any", colleague)
            | Domain("segment_id.activity_user_id", "any", colleague)
        )

    @api.model
    def _treatable(self, company, limit):
        """Return stays whose activity is due and has somebody to do it."""
        return self.search(self._domain_treatable(company), order="id", limit=limit)

    def _schedule(self):
        """Schedule the one activity of each stay, for whoever looks after the customer.

        Whoever gets many at once finds them among their activities, not as mails.
        """
        model = self.env["ir.model"]._get("res.partner")
        activities = (
            self.env["mail.activity"]
            .with_context(mail_activity_quick_update=True)
            .create(
                [{**stay._activity_values(), "res_model_id": model.id} for stay in self]
            )
        )
        now = fields.Datetime.now()
        for stay, activity in zip(self, activities, strict=True):
            stay.write(
                {
                    "activity_id": activity.id,
                    "treated_on": now,
                    "treatment_due": False,
                }
            )

    def _activity_values(self):
        self.ensure_one()
        seller = self.partner_id.user_id
        if not (seller.active and self.company_id in seller.company_ids):
            seller = self.env["res.users"]
        user = seller or self.segment_id.activity_user_id
        segment = self.segment_id.with_context(lang=user.lang)
        kind = segment.activity_type_id.with_context(tz=user.tz)
        return {
            "activity_type_id": kind.id,
            "res_id": self.partner_id.id,
            "user_id": user.id,
            "summary": kind.summary or segment.name,
            "note": plaintext2html(segment.treatment or "") or kind.default_note,
            "date_deadline": kind._get_date_deadline(),
            "automated": True,
        }
