from . import test_membership_price
