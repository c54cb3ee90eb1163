from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.dcrm_analytics.models.res_partner_segment import (
    search_what_may_be_read,
)

from .dcrm_membership import ENDED

SELLER = "dcrm_analytics.group_dcrm_seller"

# Only we can put this into a context: partners are merged, memberships stay.
MERGING = object()


class ResPartner(models.Model):
    """Customers are members of clubs, and contacts are what their company is."""

    _inherit = "res.partner"

    membership_ids = fields.One2many(
        "dcrm.membership",
        "partner_id",
        "Club Memberships",
        search=search_what_may_be_read("membership_ids"),
        groups=SELLER,
    )
    club_membership_id = fields.Many2one(
        "dcrm.membership",
        compute="_compute_club_membership",
        compute_sudo=False,
        groups=SELLER,
        help="The membership that counts most in the current company, not ended",
    )
    club_id = fields.Many2one(
        "dcrm.club",
        compute="_compute_club_membership",
        compute_sudo=False,
        groups=SELLER,
    )
    club_tier_id = fields.Many2one(
        "dcrm.club.tier",
        compute="_compute_club_membership",
        compute_sudo=False,
        groups=SELLER,
    )
    club_applied = fields.Boolean(
        "Applied to the Club",
        compute="_compute_club_membership",
        compute_sudo=False,
        groups=SELLER,
    )

    @api.depends(
        "commercial_partner_id", "membership_ids.state", "membership_ids.tier_id"
    )
    @api.depends_context("company", "uid")
    def _compute_club_membership(self):
        found = self.env["dcrm.membership"].search(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.id),
                ("state", "not in", ENDED),
            ],
            order="state, club_id",  # active goes before applied
        )
        first = {}
        for membership in found:
            first.setdefault(membership.partner_id.id, membership)
        for partner in self:
            customer = partner.commercial_partner_id._origin
            membership = first.get(customer.id, found.browse())
            partner.club_membership_id = membership
            partner.club_id = membership.club_id
            partner.club_tier_id = membership.tier_id
            partner.club_applied = membership.state == "applied"

    def action_join_club(self):
        """Return the dialog that lets these customers join a club."""
        customers = self.commercial_partner_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Join a Club"),
            "res_model": "dcrm.membership.join",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_ids": customers.ids},
        }

    def action_open_memberships(self):
        """Return the action that shows the memberships of these customers."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dcrm_loyalty.dcrm_membership_action"
        )
        return {
            **action,
            "domain": [("partner_id", "in", self.commercial_partner_id.ids)],
            "context": {},
        }

    # -- who belongs to whom ---------------------------------------------------------

    def write(self, vals):
        if vals.keys().isdisjoint({"parent_id", "is_company"}):
            return super().write(vals)
        moving = self.sudo()._moving(vals)
        moving._end_memberships()
        had = moving._leave_member_pricelists()
        result = super().write(vals)
        for (company, pricelist), partners in had.items():
            alone = partners.filtered(lambda each: each.commercial_partner_id == each)
            alone.with_company(company)._put_pricelist(pricelist)
        return result

    def _moving(self, vals):
        """Return those of these partners that come to belong to another customer."""

        def customer_to_be(partner):
            parent = self.browse(vals.get("parent_id", partner.parent_id.id))
            alone = vals.get("is_company", partner.is_company) or not parent
            return partner if alone else parent.commercial_partner_id

        return self.filtered(
            lambda each: customer_to_be(each) != each.commercial_partner_id
        )

    def _end_memberships(self):
        """Let members leave who are no customers of their own from now on."""
        if self.env.context.get("dcrm_merging") is MERGING:
            return
        open_ones = self.membership_ids.filtered(lambda each: each.state not in ENDED)
        open_ones.action_leave()
        for membership in open_ones:
            membership.message_post(
                body=self.env._(
                    "%s became a contact of another customer, who may join instead.",
                    membership.partner_id.display_name,
                )
            )

    def _leave_member_pricelists(self):
        """Take from contacts of members the price list that they have by the tier.

        From those below them, too. Else the host would hand it on to the company that
        they move to.

        :return: ``{(company, price list that the member had before): contacts}``
        """
        rows = (
            self.env["dcrm.member.pricelist"]
            .sudo()
            .search([("partner_id", "in", self.commercial_partner_id.ids)])
        )
        had = {}
        if not rows:
            return had
        family = self.with_context(active_test=False)
        family = family.search([("id", "child_of", self.ids)])
        for row in rows:
            contacts = family.with_company(row.company_id).filtered(
                lambda each, row=row: (
                    each.commercial_partner_id == row.partner_id != each
                    and each.specific_property_product_pricelist == row.pricelist_id
                )
            )
            if contacts:
                had[row.company_id, row.previous_pricelist_id] = contacts
                contacts.specific_property_product_pricelist = False
        return had

    def _put_pricelist(self, pricelist):
        """Write the price list of customers and of all their contacts, archived too."""
        family = self.with_context(active_test=False).search(
            [("commercial_partner_id", "in", self.ids)]
        )
        family.specific_property_product_pricelist = pricelist

    @api.ondelete(at_uninstall=False)
    def _unlink_except_members(self):
        """What a customer was and got as a member is kept as long as the customer."""
        memberships = self.env["dcrm.membership"].sudo()
        kept = memberships._read_group([("partner_id", "in", self.ids)], ["partner_id"])
        if kept:
            raise UserError(
                self.env._(
                    "Customers who are or were members of a club can be archived, not "
                    "deleted: %s.",
                    ", ".join(partner.display_name for [partner] in kept),
                )
            )

    def _receive_memberships(self, chosen):
        """Have the customer of a merged contact be the member, and get what is due.

        :param chosen: ``{company: ids of the price lists that somebody chose by hand}``
        """
        customer = self.commercial_partner_id
        memberships = self.env["dcrm.membership"]
        (self | customer).invalidate_recordset(["membership_ids"])
        if customer != self:
            (self | customer).membership_ids._unite(customer)
        companies = memberships.search([("partner_id", "=", customer.id)]).company_id
        for company in companies | memberships.company_id.union(*chosen):
            by_hand = chosen.get(company, ())
            memberships._settle_customers(company, self | customer, by_hand)
            here = customer.with_company(company)
            now = here.specific_property_product_pricelist
            here._put_pricelist(now)
