from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

# How long after its end a meeting is still looked for, and how many are read at once.
LOOK_BACK = timedelta(days=31)
BATCH = 200


class DcrmInteraction(models.Model):
    """Interactions of meetings with customers, once these have taken place."""

    _inherit = "dcrm.interaction"

    @api.model
    def _capture_meetings(self, events):
        """Make the interactions of meetings that are over: one for each customer.

        Private meetings, cancelled ones, and customers who declined make none.
        """
        since = self.env["res.company"]._interaction_capture()
        if since:
            self._capture(
                [
                    values
                    for event, values in self._meetings_values(events)
                    if event.stop >= since.get(values["company_id"], event.stop)
                ]
            )

    @api.model
    def _follow_meetings(self, events, renamed=False):
        """Let the interactions of meetings follow a change of time, name or people.

        Where there was no meeting after all the interaction goes, unless somebody wrote
        down what came of it.
        """
        interactions = self._of_origins("calendar.event", events.ids)
        if not interactions:
            return
        wanted = {
            self._capture_key(values): values
            for _event, values in self._meetings_values(events)
        }
        names = ["date", "duration", *(["subject"] if renamed else [])]
        for known in interactions:
            key = (
                known.origin_key,
                known.commercial_partner_id.id,
                known.company_id.id,
            )
            if values := wanted.get(key):
                known.write(
                    {
                        name: values[name]
                        for name in names
                        if known[name] != values[name]
                    }
                )
            else:
                known._forget()

    @api.model
    def _cron_capture_meetings(self):
        """Capture the meetings that have ended, in batches that commit."""
        since = self.env["res.company"]._interaction_capture()
        if not since:
            return
        events = self.env["calendar.event"].sudo()
        domain = self._domain_ended(min(since.values()))
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=events.search_count(domain))
        last_id = 0
        while ended := events.search(
            domain & Domain("id", ">", last_id), order="id", limit=BATCH
        ):
            self._capture_meetings(ended)
            last_id = ended[-1].id
            if not cron._commit_progress(len(ended)):
                break

    @api.model
    def _domain_ended(self, since):
        """Return the domain of meetings with guests that ended and made nothing yet."""
        now = fields.Datetime.now()
        captured = self._for_capture()._search([("res_model", "=", "calendar.event")])
        return Domain(
            [
                ("stop", "<=", now),
                ("stop", ">=", max(since, now - LOOK_BACK)),
                ("partner_ids.partner_share", "=", True),
                ("id", "not in", captured.subselect("res_id")),
            ]
        )

    # -- what a meeting says ---------------------------------------------------------

    @api.model
    def _meetings_values(self, events):
        """Return [(meeting, values)] of those that took place, for each customer."""
        now = fields.Datetime.now()
        events = events.sudo().with_context(active_test=False)
        return [
            (event, values)
            for event in events
            if event.active
            and event.stop
            and event.stop <= now
            and event.effective_privacy != "private"
            for values in self._meeting_values(event)
        ]

    @api.model
    def _meeting_values(self, event):
        people = event.attendee_ids.filtered(
            lambda attendee: attendee.state != "declined"
        ).partner_id
        customers = people._filter_customers()
        users = (
            (people - customers)
            .with_context(active_test=True)
            .user_ids.filtered(lambda user: user._is_internal())
        )
        organiser = event.user_id.filtered(lambda user: user._is_internal())
        if organiser in users or not users:
            users = organiser | users
        document = self._document_of_meeting(event)
        return [
            self._values_with(event, document, theirs, users)
            for theirs in customers.grouped("commercial_partner_id").values()
            if users
        ]

    @api.model
    def _values_with(self, event, document, people, users):
        """Return the values of a meeting's interaction with one customer."""
        organiser = event.user_id.filtered(lambda user: user._is_internal())
        web = event.videocall_location and not event.location
        values = self._capture_values(
            people,
            users,
            (
                self._company_of_document(document) if document else None,
                people[0].company_id,
                users[0].company_id,
            ),
            subject=event.name,
            date=event.start,
            duration=round((event.stop - event.start).total_seconds() / 60),
            channel="web" if web else "visit",
            direction="out" if organiser else "in",
            origin_key=f"calendar.event,{event.id}",
            res_model="calendar.event",
            res_id=event.id,
        )
        if not document:
            return values
        return {**values, **self._link_values(document, values["company_id"])}

    @api.model
    def _document_of_meeting(self, event):
        """Return the document that a meeting is about, if any."""
        if not event.res_model or event.res_model not in self.env:
            return None
        document = self.env[event.res_model].sudo().browse(event.res_id).exists()
        return document if hasattr(document, "_mail_get_companies") else None
