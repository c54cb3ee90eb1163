from odoo import models

from ..models.res_partner import MERGING


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Unite the memberships of partners before the host moves what is theirs.

        On a conflict of two memberships of a club the host would delete that of every
        merged partner. The price lists of tiers are given back before, so that the
        host merges what the customers have without a club, and given anew after.
        """
        merging = self.with_context(dcrm_merging=MERGING)
        partners = merging.env["res.partner"].browse(partner_ids).exists()
        if len(partners) < 2:
            return super()._merge(partner_ids, dst_partner, extra_checks)
        kept = (dst_partner or partners) & partners
        if len(kept) != 1:
            kept = self._get_ordered_partner(partners.ids)[-1]
        kept = partners.browse(kept.id)
        chosen = self._prepare_members(partners.sudo(), kept.sudo())
        result = super(BasePartnerMergeAutomaticWizard, merging)._merge(
            partner_ids, dst_partner and dst_partner.with_env(merging.env), extra_checks
        )
        kept.sudo()._receive_memberships(chosen)
        return result

    def _prepare_members(self, partners, kept):
        """Give back price lists, and unite memberships at the partner that is kept.

        :return: ``{company: ids of the price lists that somebody chose by hand}``
        """
        rows = self.env["dcrm.member.pricelist"].sudo()
        rows = rows.search([("partner_id", "in", partners.ids)])
        chosen = {
            company: (
                of_company.filtered(lambda row: row.partner_id == kept) or of_company
            )._chosen()
            for company, of_company in rows.grouped("company_id").items()
        }
        rows._release()
        partners._leave_member_pricelists()
        partners.membership_ids._unite(kept)
        return chosen
