from . import test_partner_fields
