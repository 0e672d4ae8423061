"""What intake does when a time has come."""

from datetime import datetime

from siaga.intake import services
from siaga.intake.services import nuisance
from siaga.intake.services.rows import SILENT_HOLD, WAITING_ALARM
from siaga.journal.deadlines import Due
from siaga.journal.types import Actor


def alarm_waiting(due: Due, now: datetime) -> None:
    """A contact has waited too long."""
    services.waited_too_long(due.subject_id, region_id=due.region_id, now=now)


def return_silent(due: Due, now: datetime) -> None:
    """Somebody's screen has been silent for long while they held a contact."""
    services.return_from_silence(due.subject_id, region_id=due.region_id, now=now)


def weigh_again(due: Due, now: datetime) -> None:
    """What a number's calls weighed has faded to the next step."""
    nuisance.weigh(
        str(due.data["phone"]), region_id=due.region_id, by=Actor.system("clock"), now=now
    )


DEADLINES = {
    WAITING_ALARM: alarm_waiting,
    SILENT_HOLD: return_silent,
    nuisance.FADES: weigh_again,
}
