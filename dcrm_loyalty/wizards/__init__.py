from . import base_partner_merge
from . import base_partner_merge_points
from . import dcrm_membership_join
from . import dcrm_points_close
from . import loyalty_card_update_balance
from . import loyalty_generate_wizard
