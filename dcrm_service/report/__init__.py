from . import dcrm_sla_report
