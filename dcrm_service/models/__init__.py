from . import channels
from . import dcrm_ticket_kind
from . import dcrm_ticket_stage
from . import dcrm_ticket_team
from . import dcrm_ticket
