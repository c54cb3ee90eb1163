from . import report_customer_page
