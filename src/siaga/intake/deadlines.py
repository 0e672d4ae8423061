"""What intake does when a time has come."""

from datetime import datetime

from siaga.intake import services
from siaga.intake.services.rows import SILENT_HOLD, WAITING_ALARM
from siaga.journal.deadlines import Due


def alarm_waiting(due: Due, now: datetime) -> None:
    """A contact has waited too long."""
    services.waited_too_long(due.subject_id, region_id=due.region_id, now=now)


def return_silent(due: Due, now: datetime) -> None:
    """Somebody's screen has been silent for long while they held a contact."""
    services.return_from_silence(due.subject_id, region_id=due.region_id, now=now)


DEADLINES = {WAITING_ALARM: alarm_waiting, SILENT_HOLD: return_silent}
