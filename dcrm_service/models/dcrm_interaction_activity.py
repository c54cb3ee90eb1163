from odoo import api, fields, models
from odoo.tools import plaintext2html


class DcrmInteraction(models.Model):
    """Interactions of activities with customers that were done: calls, visits."""

    _inherit = "dcrm.interaction"

    @api.model
    def _follow_activities(self, activities, before):
        """Make, change or take back the interactions of activities.

        :param activities: which ``active`` or ``feedback`` was written of
        :param dict before: ``{id: {'active', 'feedback'}}`` as it was before
        """
        if not self.env["res.company"]._interaction_activity_types():
            return
        was_done = activities.filtered(lambda each: not before[each.id]["active"])
        done = activities.filtered(lambda each: not each.active)
        self._capture_activities(done - was_done)
        self._reword_activities(done & was_done, before)
        undone = was_done - done
        if undone:
            captured = {
                activity.id: {
                    "said": self._html_of(before[activity.id]["feedback"]),
                    **self._link_of_activity(activity),
                }
                for activity in undone.sudo()
            }
            self._of_origins("mail.activity", undone.ids)._forget(captured)

    @api.model
    def _reword_activities(self, activities, before):
        """Let what was said follow what is noted of an activity after it was done.

        The host notes it after. What a person wrote instead stays.
        """
        for known in self._of_origins("mail.activity", activities.ids):
            activity = activities.browse(known.res_id).sudo()
            said = self._html_of(activity.feedback)
            if known._says(self._html_of(before[activity.id]["feedback"])):
                known.said = said

    @api.model
    def _capture_activities(self, activities):
        """Make the interactions of activities, of the types that companies chose."""
        types = self.env["res.company"]._interaction_activity_types()
        chosen = {type_id for ids in types.values() for type_id in ids}
        values_list = [
            (activity, values)
            for activity in activities.sudo()
            if activity.activity_type_id.id in chosen
            and (values := self._activity_values(activity))
        ]
        self._capture(
            [
                values
                for activity, values in values_list
                if activity.activity_type_id.id in types.get(values["company_id"], ())
            ],
            "activity",
        )

    @api.model
    def _activity_values(self, activity):
        """Return the values of the interaction that an activity was, if it was one.

        That of a meeting is the meeting's: they share the key.
        """
        document = self._document_of_activity(activity)
        channel = activity.activity_type_id.interaction_channel
        meeting = activity.calendar_event_id
        if not document or not channel or meeting.effective_privacy == "private":
            return None
        people = self._people_of(document)
        if not people:
            return None
        user = activity.user_id.filtered(lambda user: user._is_internal())
        user = user or self.env.user
        now = fields.Datetime.now()
        values = self._capture_values(
            people,
            user,
            (
                self._company_of_document(document),
                people[0].company_id,
                user.company_id,
                self.env.company,
            ),
            subject=self._subject_of_activity(activity, document),
            date=min(meeting.start or now, now),
            said=self._html_of(activity.feedback),
            channel=channel,
            direction="out",
            origin_key=(
                f"calendar.event,{meeting.id}"
                if meeting
                else f"mail.activity,{activity.id}"
            ),
            res_model="mail.activity",
            res_id=activity.id,
        )
        return {**values, **self._link_values(document, values["company_id"])}

    @api.model
    def _link_of_activity(self, activity):
        document = self._document_of_activity(activity)
        if not document:
            return {}
        return self._link_values(document, document.company_id.id)

    @api.model
    def _document_of_activity(self, activity):
        """Return the document of an activity, where it may be with a customer."""
        model = activity.res_model
        # What is done about a meeting is the meeting.
        if not model or model not in self.env or model == "calendar.event":
            return None
        document = self.env[model].sudo().browse(activity.res_id).exists()
        if not document or not hasattr(document, "_is_customer_thread"):
            return None
        return document if document._is_customer_thread() else None

    @api.model
    def _subject_of_activity(self, activity, document):
        if activity.summary:
            return activity.summary
        kind = activity.activity_type_id.name
        if document._name == "res.partner":
            return kind
        return self.env._(
            "%(kind)s: %(document)s", kind=kind, document=document.display_name
        )

    # -- of any document -------------------------------------------------------------

    @api.model
    def _people_of(self, document):
        """Return the people of the customer whom a document is about."""
        if document._name == "res.partner":
            people = document
        else:
            people = document._mail_get_partners()[document.id]
        people = people._filter_customers()
        customer = people[:1].commercial_partner_id
        return people.filtered(lambda each: each.commercial_partner_id == customer)

    @api.model
    def _company_of_document(self, document):
        return document._mail_get_companies()[document.id]

    @api.model
    def _html_of(self, text):
        return plaintext2html(text) if text else False
