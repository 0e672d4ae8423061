"""The only writes of telephony."""

from siaga.telephony.services import commands, live, seats, unrecorded
from siaga.telephony.services.calllog import follow
from siaga.telephony.services.unrecorded import fold_again

__all__ = ["commands", "fold_again", "follow", "live", "seats", "unrecorded"]
