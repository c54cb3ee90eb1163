from . import test_sla_clock
from . import test_sla
from . import test_ticket
from . import test_ticket_audit
from . import test_ticket_email
from . import test_ticket_concurrency
