from odoo import fields, models
from odoo.exceptions import UserError

from ..queries import request as queries

LONGEST_KEY = 200


class DcrmRequestMixin(models.AbstractModel):
    """A request of other software that came with a key: what was asked and answered.

    It is done once, however often it is sent: whoever is to do it claims its key. The
    model has the constraint ``UNIQUE(company_id, key)``.
    """

    _name = "dcrm.request.mixin"
    _description = "Request That Is Done Once"
    _order = "id desc"
    _rec_name = "key"

    key = fields.Char(
        required=True, readonly=True, help="By which the sender knows the request"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    asked = fields.Json(readonly=True, help="What was asked")
    answer = fields.Json(readonly=True, help="What was answered, each time")

    def _claim(self, company, key, asked):
        """Return the request of a key, and whether it is new: then it is to be done.

        :raises UserError: it is no key, or something else was asked with it before
        """
        if not (
            isinstance(key, str)
            and "\0" not in key
            and 0 < len(key.strip()) <= LONGEST_KEY
        ):
            raise UserError(
                self.env._("A request has a key of 1 to %s characters.", LONGEST_KEY)
            )
        self.env.flush_all()
        claim = queries.claim(self._table, company.id, key, self.env.uid)
        if claimed := self.env.execute_query(claim):
            return self.browse(claimed[0]), True
        request = self.search([("company_id", "=", company.id), ("key", "=", key)])
        if request.asked != asked:
            raise UserError(
                self.env._(
                    "Key %s is that of another request, which was done already.", key
                )
            )
        return request, False
