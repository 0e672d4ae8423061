"""The only writes of followup."""

from siaga.followup.services.closing import close, object_to, reopen
from siaga.followup.services.complaints import complaint_due, mark_verified, start_clock
from siaga.followup.services.hours import tell_closed
from siaga.followup.services.telling import tell, tell_all

__all__ = [
    "close",
    "complaint_due",
    "mark_verified",
    "object_to",
    "reopen",
    "start_clock",
    "tell",
    "tell_all",
    "tell_closed",
]
