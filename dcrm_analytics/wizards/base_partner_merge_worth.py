from odoo import api, models

from ..queries import spell


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merged customers have one history; the refresh afterwards corrects it."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Leave one spell of a day: the host would lose all of the merged."""
        self.env.flush_all()
        for kind in (spell.DANGERS, spell.STATES):
            self.env.cr.execute(spell.merge(kind, src_partners.ids, dst_partner.id))
        self.env.invalidate_all()
        return super()._update_foreign_keys(src_partners, dst_partner)
