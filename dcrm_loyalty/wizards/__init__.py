from . import base_partner_merge
from . import base_partner_merge_points
from . import dcrm_membership_join
from . import dcrm_points_close
from . import dcrm_points_import
from . import dcrm_points_import_column
from . import loyalty_card_update_balance
from . import loyalty_generate_wizard
