"""What the tests of merging stand on: two tickets of a customer, and the dialog."""

from .common_interaction import InteractionCase


class MergeCase(InteractionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_a.interaction_capture = True
        cls.policy = cls.env["dcrm.sla.policy"].create(
            {
                "name": "All",
                "company_id": cls.company_a.id,
                "first_response_hours": 4,
                "resolution_hours": 16,
            }
        )

    def setUp(self):
        super().setUp()
        self.first = self.ticket(self.jan, name="The oven is cold")
        self.second = self.ticket(self.mia, name="Oven broken")

    def merge(self, tickets, into, role="agent", **values):
        """Merge tickets as an agent does, in the dialog; return what it shows."""
        wizard = (
            self.env_as(role)["dcrm.ticket.merge"]
            .with_context(active_model="dcrm.ticket", active_ids=tickets.ids)
            .create({"into_id": into.id, **values})
        )
        action = wizard.action_merge()
        self.env.invalidate_all()
        return action

    def said(self, ticket):
        """Return the words of a ticket, the earliest first."""
        return [
            message.preview
            for message in ticket.message_ids.sorted("id")
            if message.message_type in ("comment", "email")
        ]
