from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Give the interactions of the merged contacts to the customer they are now.

        A message may have made an interaction with each of them: these become one
        before the host's pass, which would delete all of a source where two collide.
        """
        partners = self.env["res.partner"].browse(partner_ids).exists()
        if len(partners) > 1:
            into = dst_partner if dst_partner and dst_partner in partners else None
            into = into or self._get_ordered_partner(partners.ids)[-1]
            self.env["dcrm.interaction"]._merge_partners(partners - into, into)
        return super()._merge(partner_ids, dst_partner, extra_checks)
