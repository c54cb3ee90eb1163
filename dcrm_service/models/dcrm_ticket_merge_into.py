from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import LockError, UserError
from odoo.fields import Command, Domain
from odoo.tools import email_normalize

from .dcrm_ticket_subject import DOCUMENTS
from .inside import INSIDE

# What a ticket takes from those merged into it where it says nothing itself.
FILLED = (
    "partner_id",
    "user_id",
    "kind_id",
    "product_id",
    "lot_id",
    "order_id",
    "invoice_id",
)
# What other records are a ticket's own by: model and field.
BELONGING = (
    ("dcrm.interaction", "ticket_id"),
    ("dcrm.ticket.time", "ticket_id"),
    ("dcrm.ticket.document", "ticket_id"),
    ("dcrm.ticket", "parent_id"),
    ("dcrm.ticket", "split_from_id"),
    ("dcrm.ticket", "continued_in_id"),
)
# What the system noted of a ticket is not what was said with the customer.
NOTED = ("notification", "user_notification")


class DcrmTicket(models.Model):
    """How tickets become one: all that is theirs goes to the one that goes on."""

    _inherit = "dcrm.ticket"

    def _merge_into(self, into, across_customers=False):
        """Merge these tickets into another one, which goes on for all of them.

        :param into: the ticket that lives on
        :param across_customers: whether they may be of several customers, all of whose
            people will see what all of them wrote
        :raises AccessError: where the user may not change one of them
        :raises UserError: where they can't become one, or somebody is merging them
        """
        into.ensure_one()
        into = into.with_env(self.env)
        merged = self - into
        tickets = merged | into
        tickets.check_access("write")
        try:
            tickets.lock_for_update()
        except LockError as error:
            raise LockError(
                self.env._("Somebody is changing these tickets: try again.")
            ) from error
        tickets.invalidate_recordset()
        merged._refuse_merge(into, across_customers)
        merged.sudo()._hand_over_to(into.sudo())

    def _refuse_merge(self, into, across_customers):
        """Raise UserError where these tickets can't become one with the other."""
        tickets = self | into
        if not self:
            raise UserError(self.env._("Choose at least two tickets to merge."))
        if gone := tickets.filtered("merged_into_id")[:1]:
            raise UserError(
                self.env._(
                    "Ticket %(merged)s was merged into %(living)s already.",
                    merged=gone.number,
                    living=gone.sudo()._living().number,
                )
            )
        if len(tickets.company_id) > 1:
            raise UserError(self.env._("Tickets of several companies stay apart."))
        if not across_customers and tickets._are_of_several_customers():
            raise UserError(
                self.env._(
                    "These tickets are of several customers, and all of them would "
                    "read what each of them wrote. Confirm it to merge them."
                )
            )

    def _are_of_several_customers(self):
        customers = {
            ticket.commercial_partner_id.id or email_normalize(ticket.email_from)
            for ticket in self.sudo()
        }
        return len(customers) > 1

    def _hand_over_to(self, into):
        """Give all that these tickets have to the one that lives on; as sudo."""
        if not into.closed_at:
            # Nobody has answered them: what was said to be done goes on.
            self.filtered(lambda ticket: ticket._is_closing_the_answer())._go_on()
        open_ = self.filtered(lambda ticket: not ticket.closed_at)
        if open_ and into.closed_at:
            # Somebody still waits: what was done with is so no more.
            into._go_on()
        open_._hand_over_times(into)
        if into.customer_waits_since and into.stage_id.is_waiting:
            into._go_on()
        if values := into._values_with(self):
            into.write(values)
        self._hand_over_belongings(into)
        self._move_messages(into)
        self._note_merge(into)
        for ticket in self:
            ticket.write(
                {
                    "merged_into_id": into.id,
                    "merged_at": fields.Datetime.now(),
                    "stage_id": (
                        ticket.is_closed and ticket.stage_id or ticket._closing_stage()
                    ).id,
                    "active": False,
                }
            )

    # -- its times -------------------------------------------------------------------

    def _hand_over_times(self, into):
        """Count the other's deadlines from when the first of these was opened.

        These are open: the customer waits since then. What was promised to them counts
        no more, or it would be kept or broken twice; only what is broken already, and
        is not the other's breach from now on, stays so. What the other has reached
        already is none.
        """
        waited_since = [ticket._unanswered_since() for ticket in self | into]
        earlier = self.filtered(lambda ticket: ticket.opened_at < into.opened_at)
        for ticket in earlier.sorted("opened_at", reverse=True):
            for pause in ticket.pause_ids:
                if pause.started_at < into.opened_at:
                    ended_at = min(pause.ended_at or into.opened_at, into.opened_at)
                    pause.copy({"ticket_id": into.id, "ended_at": ended_at})
            into.opened_at = ticket.opened_at
        self._hand_over_turn(into, waited_since)
        broken = into.clock_ids.filtered(
            lambda clock: (
                clock.state == "breached"
                and (clock.first_missed or not clock.first_reached_at)
            )
        )
        taken_over = set(broken.mapped("target"))
        kept = self.clock_ids.filtered(
            lambda clock: (
                clock.state == "breached"
                and (clock.ticket_id not in earlier or clock.target not in taken_over)
            )
        )
        self._withdraw_promises(
            self.clock_ids - kept, self.env._("Merged into %s", into.number)
        )

    def _is_closing_the_answer(self):
        """Return whether it is closed, and nobody has said a word to the customer."""
        return bool(
            self.closed_at
            and self.first_response_at == self.closed_at
            and not self._answered_since(self.closed_at)
        )

    def _unanswered_since(self):
        """Return since when the customer waits for a word of ours, else ``False``."""
        return self.customer_waits_since or (
            not self.first_response_at and self.opened_at
        )

    def _hand_over_turn(self, into, waited_since):
        """Let the other be answered as first these were, and wait as any of them did.

        :param list waited_since: what each of all of them waited since before
        """
        tickets = self | into
        answered = tickets.filtered("first_response_at")
        if not answered:
            return
        into.first_response_at = min(answered.mapped("first_response_at"))
        into.last_answer_at = max(
            filter(None, tickets.mapped("last_answer_at")), default=False
        )
        into.customer_waits_since = min(filter(None, waited_since), default=False)
        into._hold_clocks()
        into._set_clocks(self.env._("Goes on for %s", ", ".join(self.mapped("number"))))

    def _withdraw_promises(self, clocks, reason):
        """Promise nothing any more for these clocks; what was is kept."""
        policy = self.env["dcrm.sla.policy"]
        nothing = {
            "policy_id": False,
            "reason": reason,
            **self._due(policy, 0.0, None, {}, ()),
        }
        self.env["dcrm.sla.clock"]._change(
            [(clock, nothing) for clock in clocks if clock.policy_id],
            reason,
            told=False,
        )

    # -- what it is ------------------------------------------------------------------

    def _values_with(self, merged):
        """Return the values of this ticket, once others were merged into it."""
        values = {
            name: self._fields[name].convert_to_write(found[0][name], found[0])
            for name in FILLED
            if not self[name] and (found := self._having(name, merged))
        }
        parent = self.parent_id
        while parent in merged:
            parent = parent.parent_id
        if parent != self.parent_id:
            values["parent_id"] = parent.id
        priority = max((self | merged).mapped("priority"))
        if priority != self.priority:
            values["priority"] = priority
        if "tag_ids" in self._fields and (tags := merged.tag_ids - self.tag_ids):
            values["tag_ids"] = [Command.link(tag.id) for tag in tags]
        if told := merged.filtered("description"):
            values["description"] = Markup().join(
                filter(None, (self.description, *map(_told, told)))
            )
        if copies := self._copies_with(merged):
            values["email_cc"] = copies
        return values

    def _having(self, name, merged):
        """Return those of merged tickets whose value of a field this one may have."""
        found = merged.filtered(name)
        if name in DOCUMENTS:
            customer = (self.partner_id or merged.partner_id[:1]).commercial_partner_id
            found = found.filtered(
                lambda each: each[name].partner_id.commercial_partner_id == customer
            )
        elif name == "lot_id":
            product = self.product_id or merged.product_id[:1]
            found = found.filtered(lambda each: each.product_id == product)
        return found

    def _copies_with(self, merged):
        """Return whom answers go to besides the contact, once others were merged."""
        strangers = merged.filtered(lambda ticket: not ticket.partner_id)
        copies = {}
        for text in (
            *strangers.mapped("email_from"),
            *merged.mapped("email_cc"),
            self.email_cc,
        ):
            copies.update(self._mail_cc_sanitized_raw_dict(text))
        copies.pop(email_normalize(self.email_from), None)
        copies.pop(False, None)
        return ", ".join(copies.values())

    # -- what it has -----------------------------------------------------------------

    def _hand_over_belongings(self, into):
        """Give followers, files, activities, ratings and the like away."""
        into.message_subscribe(self.message_partner_ids.ids)
        of_these = Domain("res_model", "=", self._name) & Domain(
            "res_id", "in", self.ids
        )
        for model in ("ir.attachment", "mail.activity", "rating.rating"):
            records = self.env[model].sudo().with_context(active_test=False)
            records.search(of_these).write({"res_id": into.id})
        self._hand_over_checks(into)
        for model, name in BELONGING:
            if name in self.env.get(model, self.env["base"])._fields:
                records = (
                    self.env[model]
                    .sudo()
                    .with_context(active_test=False, dcrm_merges_tickets=INSIDE)
                )
                found = records.search([(name, "in", self.ids)])
                if model == self._name:
                    found -= self | into
                found.write({name: into.id})

    def _hand_over_checks(self, into):
        """Give what is to be done away: an item of a list once, done if any is."""
        for check in self.check_ids:
            same = into.check_ids.filtered(
                lambda other, item=check.item_id: item and other.item_id == item
            )
            if same and check.is_done and not same.is_done:
                same.unlink()
            elif same:
                continue
            check.ticket_id = into

    def _move_messages(self, into):
        """Move what was said in these tickets to another; return the messages."""
        messages = (
            self.env["mail.message"]
            .sudo()
            .search(
                [
                    ("model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("message_type", "not in", NOTED),
                ]
            )
        )
        self._move_to(into, messages)
        return messages

    def _move_to(self, into, messages):
        """Move messages with their files: answers to them come to the other ticket."""
        messages.sudo().write({"res_id": into.id})
        messages.attachment_ids.sudo().filtered(
            lambda file: file.res_model == self._name and file.res_id in self.ids
        ).write({"res_id": into.id})
        self.env["dcrm.interaction"].sudo().with_context(active_test=False).search(
            [("res_model", "=", "mail.message"), ("res_id", "in", messages.ids)]
        ).filtered("ticket_id").write({"ticket_id": into.id})
        (self | into).invalidate_recordset(["message_ids"])

    def _note_merge(self, into):
        """Note in each of the tickets what has become of it."""
        for ticket in self:
            ticket._message_log(
                body=self.env._("Merged into %s.", into._get_html_link())
            )
        into._message_log(
            body=self.env._(
                "Goes on for %s: what was said there is here.",
                Markup(", ").join(each._get_html_link() for each in self),
            )
        )


def _told(ticket):
    return Markup("<p><b>%s</b></p>%s") % (ticket.display_name, ticket.description)
