from . import test_bundle
from . import test_bundle_invoice
from . import test_bundle_loyalty
from . import test_bundle_order
from . import test_bundle_random
from . import test_membership_price
