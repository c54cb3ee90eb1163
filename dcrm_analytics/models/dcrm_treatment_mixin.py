from odoo import api, fields, models
from odoo.fields import Domain

# How many activities are scheduled at once.
BATCH = 500


class DcrmTreatmentMixin(models.AbstractModel):
    """A spell of a customer that calls for one activity, scheduled once.

    The spell has ``partner_id``, ``company_id`` and ``left_on``, and says in
    :meth:`_activity_type` and beside it what is to be done, and by whom if the customer
    has no salesperson.
    """

    _name = "dcrm.treatment.mixin"
    _description = "Spell That Calls for an Activity"

    treatment_due = fields.Boolean(
        readonly=True,
        help="It began with an activity to schedule, which is not yet",
    )
    treated_on = fields.Datetime(
        readonly=True, help="When the activity of the treatment was scheduled"
    )
    activity_id = fields.Many2one("mail.activity", readonly=True, ondelete="set null")

    # -- what a spell calls for ------------------------------------------------------

    @api.model
    def _domain_called(self, company):
        """Return the domain of the spells that there is an activity for."""
        raise NotImplementedError

    @api.model
    def _domain_doable(self, colleague):
        """Return the domain of the spells that somebody looks after.

        :param colleague: the domain of the users who work in the company
        """
        return Domain("partner_id.user_id", "any", colleague)

    def _activity_type(self):
        """Return the type of the activity."""
        raise NotImplementedError

    def _activity_stand_in(self):
        """Return who does it where the customer has no salesperson."""
        return self.env["res.users"]

    def _activity_words(self):
        """Return the summary and the note (HTML), in the language of the context."""
        raise NotImplementedError

    @api.model
    def _untreated_words(self, count):
        """Return the sentence that so many spells have nobody to do the activity."""
        raise NotImplementedError

    # -- doing it --------------------------------------------------------------------

    @api.model
    def _treat_all(self, company):
        """Schedule every activity that is due; return counts of done and impossible."""
        due = left = self.search_count(self._domain_due(company))
        while left and (spells := self._treatable(company, limit=BATCH)):
            spells._schedule()
            left -= len(spells)
        return {"treated": due - left, "untreated": left}

    @api.model
    def _treat(self, company, limit=BATCH):
        """Schedule activities of spells, up to a limit; return how many remain."""
        self._treatable(company, limit=limit)._schedule()
        return self.search_count(self._domain_treatable(company))

    @api.model
    def _count_untreatable(self, company):
        """Return for how many spells there is nobody to do the activity."""
        due = self.search_count(self._domain_due(company))
        return due - self.search_count(self._domain_treatable(company))

    @api.model
    def _domain_due(self, company):
        return self._domain_called(company) & Domain(
            [
                ("company_id", "=", company.id),
                ("treatment_due", "=", True),
                ("left_on", "=", False),
                ("partner_id.active", "=", True),
            ]
        )

    @api.model
    def _domain_treatable(self, company):
        colleague = [("active", "=", True), ("company_ids", "in", company.ids)]
        return self._domain_due(company) & self._domain_doable(colleague)

    @api.model
    def _treatable(self, company, limit):
        """Return spells whose activity is due and has somebody to do it."""
        return self.search(self._domain_treatable(company), order="id", limit=limit)

    def _schedule(self):
        """Schedule the one activity of each spell, for who looks after the customer.

        Whoever gets many at once finds them among their activities, not as mails.
        """
        model = self.env["ir.model"]._get("res.partner")
        activities = (
            self.env["mail.activity"]
            .with_context(mail_activity_quick_update=True)
            .create(
                [
                    {**spell._activity_values(), "res_model_id": model.id}
                    for spell in self
                ]
            )
        )
        now = fields.Datetime.now()
        for spell, activity in zip(self, activities, strict=True):
            spell.write(
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
        user = seller or self._activity_stand_in()
        spell = self.with_context(lang=user.lang, tz=user.tz)
        kind = spell._activity_type()
        summary, note = spell._activity_words()
        return {
            "activity_type_id": kind.id,
            "res_id": self.partner_id.id,
            "user_id": user.id,
            "summary": kind.summary or summary,
            "note": note or kind.default_note,
            "date_deadline": kind._get_date_deadline(),
            "automated": True,
        }
