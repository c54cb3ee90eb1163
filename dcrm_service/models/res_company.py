from odoo import api, models

from ..queries import ticket as queries

SEQUENCE = "dcrm.ticket"


class ResCompany(models.Model):
    """Each company numbers its tickets by itself."""

    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies._make_ticket_sequences()
        return companies

    @api.model
    def _make_all_ticket_sequences(self):
        """Give the companies that are there on installation their numbers."""
        # All of them, and they are few.
        self.sudo().search([])._make_ticket_sequences()  # pylint: disable=no-search-all

    def _make_ticket_sequences(self):
        sequences = self.env["ir.sequence"].sudo()
        have = sequences.search(
            [("code", "=", SEQUENCE), ("company_id", "in", self.ids)]
        ).company_id
        return sequences.create(
            [
                {
                    "name": self.env._("Tickets of %s", company.name),
                    "code": SEQUENCE,
                    "company_id": company.id,
                    "prefix": "T",
                    "padding": 5,
                }
                for company in self - have
            ]
        )

    def _next_ticket_numbers(self, count):
        """Return a list of the company's next numbers, gaps allowed, none twice."""
        self.ensure_one()
        if not count:
            return []
        sequence = self.env["ir.sequence"].sudo()
        sequence = sequence.search(
            [("code", "=", SEQUENCE), ("company_id", "=", self.id)], limit=1
        )
        sequence = sequence or self._make_ticket_sequences()
        if sequence.implementation != "standard" or sequence.use_date_range:
            return [sequence.next_by_id() for _number in range(count)]
        values = queries.next_values(f"ir_sequence_{sequence.id:03d}", count)
        rows = self.env.execute_query(values)
        return [sequence.get_next_char(value) for [value] in rows]
