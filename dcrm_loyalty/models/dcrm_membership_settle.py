from odoo import api, models
from odoo.fields import Domain

# How many memberships lapse in a transaction.
BATCH = 500

# The states of a membership from the least to the best.
RANKS = ("left", "lapsed", "applied", "active")


class DcrmMembership(models.Model):
    """What follows from memberships: price lists and service levels, lapsing, uniting.

    Everything that changes what members have calls ``_settle``, and nothing else does
    what it does.
    """

    _inherit = "dcrm.membership"

    def _settle(self):
        """Give the customers of these memberships what their tiers give, no more."""
        for company, memberships in self.sudo().grouped("company_id").items():
            overdue = memberships._overdue(company._customer_scoring_today())
            # Which settles them.
            overdue.write({"state": "lapsed"})
            self._settle_customers(company, (memberships - overdue).partner_id)

    def _overdue(self, today):
        """Return those of these memberships that are active and over."""
        return self.filtered(
            lambda each: (
                each.state == "active" and each.date_end and each.date_end < today
            )
        )

    @api.model
    def _settle_customers(self, company, customers, by_hand=()):
        """Give customers the price list and service level of their tiers in a company.

        :param by_hand: ids of price lists that stay, see ``dcrm.member.pricelist``
        """
        standing = self.sudo()._standing(company, customers)
        self.env["dcrm.member.pricelist"].sudo()._set(
            company,
            {
                customer: memberships.tier_id.pricelist_id[:1]
                for customer, memberships in standing.items()
            },
            by_hand,
        )
        self.env["dcrm.service.level.override"].sudo()._set_of_tiers(
            company,
            {
                customer: memberships.tier_id
                for customer, memberships in standing.items()
            },
        )

    @api.model
    def _standing(self, company, customers):
        """Return {customer: active memberships in a company, the first club first}."""
        found = self.search(
            [
                ("partner_id", "in", customers.ids),
                ("company_id", "=", company.id),
                ("state", "=", "active"),
            ],
            order="club_id, id",
        )
        of_customer = found.grouped("partner_id")
        return {
            customer: of_customer.get(customer, found[:0]) for customer in customers
        }

    def unlink(self):
        customers = [
            (company, memberships.partner_id)
            for company, memberships in self.sudo().grouped("company_id").items()
        ]
        result = super().unlink()
        for company, partners in customers:
            self._settle_customers(company, partners)
        return result

    # -- lapsing ---------------------------------------------------------------------

    @api.model
    def _lapse_due(self):
        """Lapse the memberships whose last day is over, in batches that commit.

        Those that somebody is writing at the moment wait for the next time.
        """
        cron = self.env["ir.cron"]
        domain = self._domain_overdue()
        cron._commit_progress(remaining=self.search_count(domain))
        last = 0
        while batch := self.search(
            domain & Domain("id", ">", last), order="id", limit=BATCH
        ):
            last = batch[-1].id
            batch.try_lock_for_update().write({"state": "lapsed"})
            if not cron._commit_progress(len(batch)):
                return

    @api.model
    def _domain_overdue(self):
        """Return the domain of active memberships whose last day is over there."""
        active = Domain("state", "=", "active") & Domain("date_end", "!=", False)
        companies = self._read_group(active, ["company_id"])
        return active & Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("date_end", "<", company._customer_scoring_today())
            for [company] in companies
        )

    # -- uniting those of customers that turn out to be one --------------------------

    def _unite(self, customer):
        """Leave one membership a club, that of a customer, with the best of all terms.

        The best state survives with, among the memberships in that state, the highest
        tier, the earliest first day and the latest last one. What hangs on the others
        (messages, followers, attachments, activities) moves to the one that stays.
        """
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        for memberships in self.sudo().grouped("club_id").values():
            terms = memberships._best_terms()
            own = memberships.filtered(lambda each: each.partner_id == customer)
            kept = own or memberships.sorted("id")[:1]
            if others := memberships - kept:
                wizard._update_foreign_keys_generic(self._name, others, kept)
                wizard._update_reference_fields_generic(self._name, others, kept)
                names = ", ".join(others.partner_id.mapped("display_name"))
                others.unlink()
                kept.message_post(
                    body=self.env._("United with the membership of %s.", names)
                )
            kept._put({**terms, "partner_id": customer.id})

    def _put(self, vals):
        """Write as it is: what goes with it is the caller's business."""
        return models.Model.write(self, vals)

    def _best_terms(self):
        state = max(self.mapped("state"), key=RANKS.index)
        peers = self.filtered(lambda each: each.state == state)
        starts, ends = peers.mapped("date_start"), peers.mapped("date_end")
        tiers = peers.tier_id.sorted(lambda tier: (tier.sequence, tier.id))
        return {
            "state": state,
            "tier_id": tiers[-1:].id,
            "date_start": min(filter(None, starts), default=False),
            "date_end": all(ends) and max(ends),
        }
