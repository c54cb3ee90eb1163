from odoo import api, models

from ..queries import segment_action
from ..queries import segment_stay as queries


class DcrmSegmentStay(models.Model):
    """Customers who move: the stays that end and begin, and what is due for them."""

    _inherit = "dcrm.segment.stay"

    @api.model
    def _move(self, company, day):
        """Close and open the stays of the customers who have just moved.

        What their segments do then is noted as due in the same transaction.

        :return: how many entered a segment
        """
        leave, enter = queries.leave(company.id, day), queries.enter(company.id, day)
        if not self.env["dcrm.segment.action"]._is_any(company):
            self.env.cr.execute(leave)
            self.env.cr.execute(enter)
            return self.env.cr.rowcount
        written = (("exit", leave, "y"), ("entry", enter, self._table))
        for event, statement, alias in written:
            rows = self.env.execute_query(segment_action.returning(statement, alias))
            stay_ids = [stay_id for [stay_id] in rows]
            self.env.cr.execute(segment_action.note(stay_ids, event))
        return len(stay_ids)
