from . import test_partner_fields
from . import test_purchase_sale
from . import test_purchase_invoice
from . import test_purchase_pos
from . import test_merge
from . import test_run
from . import test_rfm_compute
from . import test_score_random
