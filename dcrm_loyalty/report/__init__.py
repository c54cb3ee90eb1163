from . import report_points_statement
