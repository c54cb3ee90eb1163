from odoo import models


class DiscussChannel(models.Model):
    """A live chat with a customer is an interaction, where live chats are installed."""

    _inherit = "discuss.channel"

    def write(self, vals):
        outcome = super().write(vals)
        if vals.get("livechat_end_dt"):
            # A chat in which the customer said nothing was none.
            self.env["dcrm.interaction"]._capture_chats(
                self.filtered(lambda channel: channel._has_spoken_customers())
            )
        return outcome

    def _message_post_after_hook(self, message, msg_vals):
        outcome = super()._message_post_after_hook(message, msg_vals)
        if (
            self.channel_type == "livechat"
            and message.message_type == "comment"
            and self.env["res.company"]._interaction_capture("chat")
            and message.sudo().author_id in self.sudo().livechat_customer_partner_ids
        ):
            self.env["dcrm.interaction"]._capture_chats(self)
        return outcome

    def _has_spoken_customers(self):
        """Return whether a customer who is known has said anything in the chat."""
        self.ensure_one()
        if self.channel_type != "livechat":
            return False
        if not self.env["res.company"]._interaction_capture("chat"):
            return False
        channel = self.sudo()
        return bool(
            channel.message_ids.filtered(
                lambda message: (
                    message.message_type == "comment"
                    and message.author_id in channel.livechat_customer_partner_ids
                )
            )
        )
