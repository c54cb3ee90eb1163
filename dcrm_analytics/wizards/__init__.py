from . import base_partner_merge
from . import base_partner_merge_profit
from . import base_partner_merge_worth
from . import dcrm_history_import
from . import dcrm_import_column_mixin
from . import dcrm_history_import_column
