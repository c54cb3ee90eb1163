from . import dcrm_history_import
