"""The only writes of telephony."""

from siaga.telephony.services import commands, live, seats
from siaga.telephony.services.calllog import fold_again, follow

__all__ = ["commands", "fold_again", "follow", "live", "seats"]
