from odoo import api, fields, models


class DcrmInteraction(models.Model):
    """Interactions of live chats with customers who are known: one a chat."""

    _inherit = "dcrm.interaction"

    @api.model
    def _capture_chats(self, channels):
        """Make the interactions of chats, or bring them up to date.

        A chat is one from the customer's first words on; how long it took, and who took
        part, is said again when it ends.
        """
        if not self.env["res.company"]._interaction_capture("chat"):
            return
        channels = channels.sudo().with_context(active_test=False)
        channels = channels.filtered(lambda each: each.channel_type == "livechat")
        known = self._of_origins("discuss.channel", channels.ids).grouped("res_id")
        self._capture(
            [
                values
                for channel in channels
                if channel.id not in known
                for values in self._chat_values(channel)
            ],
            "chat",
        )
        for channel in channels.filtered("livechat_end_dt"):
            for interaction in known.get(channel.id, ()):
                interaction._follow_chat(channel)

    def _follow_chat(self, channel):
        """Take over how long a chat took, and who of us joined it later."""
        self.ensure_one()
        joined = self._agents_of(channel) - self.user_id - self.user_ids
        joined = joined.filtered(lambda user: self.company_id in user.company_ids)
        minutes = self._minutes_of(channel)
        if joined or minutes != self.duration:
            self.write({"duration": minutes, "user_ids": (self.user_ids | joined).ids})

    @api.model
    def _chat_values(self, channel):
        """Return the values of a chat's interaction with each customer, mostly one."""
        people = channel.livechat_customer_partner_ids._filter_customers()
        users = self._agents_of(channel)
        return [
            self._capture_values(
                theirs,
                users,
                (theirs[0].company_id, users[:1].company_id, self.env.company),
                subject=self.env._("Chat: %s", channel.name),
                date=min(channel.create_date, fields.Datetime.now()),
                duration=self._minutes_of(channel),
                channel="chat",
                direction="in",
                origin_key=f"discuss.channel,{channel.id}",
                res_model="discuss.channel",
                res_id=channel.id,
            )
            for theirs in people.grouped("commercial_partner_id").values()
        ]

    @api.model
    def _agents_of(self, channel):
        """Return the users who answered, the first one first; robots are none."""
        partners = channel.livechat_agent_partner_ids | channel.livechat_operator_id
        return partners.user_ids.filtered(
            lambda user: user.active and user._is_internal()
        )

    @api.model
    def _minutes_of(self, channel):
        end = channel.livechat_end_dt
        if not end:
            return 0
        return max(0, round((end - channel.create_date).total_seconds() / 60))
