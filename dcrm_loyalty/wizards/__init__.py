from . import base_partner_merge
from . import dcrm_membership_join
