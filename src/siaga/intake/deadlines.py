"""What intake does when a time has come."""

from datetime import datetime

from siaga.intake import services
from siaga.intake.services.rows import WAITING_ALARM
from siaga.journal.deadlines import Due


def alarm_waiting(due: Due, now: datetime) -> None:
    """A contact has waited too long."""
    services.waited_too_long(due.subject_id, region_id=due.region_id, now=now)


DEADLINES = {WAITING_ALARM: alarm_waiting}
