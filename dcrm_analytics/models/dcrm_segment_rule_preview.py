from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..queries import segment_rule as queries

# The values of a rule that matter to who moves; a preview reads no others.
ASKED = ("sequence", "active", "segment_id", "company_id", "domain")


class DcrmSegmentRule(models.Model):
    """Who would move if a rule were saved as it stands in the form.

    A preview asks exactly as the next refresh will, and writes nothing that stays.
    """

    _inherit = "dcrm.segment.rule"

    @api.model
    def preview(self, values, rule_id=None):
        """Return who would move at the next refresh if a rule had these values.

        :param dict values: of ``sequence, active, segment_id, company_id, domain``, as
            a form would save them
        :param rule_id: the rule that has them; none: a new one
        :return: dict ``error`` (why the conditions cannot be asked, else None),
            ``held`` (customers whom the rule would have), ``customers`` (who would
            move), ``company_id`` and ``moves``: dicts ``from, to`` (each a dict
            ``id, name, color``; id False: no segment) and ``customers``, most first
        :raises AccessError: for who may not edit rules, or not work in that company
        :raises UserError: for what is no rule
        """
        rule_id = self.env["dcrm.customer.score"]._id_asked(rule_id)
        try:
            company = self._prepare_preview(values, rule_id)
        except UserError as error:
            if isinstance(error, AccessError):
                raise
            return {"error": str(error), "held": 0, "customers": 0, "moves": []}
        moves = self.env.execute_query(queries.moves(company.id))
        [[held]] = self.env.execute_query(queries.held(rule_id or 0))
        return {
            "error": None,
            "company_id": company.id,
            "held": held,
            "customers": sum(count for _before, _after, count in moves),
            "moves": self.env["dcrm.segment"]._describe_flows(moves),
        }

    @api.model
    def preview_customers(self, values, rule_id, before_id, after_id):
        """Return the ids of the customers of one of the moves of :meth:`preview`."""
        asked = self.env["dcrm.customer.score"]._id_asked
        rule_id, before_id, after_id = map(asked, (rule_id, before_id, after_id))
        company = self._prepare_preview(values, rule_id)
        rows = self.env.execute_query(queries.movers(company.id, before_id, after_id))
        return [partner_id for [partner_id] in rows]

    @api.model
    def _prepare_preview(self, values, rule_id):
        """Match all customers of the company in question; return it."""
        self.browse(rule_id or ()).check_access("write" if rule_id else "create")
        values = self._values_asked(values)
        rule = self.new(values, origin=self.browse(rule_id) if rule_id else None)
        company = rule.company_id or self.env.company
        if company - self.env.companies:
            raise AccessError(
                self.env._("Rules of a company that you are not working in.")
            )
        self._check_conditions(rule.domain, company)
        self._match(company, self._clauses_with(rule, company, rule_id))
        return company

    @api.model
    def _values_asked(self, values):
        """Return what of the values matters, with an id, or False, for each record.

        :raises UserError: for what are no values of a rule
        """
        if not isinstance(values, dict) or not isinstance(
            values.get("sequence", 0), int
        ):
            raise UserError(self.env._("These are no values of a rule: %s", values))
        values = {name: values[name] for name in ASKED if name in values}
        for name in values.keys() & {"segment_id", "company_id"}:
            asked = self.env["dcrm.customer.score"]._id_asked(values[name])
            found = self.env[self._fields[name].comodel_name].browse(asked).exists()
            values[name] = found.id
        return values

    @api.model
    def _clauses_with(self, rule, company, rule_id):
        """Return what the company's rules are with the rule as it is in the form."""
        others = self._of_company(company).filtered(lambda each: each.id != rule_id)
        # A new rule comes after those of its sequence.
        place = (rule.sequence, rule_id or float("inf"))
        before = others.filtered(lambda each: (each.sequence, each.id) < place)
        clauses = before._clauses()
        if rule.active and rule.segment_id:
            clause = rule._clauses()[0]
            saved = self.browse(rule_id or ())
            same = saved and (saved.domain, saved.company_id) == (
                rule.domain,
                rule.company_id,
            )
            clauses.append(
                clause._replace(
                    rule_id=rule_id or 0,
                    segment_id=rule.segment_id._origin.id,
                    author_id=saved.author_id.id if same else self.env.uid,
                )
            )
        return clauses + (others - before)._clauses()
