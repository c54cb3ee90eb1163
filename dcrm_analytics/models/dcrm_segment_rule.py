import ast
import logging
from typing import NamedTuple

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..queries import segment_rule as queries

_logger = logging.getLogger(__name__)

# What says which segment a customer is in: a rule that asked for it would decide on
# what it asks for. The cell of the grid is no such thing.
DECIDED = ("dcrm.segment", "dcrm.segment.stay", "dcrm.segment.rule")
BY_THE_GRID = ("customer_grid_segment_id", "grid_segment_id")
SHADES = ("customer_segment_color", "segment_color")


class Clause(NamedTuple):
    """A rule as it is evaluated; of one that is not saved the id is 0."""

    rule_id: int
    segment_id: int
    domain: str
    author_id: int


class DcrmSegmentRule(models.Model):
    """Customers of a segment by whatever they are, before the grid is asked.

    A customer belongs to the segment of the first rule, in their order, whose
    conditions it fulfils; only where there is none, to that of its cell in the grid.
    Rules are evaluated for all customers at each refresh, once scores are known.
    """

    _name = "dcrm.segment.rule"
    _description = "Segment Rule"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=100, help="The first rule that a customer fulfils wins"
    )
    active = fields.Boolean(default=True)
    segment_id = fields.Many2one(
        "dcrm.segment",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    segment_color = fields.Integer(related="segment_id.color", string="Segment Color")
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        ondelete="cascade",
        help="Empty: for the customers of all companies",
    )
    domain = fields.Char(
        "Conditions",
        default="[]",
        required=True,
        help="What is asked of the customer",
    )
    author_id = fields.Many2one(
        "res.users",
        "Asked for By",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="Who set the conditions: they are asked for with this user's rights, so "
        "that nobody learns by a rule what they may not read",
    )
    error = fields.Text(
        readonly=True,
        copy=False,
        help="Why the last refresh could not ask for the conditions: meanwhile the "
        "rule keeps the customers that it has",
    )
    customer_count = fields.Integer(compute="_compute_customer_count")

    @api.depends_context("company", "uid")
    def _compute_customer_count(self):
        counts = dict(
            self.env["dcrm.customer.score"]._read_group(
                [
                    ("segment_rule_id", "in", self.ids),
                    ("company_id", "=", self.env.company.id),
                ],
                ["segment_rule_id"],
                ["__count"],
            )
        )
        for rule in self:
            rule.customer_count = counts.get(rule, 0)

    @api.model_create_multi
    def create(self, vals_list):
        author = {"author_id": self.env.uid}
        rules = super().create([{**vals, **author} for vals in vals_list])
        rules._await()
        return rules

    def write(self, vals):
        vals = {name: value for name, value in vals.items() if name != "author_id"}
        if not vals.keys().isdisjoint({"domain", "company_id"}):
            vals["author_id"] = self.env.uid
        if vals.keys().isdisjoint({"domain", "segment_id", "company_id", "active"}):
            return super().write(vals)
        self._await()
        result = super().write({**vals, "error": False})
        self._await()
        return result

    def unlink(self):
        self._await()
        return super().unlink()

    def action_open_customers(self):
        """Return the action that shows the customers that are here by these rules."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dcrm_analytics.dcrm_customer_score_action"
        )
        return {
            **action,
            "name": ", ".join(self.mapped("name")),
            "domain": [
                ("segment_rule_id", "in", self.ids),
                ("company_id", "=", self.env.company.id),
            ],
        }

    # -- conditions --------------------------------------------------------------------

    @api.constrains("domain", "company_id")
    def _check_domain(self):
        for rule in self:
            company = rule.company_id or self.env.company
            self._check_conditions(rule.domain, company)
            # A form that is left half-filled saves itself.
            if self._parse(rule.domain).is_true():
                raise ValidationError(
                    self.env._(
                        "Say which customers: without conditions it is all of them."
                    )
                )

    @api.model
    def _check_conditions(self, text, company):
        """Raise unless the conditions can be asked for, and by this user.

        :raises ValidationError: with what is wrong, in words
        :raises AccessError: for fields that the user may not read
        """
        domain = self._parse(text)
        self._refuse_decided(self.env["res.partner"], domain)
        # The host checks what is saved with all rights; here the author's count.
        own = self.env["res.partner"].sudo(False).with_company(company)
        try:
            own._search(domain)
            with self.env.cr.savepoint():
                query = self._customers(text, company, self.env.user)
                query.limit = 1
                self.env.execute_query(query.select())
        except (AccessError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
            raise
        except Exception as error:
            raise ValidationError(
                self.env._("Customers cannot be searched that way: %s", error)
            ) from error

    @api.model
    def _parse(self, text):
        """Return the domain that a text says.

        :raises ValidationError: if it says none
        """
        try:
            return Domain(ast.literal_eval(text or "[]"))
        except (ValueError, SyntaxError, TypeError, MemoryError) as error:
            raise ValidationError(
                self.env._(
                    "These are no conditions on customers, which compare fields with "
                    "plain values: %s",
                    text,
                )
            ) from error

    @api.model
    def _refuse_decided(self, records, domain):
        """Raise ValidationError if a domain asks for what the rules decide."""
        for condition in domain.iter_conditions():
            asked = records
            for name in condition.field_expr.split("."):
                field = asked._fields.get(name)
                if field is None or name in BY_THE_GRID:
                    break
                if name in SHADES or field.comodel_name in DECIDED:
                    raise ValidationError(
                        self.env._(
                            "A rule cannot ask for %s: it decides on it. Ask for the "
                            "segment by the grid instead.",
                            field._description_string(self.env),
                        )
                    )
                asked = self.env.get(field.comodel_name, asked)
            if condition.operator in ("any", "not any") and not isinstance(
                condition.value, str
            ):
                self._refuse_decided(asked, Domain(condition.value))

    @api.model
    def _customers(self, text, company, author):
        """Return the query of the partners that fulfil conditions in a company.

        Asked with the author's rights, at home in that company and nowhere else, so
        that neither rights nor languages nor companies of whoever refreshes matter.
        For a company that the author does not work in, and so learns nothing of, the
        superuser asks.

        :raises UserError: where nobody is left with whose rights to ask
        """
        if not author:
            raise UserError(
                self.env._("Who set these conditions is gone: set them anew.")
            )
        context = {
            "allowed_company_ids": company.ids,
            "active_test": False,
            "lang": company.sudo().partner_id.lang,
            "tz": company._customer_zone().zone,
        }
        works = company in author.sudo().company_ids
        uid = author.id if works else SUPERUSER_ID
        env = self.env(user=uid, su=uid == SUPERUSER_ID, context=context)
        return env["res.partner"]._search(self._parse(text))

    # -- what a refresh asks -----------------------------------------------------------

    def _await(self):
        """Have the next refresh apply the rules anew, also when the last one goes."""
        cuts = self.env["dcrm.rfm.cut"].sudo()
        concerned = Domain.TRUE
        if all(rule.company_id for rule in self):
            concerned = Domain("company_id", "in", self.company_id.ids)
        cuts.search(concerned & Domain("current", "=", True)).segments_due = True

    @api.model
    def _is_due(self, company):
        """Whether rules decide on the segments of a company, or did until just now."""
        [[due]] = self.env.execute_query(queries.is_due(company.id))
        return due

    @api.model
    def _of_company(self, company):
        """Return the rules for customers of a company, in their order."""
        return self.sudo().search([("company_id", "in", [False, company.id])])

    def _clauses(self):
        return [
            Clause(rule.id, rule.segment_id.id, rule.domain, rule.author_id.id)
            for rule in self
        ]

    @api.model
    def _match(self, company, clauses):
        """Note for each customer the first of the clauses that it fulfils.

        A clause that cannot be asked keeps the customers that it has; the others are
        asked all the same.

        :return: dict of the clauses' rule ids to what was wrong with them
        """
        self.env.flush_all()
        execute = self.env.cr.execute
        execute(queries.begin())
        errors = {}
        users = self.env["res.users"]
        for rule_id, segment_id, text, author_id in clauses:
            try:
                with self.env.cr.savepoint():
                    author = users.browse(author_id)
                    customers = self._customers(text, company, author).subselect()
                    execute(queries.match(company.id, rule_id, segment_id, customers))
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except Exception as error:
                _logger.warning("Segment rule %s cannot be asked: %s", rule_id, error)
                errors[rule_id] = self._in_words(error)
                execute(queries.hold(company.id, rule_id, segment_id))
        execute(queries.gather_statistics())
        return errors

    @api.model
    def _in_words(self, error):
        if isinstance(error, UserError):
            return str(error)
        return f"{type(error).__name__}: {str(error).strip()}"

    def _note_errors(self, errors):
        """Keep with each rule what was wrong with it, if anything."""
        for rule in self:
            error = errors.get(rule.id, False)
            if (rule.error or False) != error:
                rule.write({"error": error})
