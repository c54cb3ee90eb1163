from . import dcrm_points_closing
from . import report_points_statement
