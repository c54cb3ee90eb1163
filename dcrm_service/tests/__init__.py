from . import test_sla_clock
from . import test_sla
